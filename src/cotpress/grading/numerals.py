r"""Answers that are one number: exact values, percents, repeating decimals, and numbers of another base."""

from __future__ import annotations

import re
from fractions import Fraction

from cotpress.answers import normalise

PLACES = 6  # a decimal of so many places or more may stand for a fraction that it rounds to
RATIONAL = re.compile(r"-?\d+(?:/\d+)?")
PERCENT = re.compile(r"\\?%|\s*percent$")
REPEATING = re.compile(r"(?P<whole>\d*)\.(?P<start>\d*)\\overline\s*\{(?P<cycle>\d+)\}")
NAME = r"(?:\\(?:text|mathrm)\s*\{)?\s*\(?(?P<long>\w+)\)?\s*\}?"  # "8", "(8)", "\text{eight}"
BASED = re.compile(
    r"\(?(?P<digits>[0-9a-zA-Z]*\d[0-9a-zA-Z]*)\)?"
    rf"(?:_\s*(?P<short>\d)|_\s*\{{\s*{NAME}\s*\}}|,?\s*(?:in )?base[ -](?P<word>\w+))"
)
NUMERALS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
BASES = {name: str(base) for base, name in enumerate((*NUMERALS, "thirteen", "fourteen", "fifteen", "sixteen"), 2)}


def same_number(stated: str, gold: str) -> bool | None:
    r"""Whether two numbers are equal; None where one of them is no plain number.

    Exactly, but for two things: `50\%` is 50 as well as 0.5, and a decimal of six places or more is the fraction
    that it rounds to.
    """
    one, other = _rational(stated), _rational(gold)
    if one is None or other is None:
        return None
    scale = {(True, False): Fraction(1, 100), (False, True): Fraction(100)}.get((_percent(stated), _percent(gold)))
    equal = one == other or (scale is not None and one * scale == other)
    return equal or _rounds_to(stated, one, other) or _rounds_to(gold, other, one)


def same_based(stated: str, gold: str) -> bool | None:
    """Whether two numbers of a named base are equal: digit for digit; a base that only one names is forgiven. None
    where neither names one."""
    one, other = _based(stated), _based(gold)
    if not one[1] and not other[1]:
        return None
    return one[0] == other[0] and (one[1] == other[1] or not one[1] or not other[1])


def _based(answer: str) -> tuple[str, str]:
    match = BASED.fullmatch(answer.strip())
    if match is None:
        return answer.strip().lower(), ""
    base = (match["short"] or match["long"] or match["word"]).lower()
    return match["digits"].lower(), BASES.get(base, base)


def _rational(answer: str) -> Fraction | None:
    if repeating := REPEATING.fullmatch(answer.strip()):
        return _repeated(repeating["whole"], repeating["start"], repeating["cycle"])
    text = normalise(PERCENT.sub("", answer))
    return Fraction(text) if RATIONAL.fullmatch(text) else None


def _repeated(whole: str, start: str, cycle: str) -> Fraction:
    head = Fraction(int((whole + start) or "0"), 10 ** len(start))
    return head + Fraction(int(cycle), (10 ** len(cycle) - 1) * 10 ** len(start))


def _percent(answer: str) -> bool:
    return PERCENT.search(answer) is not None


def _rounds_to(written: str, value: Fraction, exact: Fraction) -> bool:
    places = len(written.strip().rpartition(".")[2]) if re.fullmatch(r"\s*-?\d*\.\d+\s*", written) else 0
    return places >= PLACES and abs(value - exact) * 10**places <= Fraction(1, 2)
