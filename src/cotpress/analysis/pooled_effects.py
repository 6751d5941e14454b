"""An effect pooled over comparisons, with the t distribution that so few seeds and comparisons call for.

A bootstrap sees only what it drew: of three seeds or four comparisons its percentiles lie too close to the estimate.
So seeds and comparisons are drawn one fewer than there are (which makes the variance right; McCarthy and Snowden 1985),
and the distance from the estimate to the end of the 95% percentile interval (at least 1.96 standard deviations) is
stretched by t / 1.96, where t is that of the effect's degrees of freedom (Satterthwaite 1946) at the level wanted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from cotpress.analysis.bootstrap_draws import average_draws, compute_interval, pool_draws
from cotpress.analysis.t_distribution import compute_critical_value, compute_upper_tail
from cotpress.types import FloatArray

NORMAL_QUANTILE = 1.959964  # of the 95% interval that is stretched


@dataclass(frozen=True, slots=True, eq=False)
class PooledEffect:
    """Draws of an effect, [draws], the estimate first, and its degrees of freedom (infinite for plain percentiles)."""

    draws: FloatArray
    freedom: float = math.inf

    def compute_interval(self, level: float) -> tuple[float, float, float]:
        """Value, low and high of the interval that misses the truth with probability `level`, 0..1."""
        value, down, up = self._compute_reach()
        stretch = compute_critical_value(level / 2, self.freedom) / NORMAL_QUANTILE
        return value, value - down * stretch, value + up * stretch

    def compute_p_above(self, threshold: float) -> float:
        """The one-sided p-value of the effect lying above the threshold: small where it does."""
        value, down, up = self._compute_reach()
        distance = value - threshold
        reach = down if distance > 0 else up
        if distance == 0 or reach == 0:
            return 0.5 if distance == 0 else float(distance < 0)
        return compute_upper_tail(NORMAL_QUANTILE * distance / reach, self.freedom)

    def _compute_reach(self) -> tuple[float, float, float]:
        """The value, and how far the 95% interval reaches down and up from it before it is stretched.

        The means of so few things as seeds have no tails: their percentiles lie within 1.96 standard deviations.
        """
        value, low, high = compute_interval(self.draws)
        normal = 0.0 if math.isinf(self.freedom) else NORMAL_QUANTILE * float(np.nanstd(self.draws[1:]))
        return value, max(value - low, normal), max(high - value, normal)

    def compute_p_below(self, threshold: float) -> float:
        """The same of its lying below."""
        return PooledEffect(-self.draws, self.freedom).compute_p_above(-threshold)


def pool_effects(drawn: FloatArray, freedom: float) -> PooledEffect:
    """The mean of several comparisons' draws [comparisons, draws], which are resampled too; `freedom` is that of what
    is within them, such as the seeds.

    The noise within a comparison is also in how comparisons differ, so that resampling both counts it twice. It is
    taken out once (draws are drawn together by as much), but never so much that less than the noise within is left.

    >>> alike = np.tile(np.linspace(-1, 1, 1001), (4, 1))
    >>> pool_effects(alike, 8.0).freedom
    8.0
    """
    draws, count = pool_draws(drawn), len(drawn)
    total, within = (float(np.nanvar(one[1:])) for one in (draws, average_draws(drawn)))
    if total == 0:
        return PooledEffect(draws, max(count - 1.0, 1.0))
    known = drawn[np.isfinite(drawn[:, 1:]).any(axis=1), 1:]  # a comparison may have no figure in any draw
    apart = float(np.nanvar(known, axis=1).mean()) / count if len(known) else 0.0
    variance = max(within, total - apart)
    between = variance - within
    terms = (between**2 / (count - 1) if count > 1 else 0.0) + within**2 / freedom
    narrowed = draws[0] + (draws - draws[0]) * np.sqrt(variance / total)
    return PooledEffect(narrowed, variance**2 / terms if terms > 0 else max(count - 1.0, 1.0))


def combine_all(p_values: Iterable[float]) -> float:
    """The p-value of all of these together: that of the weakest (intersection-union test, Berger 1982)."""
    return max(p_values)


def combine_any(p_values: Iterable[float]) -> float:
    """The p-value of at least one of these: the smallest, corrected for their number (Bonferroni)."""
    given = list(p_values)
    return min(1.0, len(given) * min(given))
