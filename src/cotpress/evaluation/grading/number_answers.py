r"""Answers that are one number: exact values, percents, repeating decimals, and numbers of another base."""

from __future__ import annotations

import re
from fractions import Fraction

from cotpress.answers import normalise_answer

MIN_ROUNDED_PLACES = 6  # a decimal of so many places or more may stand for a fraction that it rounds to
RATIONAL = re.compile(r"-?\d+(?:/\d+)?")
PERCENT = re.compile(r"\\?%|(?<!\s)\s*+percent$")
REPEATING = re.compile(r"(?P<whole>\d*)\.(?P<start>\d*)\\overline\s*\{(?P<cycle>\d+)\}")
BASE_NAME = r"(?:\\(?:text|mathrm)\s*+\{\s*+)?\(?(?P<long>\w++)\)?(?:\s*+\})?"  # "8", "(8)", "\text{eight}"
BASED_NUMBER = re.compile(
    r"\(?(?P<digits>(?=[a-zA-Z]*+\d)[0-9a-zA-Z]+)\)?"
    rf"(?:_\s*(?P<short>\d)|_\s*\{{\s*+{BASE_NAME}\s*+\}}|,?\s*(?:in )?base[ -](?P<word>\w+))"
)
NUMERALS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
BASE_BY_NAME = {
    name: str(base) for base, name in enumerate((*NUMERALS, "thirteen", "fourteen", "fifteen", "sixteen"), 2)
}


def compare_numbers(stated: str, gold: str) -> bool | None:
    r"""Whether two numbers are equal; None where one of them is no plain number.

    Exactly, but for two things: `50\%` is 50 as well as 0.5, and a decimal of six places or more is the fraction
    that it rounds to.
    """
    one, other = _parse_rational(stated), _parse_rational(gold)
    if one is None or other is None:
        return None
    scale = {(True, False): Fraction(1, 100), (False, True): Fraction(100)}.get(
        (_is_percent(stated), _is_percent(gold))
    )
    equal = one == other or (scale is not None and one * scale == other)
    return equal or _is_rounding_of(stated, one, other) or _is_rounding_of(gold, other, one)


def compare_based_numbers(stated: str, gold: str) -> bool | None:
    """Whether two numbers of a named base are equal: digit for digit; a base that only one names is forgiven. None
    where neither names one."""
    one, other = _parse_based(stated), _parse_based(gold)
    if not one[1] and not other[1]:
        return None
    return one[0] == other[0] and (one[1] == other[1] or not one[1] or not other[1])


def _parse_based(answer: str) -> tuple[str, str]:
    match = BASED_NUMBER.fullmatch(answer.strip())
    if match is None:
        return answer.strip().lower(), ""
    base = (match["short"] or match["long"] or match["word"]).lower()
    return match["digits"].lower(), BASE_BY_NAME.get(base, base)


def _parse_rational(answer: str) -> Fraction | None:
    if repeating := REPEATING.fullmatch(answer.strip()):
        return _make_repeating(repeating["whole"], repeating["start"], repeating["cycle"])
    text = normalise_answer(PERCENT.sub("", answer))
    return Fraction(text) if RATIONAL.fullmatch(text) else None


def _make_repeating(whole: str, start: str, cycle: str) -> Fraction:
    head = Fraction(int((whole + start) or "0"), 10 ** len(start))
    return head + Fraction(int(cycle), (10 ** len(cycle) - 1) * 10 ** len(start))


def _is_percent(answer: str) -> bool:
    return PERCENT.search(answer) is not None


def _is_rounding_of(written: str, value: Fraction, exact: Fraction) -> bool:
    places = len(written.strip().rpartition(".")[2]) if re.fullmatch(r"\s*-?\d*\.\d+\s*", written) else 0
    return places >= MIN_ROUNDED_PLACES and abs(value - exact) * 10**places <= Fraction(1, 2)
