"""Intervals: coverage, pairing, and what happens where nothing is defined."""

from __future__ import annotations

import numpy as np
import pytest

from cotpress.analysis.bootstrap_draws import (
    RESAMPLE_COUNT,
    average_draws,
    compute_certain_interval,
    compute_interval,
    compute_intervals,
    draw_totals,
    draw_weights,
    pool_draws,
    quotient,
)


def test_the_first_draw_is_the_sample_and_the_others_draw_as_many() -> None:
    table = draw_weights(7)
    assert table.shape == (1 + RESAMPLE_COUNT, 7)
    assert (table[0] == 1).all()
    assert (table.sum(axis=1) == 7).all()
    assert len(np.unique(table, axis=0)) > RESAMPLE_COUNT / 2


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    rng, held = np.random.default_rng(0), 0
    for _ in range(200):
        values = (rng.random(80) < 0.6).astype(float)
        _, low, high = compute_interval(draw_totals({"right": values})["right"] / 80)
        held += low <= 0.6 <= high
    assert 180 <= held <= 199


def test_pooling_is_wider_where_comparisons_differ() -> None:
    rng = np.random.default_rng(0)
    alike = np.stack([draw_totals({"x": rng.normal(0.5, 0.1, 50)})["x"] / 50 for _ in range(6)])
    apart = alike + np.linspace(-0.5, 0.5, 6)[:, None]
    widths = [high - low for _, low, high in map(compute_interval, (pool_draws(alike), pool_draws(apart)))]
    assert widths[1] > 3 * widths[0]
    assert pool_draws(apart)[0] == pytest.approx(apart[:, 0].mean())
    assert np.array_equal(pool_draws(alike[:1]), alike[0])


def test_undefined_figures_are_left_out() -> None:
    drawn = np.ones((2, 1 + RESAMPLE_COUNT))
    drawn[0] = np.nan
    assert np.array_equal(average_draws(drawn), np.ones(1 + RESAMPLE_COUNT))
    assert np.isnan(average_draws(drawn[:1])).all()
    assert np.isnan(quotient(np.array([1.0]), np.array([0.0]))).all()
    value, low, high = compute_intervals(drawn)
    assert np.isnan([value[0], low[0], high[0]]).all()
    assert (value[1], low[1], high[1]) == (1, 1, 1)


def test_a_figure_that_too_many_resamples_lack_has_no_interval() -> None:
    drawn = np.arange(1.0 + RESAMPLE_COUNT)
    drawn[1 : 1 + RESAMPLE_COUNT // 20] = np.nan
    assert compute_certain_interval(drawn) == compute_interval(drawn)
    drawn[1 + RESAMPLE_COUNT // 20] = np.nan
    value, low, high = compute_certain_interval(drawn)
    assert value == 0
    assert np.isnan([low, high]).all()
