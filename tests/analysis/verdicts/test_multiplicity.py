"""Holm's correction: levels go up from the smallest p-value on, until one is not within its own."""

from __future__ import annotations

import numpy as np
import pytest

from cotpress.analysis.verdicts.multiplicity import compute_holm_levels


def test_levels_are_those_of_the_textbook() -> None:
    assert compute_holm_levels([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.05 / 3, 0.025, 0.025, 0.0125])


def test_what_comes_after_the_first_that_fails_is_not_decided() -> None:
    p_values = [0.001, 0.04, 0.045]
    levels = compute_holm_levels(p_values)
    assert [value <= level for value, level in zip(p_values, levels, strict=True)] == [True, False, False]


def test_one_verdict_has_the_whole_level_and_none_has_no_levels() -> None:
    assert compute_holm_levels([0.2]) == [0.05]
    assert compute_holm_levels([]) == []


def test_together_they_are_wrong_in_one_study_of_twenty() -> None:
    rng, wrong = np.random.default_rng(0), 0
    for _ in range(2000):
        p_values = rng.random(14).tolist()
        wrong += any(value <= level for value, level in zip(p_values, compute_holm_levels(p_values), strict=True))
    assert wrong / 2000 == pytest.approx(0.05, abs=0.012)
