"""The chance that knows lengths: it sums to what was chosen, and follows a taste where there is one."""

from __future__ import annotations

import numpy as np
import pytest

from cotpress.analysis.length_matching import fit_length_choice


def _choose(taste: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    starts = np.arange(0, 1200, 12)
    lengths = rng.integers(1, 40, 1200).astype(float)
    chosen = np.zeros(1200, dtype=bool)
    for start in starts:
        worth = -taste * np.log(lengths[start : start + 12]) + rng.normal(size=12)
        chosen[start + np.argsort(-worth)[:5]] = True
    return chosen, lengths, starts


@pytest.mark.parametrize("taste", [0.0, 1.0, -2.0])
def test_as_many_of_each_trace_are_expected_as_were_chosen_and_short_ones_where_they_are_liked(taste: float) -> None:
    chosen, lengths, starts = _choose(taste)
    chance = fit_length_choice(chosen, np.zeros(1200, dtype=bool), lengths, starts)
    assert np.add.reduceat(chance, starts) == pytest.approx(5.0, abs=1e-6)
    short, long = chance[lengths < 10].mean(), chance[lengths > 30].mean()
    assert short == pytest.approx(chosen[lengths < 10].mean(), abs=0.04)
    assert long == pytest.approx(chosen[lengths > 30].mean(), abs=0.04)
    assert (short > long + 0.1, long > short + 0.1) == (taste > 0, taste < 0)


def test_certain_items_are_certain_and_the_rest_shares_what_is_left() -> None:
    chosen, lengths, starts = _choose(0.0)
    certain = np.zeros(1200, dtype=bool)
    certain[starts] = chosen[starts] = True
    chance = fit_length_choice(chosen, certain, lengths, starts)
    assert (chance[starts] == 1).all()
    assert np.add.reduceat(chance, starts) == pytest.approx(np.add.reduceat(chosen, starts, dtype=float), abs=1e-6)


def test_where_all_or_nothing_is_chosen_chances_are_one_or_nought() -> None:
    starts, lengths = np.array([0, 4]), np.arange(1.0, 9.0)
    chosen = np.array([True] * 4 + [False] * 4)
    chance = fit_length_choice(chosen, np.zeros(8, dtype=bool), lengths, starts)
    assert chance == pytest.approx(chosen.astype(float), abs=1e-6)
