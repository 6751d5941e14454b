"""Budgets are exact."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress.errors import OptionError
from cotpress.pruning import build_token_cap, parse_keep_ratio


def test_nine_tenths_of_ten_is_nine() -> None:
    assert [parse_keep_ratio(ratio).apply_to(10) for ratio in ("0.9", 0.9, 0.7, 0.3, 1, "1/3")] == [9, 9, 7, 3, 10, 3]


@given(st.integers(1, 10**12), st.integers(1, 1000))
def test_the_target_is_the_exact_floor(tokens: int, thousandths: int) -> None:
    budget = parse_keep_ratio(thousandths / 1000)
    assert budget.fraction == Fraction(thousandths, 1000)
    assert budget.apply_to(tokens) == tokens * thousandths // 1000


@pytest.mark.parametrize("value", ["0", "-0.5", "1.01", "nan", "inf", "half", "", "50%", "1/0"])
def test_what_is_not_a_keep_ratio_is_refused(value: str) -> None:
    with pytest.raises(OptionError, match="keep ratio"):
        parse_keep_ratio(value)


def test_a_percentage_is_understood_and_refused() -> None:
    with pytest.raises(OptionError, match=r"Did you mean 0\.5\?"):
        parse_keep_ratio(50)
    with pytest.raises(OptionError, match=r"at most 1\.$"):
        parse_keep_ratio(1.5)  # no percentage: nothing is guessed


def test_a_cap_below_one_is_refused() -> None:
    with pytest.raises(OptionError, match="at least 1"):
        build_token_cap(0)
