"""Items of lists, and halves of pairs, that do not stand alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBERED_ITEM = re.compile(r"(?:[-*•]\s+|\*\*)?(?:\((\d{1,2})\)|(\d{1,2})[.):])\s")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_ORDINAL_ITEM = re.compile(rf"(?:[-*•]\s+|\*\*)?({'|'.join(_ORDINALS)})\b[^.:\n]{{0,24}}:", re.I)
_ITEM_STARTS = tuple("-*•(fsteFSTEſ")  # besides digits
_MAX_ITEM_STEPS = 8  # from one item of a list to the next
_BULLETS = ("- ", "* ", "• ")
_BULLET = 100  # in place of a number, which has two digits at the most
_SHORT_ITEM_CHARACTERS = 40
_SHORT_NUMBERED_CHARACTERS = 80
_MAX_SHORT_ITEMS = 10
_HALF = r"(?:[-*•]\s+)?(?:(?:so|now|then|first|next|and|the|for|compute|calculate|simplify|on)\b,?\s+){0,3}"
_FIRST_HALF = re.compile(rf"{_HALF}(numerator|left)\b", re.IGNORECASE)
_SECOND_HALF = re.compile(rf"{_HALF}(denominator|right)\b(?!\s*[,.!?])", re.IGNORECASE)
_MAX_HALF_STEPS = 4  # from one half to the other


def find_item_pairs(steps: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of steps (step, needed): an item needs the one before it, short items need each other.

    Args:
        steps: the texts of the steps, without white space around them.

    >>> find_item_pairs(["1. Ana is third.", "2. So Ben is first."])
    [(1, 0), (0, 1), (1, 0)]
    """
    return _find_successors(steps) + _find_short_lists(steps)


def find_counterparts(steps: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of steps (step, needed): a numerator and its denominator, a left side and its right side.

    Args:
        steps: the texts of the steps, without white space around them.

    >>> find_counterparts(["Numerator: 35 + 11 = 46.", "Denominator: 48.", "So 46/48."])
    [(0, 1), (1, 0)]
    """
    pairs: list[tuple[int, int]] = []
    for place, step in enumerate(steps):
        match = _FIRST_HALF.match(step) if "umerator" in step or "eft" in step else None
        if match is None:
            continue
        second = "denominator" if match[1].lower() == "numerator" else "right"
        for other in range(place + 1, min(len(steps), place + 1 + _MAX_HALF_STEPS)):
            half = _SECOND_HALF.match(steps[other])
            if half and half[1].lower() == second:
                pairs += [(place, other), (other, place)]
                break
    return pairs


def _find_successors(steps: Sequence[str]) -> list[tuple[int, int]]:
    """Each item of a list that is numbered, or told by ordinals, needs the one before it."""
    pairs = []
    last: dict[str, tuple[int, int]] = {}
    for place, step in enumerate(steps):
        item = _read_item(step)
        if item is None:
            continue
        kind, number = item
        before, before_place = last.get(kind, (0, place))
        if number == before + 1 and 0 < place - before_place <= _MAX_ITEM_STEPS:
            pairs.append((place, before_place))
        last[kind] = (number, place)
    return pairs


def _find_short_lists(steps: Sequence[str]) -> list[tuple[int, int]]:
    """Items of a few words ("1: Ana", "- odd") make a list together: none stands without the others."""
    pairs: list[tuple[int, int]] = []
    first, numbers = 0, [_read_short_item(step) for step in steps]
    if not any(numbers):
        return pairs
    for place in range(1, len(steps) + 1):
        if place < len(steps) and numbers[place - 1] and numbers[place] == _follow(numbers[place - 1]):
            continue
        if 2 <= place - first <= _MAX_SHORT_ITEMS:
            pairs += [pair for item in range(first + 1, place) for pair in ((item - 1, item), (item, item - 1))]
        first = place
    return pairs


def _follow(number: int) -> int:
    """The number of the item after one."""
    return number if number == _BULLET else number + 1


def _read_short_item(step: str) -> int:
    """The number of an item of a few words, _BULLET where it has none; 0 for anything else."""
    if len(step) > _SHORT_NUMBERED_CHARACTERS:
        return 0
    if step.startswith(_BULLETS):
        return _BULLET if len(step) <= _SHORT_ITEM_CHARACTERS else 0
    numbered = _NUMBERED_ITEM.match(step)
    return int(numbered[1] or numbered[2]) if numbered else 0


def _read_item(step: str) -> tuple[str, int] | None:
    """How an item is marked, "number" or "ordinal", and which one of its list it is; None for no item.

    >>> _read_item("2. Now b = 3."), _read_item("Third term: 4x"), _read_item("2.5 is less.")
    (('number', 2), ('ordinal', 3), None)
    """
    if not (step.startswith(_ITEM_STARTS) or step[:1].isdigit()):
        return None
    if numbered := _NUMBERED_ITEM.match(step):
        return "number", int(numbered[1] or numbered[2])
    if ordinal := _ORDINAL_ITEM.match(step):
        return "ordinal", _ORDINALS.index(ordinal[1].lower()) + 1
    return None
