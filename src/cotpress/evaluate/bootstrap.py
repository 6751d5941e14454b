"""Confidence intervals by resampling problems (Efron's percentile bootstrap)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from cotpress.types import FloatArray, IntArray

Sums: TypeAlias = Mapping[str, FloatArray]
Statistic: TypeAlias = Callable[[Sums], FloatArray]

RESAMPLES, LEVEL, SEED = 2000, 0.95, 0
CELLS = 1 << 22  # drawn at a time, so that memory does not grow with the benchmark


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its interval, `low` <= `value` <= `high`; NaN or infinite where it is not defined."""

    value: float
    low: float
    high: float

    def as_dict(self) -> dict[str, float | None]:
        """For JSON: None where it is not defined."""
        named = {"value": self.value, "low": self.low, "high": self.high}
        return {name: float(number) if np.isfinite(number) else None for name, number in named.items()}


def of_sums(columns: Sums, statistics: Mapping[str, Statistic]) -> dict[str, Estimate]:
    """Each statistic of the columns' sums, such as a ratio of two of them; columns are arrays [problems].

    All statistics see the same resamples, so what is computed from two runs on the same problems is paired.
    """
    names, table = list(columns), np.stack(list(columns.values()), axis=1)
    drawn = np.concatenate([_counts(rows, len(table)) @ table for rows in _resamples(len(table))])
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = {name: table[:, at].sum(keepdims=True) for at, name in enumerate(names)}
        resampled = {name: drawn[:, at] for at, name in enumerate(names)}
        return {
            name: _estimate(float(statistic(whole)[0]), statistic(resampled)) for name, statistic in statistics.items()
        }


def of_median(values: FloatArray) -> Estimate:
    """The median of values [problems]."""
    if not len(values):
        return Estimate(np.nan, np.nan, np.nan)
    drawn = np.concatenate([np.median(values[rows], axis=1) for rows in _resamples(len(values))])
    return _estimate(float(np.median(values)), drawn)


def _resamples(size: int) -> Iterator[IntArray]:
    """Indices of the problems drawn, in blocks [resamples, problems]; the same for every call."""
    rng, block = np.random.default_rng(SEED), max(1, CELLS // max(size, 1))
    sizes = [min(block, RESAMPLES - start) for start in range(0, RESAMPLES, block)]
    return (rng.integers(0, max(size, 1), (rows, size)) for rows in sizes)


def _counts(rows: IntArray, size: int) -> FloatArray:
    """How often each problem was drawn: [resamples, problems]."""
    flat = rows + np.arange(len(rows))[:, None] * size
    return np.bincount(flat.ravel(), minlength=len(rows) * size).reshape(len(rows), size).astype(np.float64)


def _estimate(value: float, drawn: FloatArray) -> Estimate:
    """The percentile interval, widened where need be so that it holds the estimate."""
    defined = drawn[~np.isnan(drawn)]
    if np.isnan(value) or not len(defined):
        return Estimate(value, np.nan, np.nan)
    # Without interpolation: a quantile may be infinite, where some resamples have no right answer.
    low, high = np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], method="inverted_cdf")
    return Estimate(value, min(float(low), value), max(float(high), value))
