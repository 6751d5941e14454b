"""The frontier: how far traces can be shortened before accuracy falls, and how fast it then does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from cotpress.analyze.bootstrap import interval_of
from cotpress.analyze.curves import Curve, curves
from cotpress.analyze.frames import Frame, frame
from cotpress.analyze.panel import panels
from cotpress.errors import OptionError
from cotpress.tables import Tables
from cotpress.types import FloatArray

_NAMES = ("condition", "domain", "regime", "student", "benchmark", "kind", "method", "granularity", "symbols")
COLUMNS = (*_NAMES, "points", "problems", "lowest", "width", "width_low", "width_high", "knee", "drop")
AT_COLUMNS = (*_NAMES, "ratio", "accuracy", "low", "high")
THRESHOLD = 0.9


def frontier(tables: Tables, threshold: float = THRESHOLD) -> Frame:
    """One row a curve (a criterion's, over its keep ratios), at least two points of which were measured.

    lowest: the smallest measured realized ratio from which on, upwards, every point keeps `threshold` of the
    uncompressed student's accuracy; 1 where none does. width: 1 - lowest, the plateau. knee: the realized ratio
    where the curve stands highest above the chord between its ends (Satopää et al. 2011, "Kneedle"; the greatest
    vertical distance), NaN where it nowhere does. drop: accuracy lost for each 0.1 of ratio below `lowest`, on the
    way to the smallest ratio; NaN where the plateau reaches it. NaN without an uncompressed student.

    Raises:
        OptionError: the threshold is not above 0, or above 1.
    """
    if not 0 < threshold <= 1:
        raise OptionError(f"The threshold {threshold} is no share of accuracy.", "Give a number above 0, at most 1.")
    pruning = (curve for panel in panels(tables) for curve in curves(panel) if curve.granularity)
    return frame((_row(curve, threshold) for curve in pruning if len(curve.ratios) > 1), COLUMNS)


def at_ratio(tables: Tables, ratio: float) -> Frame:
    """One row for each curve that reaches this realized ratio: its accuracy there, linear between measured points.

    The uncompressed student is the point at 1. Nothing is extrapolated. Levels have curves too.

    Raises:
        OptionError: the ratio is not in 0..1.
    """
    if not 0 <= ratio <= 1:
        raise OptionError(f"The ratio {ratio} is no fraction kept.", "Give a number from 0 to 1.")
    return frame(_read(tables, ratio), AT_COLUMNS)


def plateau(curve: Curve, threshold: float) -> FloatArray:
    """Draws of `lowest`."""
    ratios, accuracy = curve.closed()
    if curve.baseline is None:
        return np.full(accuracy.shape[1], np.nan)
    good = accuracy >= threshold * curve.baseline - 1e-12
    from_here_up = np.logical_and.accumulate(good[::-1], axis=0)[::-1]
    lowest: FloatArray = np.where(from_here_up, ratios[:, None], 1.0).min(axis=0)
    return lowest


def _read(tables: Tables, ratio: float) -> Iterator[dict[str, Any]]:
    for panel in panels(tables):
        for curve in curves(panel):
            drawn = curve.at(ratio)
            if drawn is not None:
                value, low, high = interval_of(drawn)
                yield {**curve.labels, "ratio": ratio, "accuracy": value, "low": low, "high": high}


def _row(curve: Curve, threshold: float) -> dict[str, Any]:
    lowest = plateau(curve, threshold)
    width, low, high = interval_of(1 - lowest)
    return {
        **curve.labels,
        "points": len(curve.ratios),
        "problems": curve.panel.problems,
        "lowest": float(lowest[0]),
        "width": width,
        "width_low": low,
        "width_high": high,
        "knee": _knee(curve),
        "drop": _drop(curve, float(lowest[0])),
    }


def _knee(curve: Curve) -> float:
    ratios, drawn = curve.closed()
    height = drawn[:, 0]
    if curve.baseline is None or ratios[-1] <= ratios[0]:
        return float("nan")
    above = height - np.interp(ratios, ratios[[0, -1]], height[[0, -1]])
    return float(ratios[above.argmax()]) if above.max() > 1e-9 else float("nan")


def _drop(curve: Curve, lowest: float) -> float:
    ratios, drawn = curve.closed()
    if not ratios[0] < lowest:
        return float("nan")
    height = drawn[:, 0]
    lost = float(height[np.searchsorted(ratios, lowest)] - height[0])
    return 0.1 * lost / (lowest - float(ratios[0]))
