"""The level "fuse" by rules: neighbouring steps become one statement."""

from __future__ import annotations

import re
from itertools import groupby

from cotpress.rules.choosing import remaining
from cotpress.rules.edits import changed, open_end, shortenings, small
from cotpress.rules.material import Material, Worth

MOST = 3  # steps in one statement
_SO = re.compile(r"(?:and\s+)?(?:so|therefore|thus|hence|consequently|as a result)\b,?\s*", re.IGNORECASE)
_CLOSES = re.compile(r"[\w)\]}.!?;:,%'\"’”*]\s*$")
_BLOCK = re.compile(r"\s*(?:\\\[|\$\$|```|\\begin|[-*#>|]\s|\d+[.)]\s)")
_SEPARATOR = {"auto/paragraph": "\n\n", "auto/line": "\n", "auto/sentence": " "}


def fuse(material: Material) -> str:
    """Let go of talk, doubts, repetitions and second checks, and join two or three of the steps that are left."""
    changes = {number: shortenings(material, one) for number, one in enumerate(material.sentences)}
    kept, _ = remaining(material, changes, Worth.RECHECK, lambda *_: True)
    steps = [
        _step(
            material, [(number, changed(material, material.sentences[number], changes[number])) for number in numbers]
        )
        for _, numbers in groupby(kept, key=lambda number: material.sentences[number].step)
    ]
    worths = [max(one[1] for one in step) for step in steps if step]
    told = [[text for text, _ in step] for step in steps if step]
    statements = [_statement(material, [text for step in group for text in step]) for group in _groups(told, worths)]
    return _SEPARATOR[material.cut.mode].join(statements) or material.text.strip()


def _step(material: Material, texts: list[tuple[int, str]]) -> list[tuple[str, Worth]]:
    return [(text, material.sentences[number].worth) for number, text in texts if text]


def _groups(steps: list[list[str]], worths: list[Worth]) -> list[list[list[str]]]:
    """Steps by twos and threes: a group ends with a claim, and none stands alone where it has a neighbour."""
    groups: list[list[list[str]]] = [[]]
    for step, worth in zip(steps, worths, strict=True):
        group = groups[-1]
        group.append(step)
        if len(group) == MOST or (len(group) > 1 and worth >= Worth.UNUSED):
            groups.append([])
    if not groups[-1]:
        groups.pop()
    if len(groups) > 1 and len(groups[-1]) < 2:
        alone = groups.pop()
        groups[-1] += alone
    return groups


def _statement(material: Material, texts: list[str]) -> str:
    """Several sentences as one."""
    told = texts[0]
    for text in texts[1:]:
        told = _linked(material, told, text)
    return told


def _linked(material: Material, before: str, after: str) -> str:
    if _BLOCK.match(after) or not _CLOSES.search(before):
        in_lines = material.cut.mode == "auto/paragraph"
        return f"{before}\n{after}" if in_lines else f"{open_end(before)}; {after}"
    concludes = _SO.match(after)
    if concludes:
        return f"{open_end(before)}, so {small(after[concludes.end() :], material)}"
    return f"{open_end(before)}; {small(after, material)}"
