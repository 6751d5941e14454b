"""What a criterion would choose if it went by the length of a step alone: the chance that knows about lengths."""

from __future__ import annotations

import numpy as np

from cotpress.types import BoolArray, FloatArray, IntArray

_DEGREE = 2  # of the polynomial in the logarithm of the length
_RIDGE = 0.0001  # keeps the polynomial finite where length decides everything
_STEPS, _LARGEST_STEP = 25, 2.0  # of Newton's method
_HALVINGS, _LARGEST_ODDS = 40, 60.0  # of the intercepts at the end; logarithms


def fit_length_choice(chosen: BoolArray, certain: BoolArray, lengths: FloatArray, starts: IntArray) -> FloatArray:
    """The chance of each item to be chosen by its length, [items], fitted to a choice by a logistic regression.

    `chosen` [items] is the choice, `certain` items are chosen for another reason (their chance is 1), `lengths` are
    positive, `starts` [traces] says where each trace's items begin. The regression is on powers of the logarithm of the
    length, the same for all traces, and an intercept a trace, so that as many of its items are chosen as were. Where
    length decides all but without error, the fit falls short of it.

    >>> fit_length_choice(np.array([True, False]), np.zeros(2, bool), np.array([3.0, 3.0]), np.array([0])).round(2)
    array([0.5, 0.5])
    """
    powers, sizes, free = _build_powers(lengths), np.diff(starts, append=len(lengths)), (~certain).astype(np.float64)
    wanted = np.add.reduceat(chosen * free, starts)
    share = (wanted + 0.5) / (np.add.reduceat(free, starts) + 1)
    slopes, intercepts = np.zeros(_DEGREE), np.log(share / (1 - share))
    for _ in range(_STEPS):
        chance = _expit(powers @ slopes + np.repeat(intercepts, sizes))
        weight, missing = chance * (1 - chance) * free, (chosen - chance) * free
        total = np.maximum(np.add.reduceat(weight, starts), 1e-9)
        means = np.add.reduceat(weight[:, None] * powers, starts) / total[:, None]
        centred = powers - np.repeat(means, sizes, axis=0)
        curvature = centred.T @ (weight[:, None] * centred) + _RIDGE * np.eye(_DEGREE)
        step = np.linalg.solve(curvature, centred.T @ missing - _RIDGE * slopes)
        step *= min(1.0, _LARGEST_STEP / max(float(np.abs(step).max()), 1e-12))
        shift = np.add.reduceat(missing, starts) / total - means @ step
        slopes = slopes + step
        intercepts = np.clip(intercepts + np.clip(shift, -_LARGEST_STEP, _LARGEST_STEP), -_LARGEST_ODDS, _LARGEST_ODDS)
    return np.where(certain, 1.0, _solve_intercepts(powers @ slopes, free, wanted, starts, sizes))


def _build_powers(lengths: FloatArray) -> FloatArray:
    """Powers 1.. of the standardised logarithm of the length, [items, powers]."""
    logarithm = np.log(lengths)
    scaled = (logarithm - logarithm.mean()) / (logarithm.std() or 1.0)
    powers: FloatArray = np.stack([scaled**power for power in range(1, _DEGREE + 1)], axis=1)
    return powers


def _solve_intercepts(
    odds: FloatArray, free: FloatArray, wanted: FloatArray, starts: IntArray, sizes: IntArray
) -> FloatArray:
    """Chances with these log odds and an intercept a trace, such that the free items' chances sum to what is wanted."""
    odds = np.clip(odds, -_LARGEST_ODDS, _LARGEST_ODDS)
    low, high = np.full(len(starts), -2 * _LARGEST_ODDS), np.full(len(starts), 2 * _LARGEST_ODDS)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        short = np.add.reduceat(_expit(odds + np.repeat(middle, sizes)) * free, starts) < wanted
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return _expit(odds + np.repeat(high, sizes))


def _expit(odds: FloatArray) -> FloatArray:
    chance: FloatArray = 0.5 + 0.5 * np.tanh(odds / 2)
    return chance
