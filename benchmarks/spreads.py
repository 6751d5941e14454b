"""How figures that vary are told: the median, with the lowest and the highest."""

from __future__ import annotations

import statistics
from collections.abc import Sequence


def spread(figures: Sequence[float], shape: str) -> str:
    """Median, lowest and highest: "1.25 (1.20 to 1.31)"."""
    middle, low, high = (format(one, shape) for one in (statistics.median(figures), min(figures), max(figures)))
    return f"{middle} ({low} to {high})"


def ratios(these: Sequence[float], those: Sequence[float]) -> list[float]:
    """These divided by those, round by round."""
    return [one / other for one, other in zip(these, those, strict=True)]
