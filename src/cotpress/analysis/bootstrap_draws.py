"""Intervals of a study's figures by resampling traces, problems and training seeds (Efron's bootstrap), many at once.

Every figure is an array whose last axis is *draws*: [1 + RESAMPLES], the estimate first, then its resamples. A figure
computed from two such arrays is thereby paired, and has an interval of its own. Samples of one size share their
resamples, so that students who were asked the same problems are resampled together.
"""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from cotpress.types import FloatArray

RESAMPLE_COUNT, CONFIDENCE_LEVEL, BOOTSTRAP_SEED = 1000, 0.95, 0


@lru_cache(maxsize=6)
def draw_weights(size: int, seed: int = BOOTSTRAP_SEED) -> FloatArray:
    """How often each of `size` things is drawn, [1 + RESAMPLES, size]; the first row is once each."""
    return _draw_table(size, seed, size)


def draw_fewer_weights(size: int, seed: int) -> FloatArray:
    """The same with one fewer drawn, where there are two or more.

    Of few things this makes the variance of their mean right, which otherwise is too small by (size - 1) / size
    (McCarthy and Snowden 1985, "The bootstrap and finite population sampling").
    """
    return _draw_table(size, seed, max(1, size - 1))


def draw_seed_weights(name: str, size: int) -> FloatArray:
    """The same of the `size` training seeds of what is named; other names are drawn independently, equal ones alike.

    >>> draw_seed_weights("math-long, nll at 0.5", 3).sum(axis=1)[:3].tolist()  # all three, then two of them
    [3.0, 2.0, 2.0]
    """
    return draw_fewer_weights(size, zlib.crc32(name.encode()))


def _draw_table(size: int, seed: int, count: int) -> FloatArray:
    drawn = np.random.default_rng(seed).multinomial(count, np.full(size, 1 / size), RESAMPLE_COUNT)
    table = np.concatenate([np.ones((1, size)), drawn])
    table.setflags(write=False)
    return table


def draw_totals(columns: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """The draws of each column's sum; columns are arrays [things], all of one length, and not empty."""
    drawn = draw_weights(len(next(iter(columns.values())))) @ np.stack(list(columns.values()), axis=1)
    return {name: drawn[:, at] for at, name in enumerate(columns)}


def quotient(above: FloatArray, below: FloatArray) -> FloatArray:
    """above / below, NaN where below is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: FloatArray = np.where(below == 0, np.nan, above / below)
    return ratio


def pool_draws(drawn: FloatArray) -> FloatArray:
    """The mean of several comparisons' draws, [comparisons, draws] to [draws].

    The comparisons are resampled too (each draw weights them anew), so that the interval holds their differences: of
    students and conditions. Comparisons that are NaN in a draw are left out of it.
    """
    return _average_weighted(drawn, draw_fewer_weights(len(drawn), BOOTSTRAP_SEED + 1).T)


def average_draws(drawn: FloatArray) -> FloatArray:
    """The plain mean over the first axis, [figures, draws] to [draws]; figures that are NaN in a draw are left out."""
    return _average_weighted(drawn, np.ones((len(drawn), 1)))


def _average_weighted(drawn: FloatArray, weight: FloatArray) -> FloatArray:
    counted: FloatArray = np.where(np.isnan(drawn), 0.0, weight)
    above: FloatArray = (counted * np.nan_to_num(drawn)).sum(axis=0)
    below: FloatArray = counted.sum(axis=0)
    return quotient(above, below)


def compute_intervals(drawn: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Value, low and high of draws [..., draws]: the 95% percentile interval, widened to hold the value."""
    value, tails = drawn[..., 0], [(1 - CONFIDENCE_LEVEL) / 2, (1 + CONFIDENCE_LEVEL) / 2]
    if np.isnan(drawn).any():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # where no draw is defined, neither is the interval
            low, high = np.nanquantile(drawn[..., 1:], tails, axis=-1)
    else:
        low, high = np.quantile(drawn[..., 1:], tails, axis=-1)
    nothing = np.isnan(value)
    return value, np.where(nothing, np.nan, np.fmin(low, value)), np.where(nothing, np.nan, np.fmax(high, value))


def compute_interval(drawn: FloatArray) -> tuple[float, float, float]:
    """Value, low and high of one figure's draws, [draws]."""
    value, low, high = compute_intervals(drawn)
    return float(value), float(low), float(high)


def compute_certain_interval(drawn: FloatArray) -> tuple[float, float, float]:
    """The same of a figure that a resample may not have, such as the knee of a line without one.

    Where more resamples have none than an interval may leave out (1 - LEVEL), no two numbers hold that share of them,
    and the ends are NaN.
    """
    value, low, high = compute_interval(drawn)
    unsure = np.isnan(drawn[1:]).mean() > 1 - CONFIDENCE_LEVEL
    return (value, float("nan"), float("nan")) if unsure else (value, low, high)
