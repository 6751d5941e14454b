"""The level "fuse" by rules: neighbouring steps become one statement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce
from itertools import groupby

from cotpress.rules.choosing import lighten, remaining
from cotpress.rules.edits import open_end, shortenings, small, wording
from cotpress.rules.material import Material, Worth

PER = 2  # steps in one statement
_SO = re.compile(r"(?:and\s+)?(?:so|therefore|thus|hence|consequently|as a result)\b,?\s*", re.IGNORECASE)
_WIDE = ("。", "！", "？", "；")  # ends of sentences in Chinese and Japanese
_CLOSES = re.compile(r"[\w)\]}.!?;:,%'\"’”*。！？；：，]\s*$")
_BLOCK = re.compile(r"\s*(?:\\\[|\$\$|```|\\begin|[-*#>|]\s|\d+[.)]\s)")
_SEPARATOR = {"auto/paragraph": "\n\n", "auto/line": "\n", "auto/sentence": " "}


def fuse(material: Material) -> str:
    """Let go of talk, doubts, repetitions and second checks, and join the steps that are left two by two."""
    changes = {number: shortenings(material, one) for number, one in enumerate(material.sentences)}
    kept, units = remaining(material, changes, Worth.RECHECK, lambda _, one: one.worth < Worth.CLAIM)
    lighten(material, changes, kept, units)
    texts = wording(material, kept, changes)
    steps = groupby((number for number in kept if texts[number]), key=lambda number: material.sentences[number].step)
    said = [[texts[number] for number in numbers] for _, numbers in steps]
    statements = [_statement(material, said[at : at + PER]) for at in range(0, len(said), PER)]
    return _SEPARATOR[material.cut.mode].join(statements)


def _statement(material: Material, steps: Sequence[Sequence[str]]) -> str:
    """The sentences of several steps as one."""
    first, *others = (text for step in steps for text in step)
    return reduce(lambda before, text: _linked(material, before, text), others, first)


def _linked(material: Material, before: str, after: str) -> str:
    if _BLOCK.match(after) or not _CLOSES.search(before):
        in_lines = material.cut.mode == "auto/paragraph"
        return f"{before}\n{after}" if in_lines else f"{open_end(before)}; {after}"
    if before.endswith("?") and material.cut.mode != "auto/sentence":
        return f"{before} {after}"
    concludes = _SO.match(after)
    if concludes:
        return f"{open_end(before)}, so {small(after[concludes.end() :], material)}"
    mark = "；" if before.endswith(_WIDE) else "; "
    return f"{open_end(before)}{mark}{small(after, material)}"
