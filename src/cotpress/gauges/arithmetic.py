"""A bounded reader of plain arithmetic: no names, no evaluation of code, exact fractions, sizes limited."""

from __future__ import annotations

import re
from fractions import Fraction
from math import factorial
from typing import Final

from cotpress.gauges.formula_text import Relation

MAX_CHARACTERS: Final = 120  # of an expression; a longer one is not read
MAX_BITS: Final = 512  # of any numerator or denominator
MAX_EXPONENT: Final = 64
MAX_FACTORIAL: Final = 60
MAX_DEPTH: Final = 12  # of brackets
APPROXIMATE_SHARE: Final = Fraction(1, 20)  # how far "≈" may be off, as a share of the value
_TOKEN = re.compile(r"(\d+(?:\.\d+)?|\.\d+)|([-+*/^()!%])")


class _UnreadableError(Exception):
    """The text is no plain arithmetic, or is larger than what is read."""


def compute_expression(expression: str) -> Fraction | None:
    """The exact value of plain arithmetic: + - * / ^ ! %, brackets, decimals; None for anything else.

    >>> compute_expression('2*(3+4)^2'), compute_expression('1/0'), compute_expression('2x')
    (Fraction(98, 1), None, None)
    """
    if not expression or len(expression) > MAX_CHARACTERS:
        return None
    try:
        return _Reader(_split_tokens(expression)).read()
    except (_UnreadableError, ZeroDivisionError):
        return None


def is_false(left: str, sign: str, right: str) -> bool:
    """Whether "left = right" can be read as plain arithmetic and does not hold. Rounded decimals are forgiven.

    >>> is_false('10/3', '=', '3.33'), is_false('2+2', '=', '5'), is_false('x', '=', '5')
    (False, True, False)
    """
    first, second = compute_expression(left), compute_expression(right)
    if first is None or second is None or first == second:
        return False
    if "%" in left + right and compute_expression(left.replace("%", "")) == compute_expression(right.replace("%", "")):
        return False  # "100 - 50 = 50%": the unit is named at the end
    difference = abs(first - second)
    if sign == "≈":
        return difference > max(APPROXIMATE_SHARE * max(abs(first), abs(second)), _find_precision(left, right))
    return sign == "=" and difference > _find_precision(left, right)


def find_false_equalities(relation: Relation) -> list[str]:
    """The equalities of a relation that do not hold, each as "left=right".

    >>> from cotpress.gauges.formula_text import find_relations
    >>> find_false_equalities(find_relations('2 + 2 = 5')[0])
    ['2+2=5']
    """
    if not relation.is_free:
        return []
    return [f"{left}={right}" for left, sign, right in relation.equalities if is_false(left, sign, right)]


def _find_precision(left: str, right: str) -> Fraction:
    """One unit in the last place of the coarser decimal; 0 where neither side has one."""
    places = [len(decimals) for decimals in re.findall(r"\.(\d+)", f"{left} {right}")]
    return Fraction(1, 10 ** min(min(places), 30)) if places else Fraction(0)


def _split_tokens(expression: str) -> list[str]:
    tokens, at = [], 0
    while at < len(expression):
        match = _TOKEN.match(expression, at)
        if match is None:
            raise _UnreadableError
        tokens.append(match[0])
        at = match.end()
    return tokens


class _Reader:
    """Reads a sum of products of powers, from the left."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = self._depth = 0

    def read(self) -> Fraction:
        value = self._read_sum()
        if self._at < len(self._tokens):
            raise _UnreadableError
        return value

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _accept(self, tokens: str) -> str:
        token = self._peek()
        if token and token in tokens:
            self._at += 1
            return token
        return ""

    def _read_sum(self) -> Fraction:
        value = self._read_product()
        while sign := self._accept("+-"):
            term = self._read_product()
            value = _limit(value + term if sign == "+" else value - term)
        return value

    def _read_product(self) -> Fraction:
        value = self._read_signed()
        while True:
            if sign := self._accept("*/"):
                factor = self._read_signed()
                value = _limit(value * factor if sign == "*" else value / factor)
            elif self._peek() == "(":  # 2(3), (2)(3)
                value = _limit(value * self._read_power())
            else:
                return value

    def _read_signed(self) -> Fraction:
        if sign := self._accept("+-"):
            value = self._read_power()
            return -value if sign == "-" else value
        return self._read_power()

    def _read_power(self) -> Fraction:
        base = self._read_atom()
        if not self._accept("^"):
            return base
        exponent = self._read_signed_atom()
        if exponent.denominator != 1 or abs(exponent) > MAX_EXPONENT or self._peek() == "^":
            raise _UnreadableError
        size = max(base.numerator.bit_length(), base.denominator.bit_length())
        if size * abs(exponent) > MAX_BITS:
            raise _UnreadableError
        return Fraction(base ** int(exponent))

    def _read_signed_atom(self) -> Fraction:
        return -self._read_atom() if self._accept("-") else self._read_atom()

    def _read_atom(self) -> Fraction:
        if self._accept("("):
            self._depth += 1
            if self._depth > MAX_DEPTH:
                raise _UnreadableError
            value = self._read_sum()
            if not self._accept(")"):
                raise _UnreadableError
            self._depth -= 1
        else:
            token = self._peek()
            if not token[:1].isdigit() and token[:1] != ".":
                raise _UnreadableError
            self._at += 1
            value = _limit(Fraction(token))
        return self._apply_suffix(value)

    def _apply_suffix(self, value: Fraction) -> Fraction:
        if self._accept("%"):
            return value / 100
        if self._accept("!"):
            if value.denominator != 1 or not 0 <= value <= MAX_FACTORIAL:
                raise _UnreadableError
            return Fraction(factorial(int(value)))
        return value


def _limit(value: Fraction) -> Fraction:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
        raise _UnreadableError
    return value
