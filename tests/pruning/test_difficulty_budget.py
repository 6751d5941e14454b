"""Keep ratios by difficulty: all traces together keep what was asked for, whatever their difficulties are."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress.errors import OptionError
from cotpress.pruning import DifficultyBudgets, find_joint_ratios, find_level, fit_difficulty_budgets, parse_keep_ratio

LEVELS = st.dictionaries(st.integers(0, 1000), st.integers(1, 10**6), min_size=1, max_size=12)
RATIOS = st.integers(1, 100).map(lambda percent: Fraction(percent, 100))
SPREADS = st.sampled_from([1.0, 1.5, 2.0, 10.0, 1000.0])


def find_ratios(budgets: DifficultyBudgets, levels: dict[int, int]) -> dict[int, Fraction]:
    return {level: budgets.find(level / 1000).fraction for level in levels}


@given(LEVELS, RATIOS, SPREADS)
def test_all_traces_together_keep_the_ratio_exactly(levels: dict[int, int], keep: Fraction, spread: float) -> None:
    ratios = find_ratios(fit_difficulty_budgets(levels, parse_keep_ratio(keep), spread), levels)
    assert sum(ratios[level] * tokens for level, tokens in levels.items()) == keep * sum(levels.values())
    assert all(0 < ratio <= 1 for ratio in ratios.values())


@given(LEVELS, RATIOS, SPREADS)
def test_harder_traces_keep_more(levels: dict[int, int], keep: Fraction, spread: float) -> None:
    budgets = fit_difficulty_budgets(levels, parse_keep_ratio(keep), spread)
    ratios = [budgets.find(level / 1000).fraction for level in range(0, 1001, 50)]
    assert ratios == sorted(ratios)
    if ratios[-1] < 1:
        assert ratios[-1] == Fraction(str(spread)) * ratios[0]


@given(LEVELS, RATIOS, RATIOS, SPREADS)
def test_budgets_rise_with_the_ratio(levels: dict[int, int], one: Fraction, two: Fraction, spread: float) -> None:
    low, high = (fit_difficulty_budgets(levels, parse_keep_ratio(keep), spread) for keep in sorted((one, two)))
    assert all(low.find(level / 1000).fraction <= high.find(level / 1000).fraction for level in levels)


def test_a_trace_without_a_difficulty_keeps_the_plain_ratio() -> None:
    assert fit_difficulty_budgets({0: 10, 1000: 30}, parse_keep_ratio("0.3")).find(None).fraction == Fraction("0.3")
    assert fit_difficulty_budgets({}, parse_keep_ratio("0.3")).find(None).fraction == Fraction("0.3")


def test_one_difficulty_is_the_plain_ratio() -> None:
    assert fit_difficulty_budgets({400: 70}, parse_keep_ratio("0.3")).find(0.4).fraction == Fraction("0.3")


def test_thirds_have_one_level() -> None:
    assert find_level(1 - 2 / 3) == find_level(1 / 3) == 333


@pytest.mark.parametrize("spread", [0.5, 1001, float("nan"), float("inf"), "2", True])
def test_a_spread_that_is_none(spread: float) -> None:
    with pytest.raises(OptionError, match="from 1 to 1000"):
        fit_difficulty_budgets({0: 1}, parse_keep_ratio("0.5"), spread)


@given(LEVELS, st.integers(1, 99), SPREADS)
def test_joint_ratios_turn_budgets_round(levels: dict[int, int], percent: int, spread: float) -> None:
    budgets = fit_difficulty_budgets(levels, parse_keep_ratio(Fraction(percent, 100)), spread)
    for level in levels:
        own = budgets.find(level / 1000).fraction
        [joint] = find_joint_ratios(levels, spread, level / 1000, np.array([float(own)])).tolist()
        if own < 1:
            assert joint == pytest.approx(percent / 100)
        else:
            assert joint <= percent / 100 + 1e-9
