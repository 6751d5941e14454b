"""Cases of a proof: what belongs to "Case 2: b = 107", and what needs it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from cotpress.text.steps.suppositions import rejects

_CASE = re.compile(
    r"(?:[-*#•]+\s*)?(?:(?:so|now|then|next|and|first|second|finally|starting\s+with|let(?:['’]s|\s+me|\s+us)"
    r"|check|consider|try|take|look\s+at|in|for)\b,?\s+){0,3}case\s+(\d{1,2}|[ivx]{1,4}|[a-h])\b"
    r"(?![^:.]{0,60}\s(?:is|are|was|has|gives|works|fails)\b)",  # "So case 2 (b = 107) is invalid." begins none
    re.IGNORECASE,
)
_CASE_LABEL = re.compile(r"\bcase\s+(\d{1,2}|[ivx]{1,4}|[a-h])\b", re.IGNORECASE)
_CASES_END = re.compile(
    r"(?:\*\*|therefore|thus|hence|in\s+(?:all|both|either|any|summary|total)\b"
    r"|so,?\s+(?:in\s+(?:all|both)|the\s+only|overall|total)"
    r"|adding|combining|putting|across|overall)",
    re.IGNORECASE,
)
_THIS_CASE = re.compile(r"\bthis\s+(?:case|scenario|possibility)\b", re.IGNORECASE)
_MAX_DISTANCE: Final = 50  # steps from "this case" back to where it begins
_MAX_CASE_STEPS: Final = 16  # of a case, the step that names it aside


def find_case_pairs(steps: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of steps (step, needed) of cases that are told apart as such.

    What follows "Case 2: b = 107", up to the next case or to what is said of them all, needs that step; that step needs
    the next one, and what rejects the case; "only case 2 is left" needs it, too.

    Args:
        steps: the texts of the steps, without white space around them.

    >>> find_case_pairs(["Case 1: n is even.", "Then 2 divides it.", "Case 2: n is odd.", "Hence case 1 is left."])
    [(1, 0), (0, 1), (3, 0)]
    """
    heads = _list_heads(steps)
    if len(heads) < 2:
        return []
    pairs: list[tuple[int, int]] = []
    for head, following in pairwise([*heads, len(steps)]):
        inner = head + 1
        while inner < min(following, head + 1 + _MAX_CASE_STEPS) and not _CASES_END.match(steps[inner]):
            pairs.append((inner, head))
            inner += 1
        if inner > head + 1:
            pairs.append((head, head + 1))
        pairs += [(head, place) for place in range(inner - 1, head, -1) if rejects(steps[place])][:1]
    return pairs + _find_mentions(steps, heads)


def find_case_span(steps: Sequence[str]) -> tuple[int, int]:
    """The steps that begin the first case and the last one that was not looked into before; (0, 0) for no two cases.
    Cases that are only listed, one right after another, are not looked into.

    >>> find_case_span(["Case 1: n = 2.", "Case 2: n = 3.", "Take case 2: n = 3.", "It fails.", "Case 1: 2 holds."])
    (2, 4)
    """
    first, last, seen = -1, -1, set[str]()
    heads = _list_heads([step.lstrip() for step in steps])
    for head, following in pairwise([*heads, len(steps) + 1]):
        match = _CASE_LABEL.search(steps[head])
        if match and following > head + 1 and match[1].lower() not in seen:
            seen.add(match[1].lower())
            first, last = head if first < 0 else first, head
    return (first, last) if len(seen) > 1 else (0, 0)


def _list_heads(steps: Sequence[str]) -> list[int]:
    return [number for number, step in enumerate(steps) if "ase " in step and _CASE.match(step)]


def _find_mentions(steps: Sequence[str], heads: Sequence[int]) -> list[tuple[int, int]]:
    """ "So only case 2 is left" needs the step that begins that case, "so this case fails" that of the last one."""
    begun: dict[str, int] = {}
    pairs, last = [], -1
    for number, step in enumerate(steps):
        mention = _CASE_LABEL.search(step)
        if mention and number in heads:
            begun[mention[1].lower()] = last = number
        elif mention and mention[1].lower() in begun:
            pairs.append((number, begun[mention[1].lower()]))
        elif last >= 0 and number - last <= _MAX_DISTANCE and "this " in step and _THIS_CASE.search(step):
            pairs.append((number, last))
    return pairs
