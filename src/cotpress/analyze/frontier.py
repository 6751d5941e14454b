"""The frontier: how far traces can be shortened before accuracy falls, and how fast it then does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from cotpress.analyze.bootstrap import interval_of, quotient, sure_interval
from cotpress.analyze.curves import Curve, curves
from cotpress.analyze.frames import Frame, frame
from cotpress.analyze.panel import panels
from cotpress.analyze.ratios import fractions_kept
from cotpress.errors import OptionError
from cotpress.tables import Tables
from cotpress.types import FloatArray

_NAMES = ("condition", "domain", "regime", "student", "benchmark", "kind", "method", "granularity", "symbols")
_FIGURES = ("width", "knee", "drop")
COLUMNS = (
    *(*_NAMES, "points", "problems", "lowest"),
    *(f"{name}{end}" for name in _FIGURES for end in ("", "_low", "_high")),
)
AT_COLUMNS = (*_NAMES, "ratio", "accuracy", "low", "high")
THRESHOLD = 0.9
_FLAT = 1e-9  # accuracy; less is rounding


def frontier(tables: Tables, threshold: float = THRESHOLD) -> Frame:
    """One row a curve (a criterion's, over its keep ratios), at least two points of which were measured.

    lowest: the smallest measured realized ratio from which on, upwards, every point keeps `threshold` of the
    uncompressed student's accuracy; 1 where none does. width: 1 - lowest, the plateau. knee: the realized ratio
    where the curve stands highest above the chord between its ends (Satopää et al. 2011, "Kneedle"; the greatest
    vertical distance), NaN where it nowhere does. drop: accuracy lost for each 0.1 of ratio below `lowest`, on the
    way to the smallest ratio; NaN where the plateau reaches it. NaN without an uncompressed student, or with one that
    was never right.

    Each resample of the problems has a plateau, a knee and a drop of its own; where more than a twentieth of them has
    none, the ends of that interval are NaN: the data do not say whether there is one at all.

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
    return frame(_read(tables, *fractions_kept([ratio])), AT_COLUMNS)


def plateau(curve: Curve, threshold: float) -> FloatArray:
    """Draws of `lowest`, NaN where the uncompressed student is never right: nothing can be lost of nothing."""
    ratios, accuracy = curve.closed()
    if curve.baseline is None:
        return np.full(accuracy.shape[1], np.nan)
    good = accuracy >= threshold * curve.baseline - 1e-12
    from_here_up = np.logical_and.accumulate(good[::-1], axis=0)[::-1]
    lowest: FloatArray = np.where(from_here_up, ratios[:, None], 1.0).min(axis=0)
    return np.where(curve.baseline > 0, lowest, np.nan)


def _read(tables: Tables, ratio: float) -> Iterator[dict[str, Any]]:
    for panel in panels(tables):
        for curve in curves(panel):
            drawn = curve.at(ratio)
            if drawn is not None:
                value, low, high = interval_of(drawn)
                yield {**curve.labels, "ratio": ratio, "accuracy": value, "low": low, "high": high}


def _row(curve: Curve, threshold: float) -> dict[str, Any]:
    lowest = plateau(curve, threshold)
    row = {
        **curve.labels,
        "points": len(curve.ratios),
        "problems": curve.panel.problems,
        "lowest": float(lowest[0]),
    }
    for name, drawn in zip(_FIGURES, (1 - lowest, _knees(curve), _drops(curve, lowest)), strict=True):
        row[name], row[f"{name}_low"], row[f"{name}_high"] = sure_interval(drawn)
    return row


def _knees(curve: Curve) -> FloatArray:
    """Draws of `knee`; of points that stand equally high the one of the smallest ratio."""
    ratios, accuracy = curve.closed()
    if curve.baseline is None or ratios[-1] <= ratios[0]:
        return np.full(accuracy.shape[1], np.nan)
    along = (ratios - ratios[0]) / (ratios[-1] - ratios[0])
    above = accuracy - (accuracy[0] + along[:, None] * (accuracy[-1] - accuracy[0]))
    highest = above.max(axis=0)
    return np.where(highest > _FLAT, ratios[(above >= highest - _FLAT).argmax(axis=0)], np.nan)


def _drops(curve: Curve, lowest: FloatArray) -> FloatArray:
    """Draws of `drop`, each from its own end of the plateau."""
    ratios, accuracy = curve.closed()
    edge = np.minimum(np.searchsorted(ratios, lowest), len(ratios) - 1)  # what is not known sorts to the end
    lost = accuracy[edge, np.arange(len(edge))] - accuracy[0]
    return np.where(lowest > ratios[0], quotient(0.1 * lost, lowest - ratios[0]), np.nan)
