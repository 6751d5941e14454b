"""Pooled effects: intervals that hold the truth with few seeds and comparisons, and p-values that go with them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cotpress.analysis.bootstrap_draws import RESAMPLE_COUNT, draw_seed_weights
from cotpress.analysis.pooled_effects import PooledEffect, combine_all, combine_any, pool_effects
from cotpress.analysis.t_distribution import compute_critical_value, compute_upper_tail


def _simulate(
    between: float, within: float, rng: np.random.Generator, comparisons: int = 4, seeds: int = 3
) -> PooledEffect:
    """Comparisons with a mean of three seeds each; the truth is 0."""
    drawn = []
    for number in range(comparisons):
        values = between * rng.normal() + within * rng.normal(size=seeds)
        weights = draw_seed_weights(f"{number}", seeds)
        drawn.append(weights @ values / weights.sum(axis=1))
    return pool_effects(np.stack(drawn), comparisons * (seeds - 1.0))


@pytest.mark.parametrize(("between", "within"), [(0.0, 0.15), (0.1, 0.15), (0.2, 0.01)])
@pytest.mark.parametrize("level", [0.05, 0.2])
def test_intervals_miss_the_truth_about_as_often_as_they_say_or_less(
    between: float, within: float, level: float
) -> None:
    rng, missed = np.random.default_rng(0), 0
    for _ in range(200):
        effect = _simulate(between, within, rng)
        _, low, high = effect.compute_interval(level)
        outside = not low <= 0 <= high
        assert outside is (2 * min(effect.compute_p_above(0), effect.compute_p_below(0)) < level)
        missed += outside
    assert missed <= 200 * level + 2 * math.sqrt(200 * level)


def test_a_difference_between_comparisons_has_few_degrees_of_freedom() -> None:
    rng = np.random.default_rng(1)
    assert _simulate(0.3, 0.001, rng).freedom == pytest.approx(3, abs=0.1)
    assert _simulate(0.0, 0.3, rng).freedom > 3.5


def test_seeds_have_the_variance_of_their_mean() -> None:
    values = np.array([0.2, 0.5, 0.8])
    weights = draw_seed_weights("anything", 3)
    means = weights @ values / weights.sum(axis=1)
    assert means[0] == pytest.approx(0.5)
    assert means[1:].var() == pytest.approx(values.var(ddof=1) / 3, rel=0.1)


def test_without_any_spread_the_side_decides() -> None:
    effect = PooledEffect(np.full(1 + RESAMPLE_COUNT, 0.3))
    assert [effect.compute_p_above(at) for at in (0.2, 0.3, 0.4)] == [0.0, 0.5, 1.0]
    assert [effect.compute_p_below(at) for at in (0.2, 0.3, 0.4)] == [1.0, 0.5, 0.0]


def test_one_comparison_is_its_own_mean() -> None:
    drawn = np.random.default_rng(0).normal(size=(1, 1 + RESAMPLE_COUNT))
    pooled = pool_effects(drawn, 2.0)
    assert pooled.draws == pytest.approx(drawn[0])
    assert pooled.freedom == pytest.approx(2.0)


def test_all_of_several_are_as_sure_as_the_weakest_and_any_of_them_is_corrected() -> None:
    assert combine_all([0.01, 0.2]) == 0.2
    assert combine_any([0.01, 0.2, 0.3]) == pytest.approx(0.03)
    assert combine_any([0.6, 0.7]) == 1.0


@pytest.mark.parametrize(  # of printed tables
    ("freedom", "tail", "value"),
    [
        (1, 0.025, 12.706),
        (2, 0.025, 4.303),
        (5, 0.005, 4.032),
        (10, 0.05, 1.812),
        (120, 0.025, 1.980),
        (1e9, 0.025, 1.960),
    ],
)
def test_tails_and_critical_values_are_those_of_the_tables(freedom: float, tail: float, value: float) -> None:
    assert compute_critical_value(tail, freedom) == pytest.approx(value, abs=0.002)
    assert compute_upper_tail(value, freedom) == pytest.approx(tail, rel=0.01)
    assert compute_upper_tail(-value, freedom) == pytest.approx(1 - tail, rel=0.01)
