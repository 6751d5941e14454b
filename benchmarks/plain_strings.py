"""The plainest measure of what a text has of a reference: substrings of texts without white space.

It counts 12 as kept where 120 is, and sides of formulas as short as "-1", so figures are higher than those of
`cotpress.gauges.reference`; chance has the same advantage. For comparison with figures of that kind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBER = re.compile(r"\d{2,}")
_FORMULA = re.compile(r"\$\$([^$]+)\$\$|\$([^$]+)\$|\\\(([^()]*(?:\([^()]*\)[^()]*)*)\\\)|\\\[([^\[\]]+)\\\]")
_RELATION = re.compile(r"[=<>≤≥≈≡&]|\\\\|\\(?:leq?|geq?|approx|equiv|implies|quad)(?![A-Za-z])")


def find_plain_strings(reference: str, original: str, known: str) -> list[str]:
    """Numbers of two digits and more and sides of formulas of two characters and more that the original has, and what
    was known beforehand does not."""
    formulas = ("".join(groups) for groups in _FORMULA.findall(reference))
    sides = [_squeeze(side).strip(".,;:") for formula in formulas for side in _RELATION.split(formula)]
    strings = dict.fromkeys([*_NUMBER.findall(reference), *(side for side in sides if len(side) > 1)])
    there, before = _squeeze(original), _squeeze(known)
    return [string for string in strings if string in there and string not in before]


def count_plain_strings(strings: Sequence[str], text: str) -> int:
    """How many of the strings a text has."""
    there = _squeeze(text)
    return sum(string in there for string in strings)


def _squeeze(text: str) -> str:
    return "".join(text.split())
