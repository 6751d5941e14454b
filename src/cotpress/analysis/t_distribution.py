"""Student's t distribution, which the intervals of few seeds and few comparisons need; numpy has no tail of it."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

_NORMAL_FREEDOM = 200.0  # from so many degrees of freedom on, the normal distribution is as good
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)


def compute_upper_tail(value: float, freedom: float) -> float:
    """P(T > value) with so many degrees of freedom (above 0, not necessarily whole, or infinite).

    By Gauss-Legendre quadrature of the density after t = sqrt(freedom) tan(angle), where it is a power of a cosine.

    >>> round(compute_upper_tail(3.182, 3), 4), round(compute_upper_tail(1.96, math.inf), 4)
    (0.025, 0.025)
    """
    if value < 0:
        return 1 - compute_upper_tail(-value, freedom)
    if freedom >= _NORMAL_FREEDOM:
        return 0.5 * math.erfc(value / math.sqrt(2))
    start = math.atan(value / math.sqrt(freedom))
    half = (math.pi / 2 - start) / 2
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(math.pi)
    return float(scale * half * (_WEIGHTS * np.cos(start + half * (_NODES + 1)) ** (freedom - 1)).sum())


@lru_cache(maxsize=10_000)
def compute_critical_value(tail: float, freedom: float) -> float:
    """The value above which T lies with probability `tail`, 0 < tail <= 0.5; by bisection.

    >>> round(compute_critical_value(0.025, 3), 3), round(compute_critical_value(0.025, math.inf), 3)
    (3.182, 1.96)
    """
    low, high = 0.0, 1.0
    while compute_upper_tail(high, freedom) > tail:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if compute_upper_tail(middle, freedom) > tail else (low, middle)
    return high
