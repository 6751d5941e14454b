"""The arithmetic reader: what holds, what does not, what is not read; and nothing takes long."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress.gauges.arithmetic import compute_expression, find_false_equalities
from cotpress.gauges.formula_text import find_relations, simplify_formulas


def find_false(text: str) -> list[str]:
    return [false for relation in find_relations(simplify_formulas(text)) for false in find_false_equalities(relation)]


@pytest.mark.parametrize(
    "text",
    [
        r"\(\frac{3}{4} \times 8 = 6\)",
        "10/3 = 3.33",
        "2/3 ≈ 0.67",
        "7! / 5! = 42",
        "He pays $500 - $155 = $345.",
        "From 8:00 to 11:00 are 11:00-8:00 = 3 hours",  # times
        "the sum of 3 and 5 = 8",
        "60 students - 40 students = 20 students",
        "17 mod 5 = 2 and 10×9=90 mod13",
        "z = |102 - 201| = 99",
        "P(X=0) * P(Y=0) = (1/4) * (3/7)",
        "100 - 50 = 50%",
        "999 ÷ 447 = 2 with remainder 105",
        "t = -(-23) = 23",
        "a point (6 -5, 4 -12)=(1, -8)",
        "S= -1 +2 -3 +4...-15= -8",
        "48/2 = <<48/2=24>>24 clips",
    ],
)
def test_what_holds_or_is_no_plain_arithmetic(text: str) -> None:
    assert find_false(text) == []


@pytest.mark.parametrize(
    ("text", "false"),
    [
        (r"so \(2 + 2 = 5\)", "2+2=5"),
        ("So the least common multiple is 32*=25=800.", "25=800"),
        (r"\[ \times 6 = 18 \]", "6=18"),
        ("10/3 = 3.5", "10/3=3.5"),
        ("5 ≈ 7", "5=7"),
    ],
)
def test_what_does_not_hold(text: str, false: str) -> None:
    assert false in find_false(text)


@given(st.integers(-999, 999), st.integers(1, 99), st.sampled_from("+-*/"))
def test_it_calculates_as_fractions_do(left: int, right: int, sign: str) -> None:
    first, second = Fraction(left), Fraction(right)
    wanted = {"+": first + second, "-": first - second, "*": first * second, "/": first / second}[sign]
    assert compute_expression(f"({left}){sign}{right}") == wanted


@given(st.text(alphabet="0123456789.+-*/^()!%", max_size=150))
def test_no_expression_fails_or_takes_long(expression: str) -> None:
    began = time.thread_time()
    compute_expression(expression)
    assert time.thread_time() - began < 0.5


@pytest.mark.parametrize("expression", ["9^9^9", "99999999^64", "61!", "(" * 20 + "1" + ")" * 20, "1/0", "1e9", "2x"])
def test_what_is_too_large_is_not_read(expression: str) -> None:
    assert compute_expression(expression) is None


@given(st.text(alphabet="ab12 \n\\{}$`*=.<>&", max_size=80))
def test_formulas_stay_on_their_lines(text: str) -> None:
    assert simplify_formulas(text).count("\n") == text.count("\n")
