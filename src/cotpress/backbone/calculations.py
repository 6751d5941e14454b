"""Which numbers a text works out, and which it calculates with."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final, Literal

TAKEN: Final = "taken"
MADE: Final = "made"
SAID: Final = "said"
Use = Literal["taken", "made", "said"]

_MARK = re.compile(r"<<[^<>\n]{0,200}>>")
_THOUSANDS = re.compile(r"(?<=\d)(?:,|\{,\}|\\,)(?=\d{3}(?!\d))")
_STATEMENT = re.compile(r"[;\n]|(?<=\D)\.\s|(?<=\d)\.\s(?=\D)|,\s(?=\D)|[⇒→]")
_RELATION = re.compile(r"[=≈]|\bequals\b|\bgives\b|(?<=\d) is (?=\$?\d)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?|(?<![\d.])\.\d+")
_RESULT = re.compile(r"[\s$€£¥({\\[]*(\d+(?:\.\d+)?|\.\d+)(?!\s*[-+*/×·÷^(\\])(?!\s(?:x|times|plus|minus)\s)")


def list_number_uses(text: str) -> Iterator[tuple[str, Use]]:
    """The numbers of a text in order, each with what is done with it: "taken" where something is calculated from it,
    "made" where it is the outcome of an equation, else "said".

    >>> list(list_number_uses("He has 2 * 3 = <<2*3=6>>6 pens and 1 cap."))
    [('2', 'taken'), ('3', 'taken'), ('6', 'made'), ('1', 'said')]
    """
    text = _THOUSANDS.sub("", _MARK.sub("", text))
    for statement in _STATEMENT.split(text):
        sides = _RELATION.split(statement)
        for place, side in enumerate(sides):
            result = _RESULT.match(side) if place else None
            for match in _NUMBER.finditer(side):
                is_result = result is not None and match.start() == result.start(1)
                yield _canonicalise(match[0]), MADE if is_result else TAKEN if place + 1 < len(sides) else SAID


def _canonicalise(number: str) -> str:
    whole, _, decimals = number.partition(".")
    decimals = decimals.rstrip("0")
    return f"{whole.lstrip('0') or '0'}.{decimals}" if decimals else whole.lstrip("0") or "0"


def find_derived_numbers(text: str, given: str = "") -> frozenset[str]:
    """The numbers that a text has for the first time as the outcome of an equation, and that is not given.

    >>> sorted(find_derived_numbers("2 * 3 = 6. 6 + 4 = 10.", given="2 pens, 3 caps"))
    ['10', '6']
    """
    first: dict[str, Use] = {}
    for number, use in list_number_uses(text):
        first.setdefault(number, use)
    known = {number for number, _ in list_number_uses(given)}
    return frozenset(number for number, use in first.items() if use == MADE and number not in known)


def find_missing_operands(text: str, derived: Collection[str]) -> list[str]:
    """The derived numbers that a text calculates with before it has them.

    >>> find_missing_operands("5 + 6 = 11.", {"6", "11"})
    ['6']
    """
    known: set[str] = set()
    missing: dict[str, None] = {}
    for number, use in list_number_uses(text):
        if use == TAKEN and number in derived and number not in known:
            missing[number] = None
        known.add(number)
    return list(missing)
