"""Confidence intervals of one evaluation, by resampling its problems (Efron's percentile bootstrap)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from cotpress.types import FloatArray, IntArray

ColumnSums: TypeAlias = Mapping[str, FloatArray]
Statistic: TypeAlias = Callable[[ColumnSums], FloatArray]

RESAMPLES, CONFIDENCE_LEVEL, SEED = 2000, 0.95, 0
MAX_DRAWN_INDICES = 1 << 22  # drawn at a time, so that memory does not grow with the benchmark


@dataclass(frozen=True, slots=True)
class IntervalEstimate:
    """A figure and its interval, `low` <= `value` <= `high`; NaN or infinite where it is not defined."""

    value: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float | None]:
        """For JSON: None where it is not defined."""
        named = {"value": self.value, "low": self.low, "high": self.high}
        return {name: float(number) if np.isfinite(number) else None for name, number in named.items()}


def estimate_statistics(columns: ColumnSums, statistics: Mapping[str, Statistic]) -> dict[str, IntervalEstimate]:
    """Each statistic of the columns' sums, such as a ratio of two of them; columns are arrays [problems].

    All statistics see the same resamples, so what is computed from two runs on the same problems is paired.
    """
    names, table = list(columns), np.stack(list(columns.values()), axis=1)
    drawn = np.concatenate([_count_draws(rows, len(table)) @ table for rows in _draw_resamples(len(table))])
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = {name: table[:, at].sum(keepdims=True) for at, name in enumerate(names)}
        resampled = {name: drawn[:, at] for at, name in enumerate(names)}
        return {
            name: _make_estimate(float(statistic(whole)[0]), statistic(resampled))
            for name, statistic in statistics.items()
        }


def estimate_median(values: FloatArray) -> IntervalEstimate:
    """The median of values [problems]."""
    if not len(values):
        return IntervalEstimate(np.nan, np.nan, np.nan)
    drawn = np.concatenate([np.median(values[rows], axis=1) for rows in _draw_resamples(len(values))])
    return _make_estimate(float(np.median(values)), drawn)


def _draw_resamples(size: int) -> Iterator[IntArray]:
    """Indices of the problems drawn, in blocks [resamples, problems]; the same for every call."""
    rng, block = np.random.default_rng(SEED), max(1, MAX_DRAWN_INDICES // max(size, 1))
    sizes = [min(block, RESAMPLES - start) for start in range(0, RESAMPLES, block)]
    return (rng.integers(0, max(size, 1), (rows, size)) for rows in sizes)


def _count_draws(rows: IntArray, size: int) -> FloatArray:
    """How often each problem was drawn: [resamples, problems]."""
    flat = rows + np.arange(len(rows))[:, None] * size
    return np.bincount(flat.ravel(), minlength=len(rows) * size).reshape(len(rows), size).astype(np.float64)


def _make_estimate(value: float, drawn: FloatArray) -> IntervalEstimate:
    """The percentile interval, widened where need be so that it holds the estimate."""
    defined = drawn[~np.isnan(drawn)]
    if np.isnan(value) or not len(defined):
        return IntervalEstimate(value, np.nan, np.nan)
    # Without interpolation: a quantile may be infinite, where some resamples have no right answer.
    low, high = np.quantile(defined, [(1 - CONFIDENCE_LEVEL) / 2, (1 + CONFIDENCE_LEVEL) / 2], method="inverted_cdf")
    return IntervalEstimate(value, min(float(low), value), max(float(high), value))
