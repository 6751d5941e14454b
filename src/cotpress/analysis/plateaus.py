"""Plateaus: how far traces can be shortened before accuracy falls, and how fast it then does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from cotpress.analysis.bootstrap_draws import compute_certain_interval, compute_interval, quotient
from cotpress.analysis.constants import RETENTION_THRESHOLD
from cotpress.analysis.curves import AccuracyCurve, build_curves
from cotpress.analysis.evaluation_groups import build_evaluation_groups
from cotpress.analysis.frames import DataFrame, build_frame, check_keep_ratios
from cotpress.errors import OptionError
from cotpress.tables import StudyTables
from cotpress.types import FloatArray

_LABEL_COLUMNS = ("condition", "domain", "regime", "student", "benchmark", "kind", "method", "granularity", "symbols")
_INTERVAL_COLUMNS = ("width", "knee", "drop")
COLUMNS = (
    *(*_LABEL_COLUMNS, "points", "problems", "lowest", "width_most"),
    *(f"{name}{end}" for name in _INTERVAL_COLUMNS for end in ("", "_low", "_high")),
)
AT_RATIO_COLUMNS = (*_LABEL_COLUMNS, "ratio", "accuracy", "low", "high")
_FLATNESS_TOLERANCE = 1e-9  # accuracy; less is rounding


def tabulate_plateaus(tables: StudyTables, threshold: float = RETENTION_THRESHOLD) -> DataFrame:
    """One row a curve (a criterion's, over its keep ratios), at least two points of which were measured.

    lowest: the smallest measured realized ratio from which on, upwards, every point keeps `threshold` of the
    uncompressed student's accuracy; 1 where none does. width: 1 - lowest, the plateau. It ends between this ratio and
    the next smaller one that was measured: it is at least `width` and less than `width_most`, which is 1 where no
    measured ratio loses the accuracy. `width_low` and `width_high` are the outer ends of both. knee: the realized ratio
    where the curve stands highest above the chord between its ends (Satopää et al. 2011, "Kneedle"; the greatest
    vertical distance), NaN where it nowhere does. drop: accuracy lost for each 0.1 of ratio below `lowest`, on the
    way to the smallest ratio; NaN where the plateau reaches it. NaN without an uncompressed student, or with one that
    was never right.

    Each resample of the problems has a plateau, a knee and a drop of its own; where more than a twentieth of them has
    none, the ends of that interval are NaN: the data do not say whether there is one at all.

    Raises:
        OptionError: the threshold is not above 0, or above 1.

    >>> from cotpress.tables import build_study_tables
    >>> list(tabulate_plateaus(build_study_tables({}), threshold=0.8).columns)[-4:]
    ['knee_high', 'drop', 'drop_low', 'drop_high']
    """
    if not 0 < threshold <= 1:
        raise OptionError(f"The threshold {threshold} is no share of accuracy.", "Give a number above 0, at most 1.")
    pruning = (curve for panel in build_evaluation_groups(tables) for curve in build_curves(panel) if curve.granularity)
    return build_frame((_build_row(curve, threshold) for curve in pruning if len(curve.ratios) > 1), COLUMNS)


def tabulate_at_ratio(tables: StudyTables, ratio: float) -> DataFrame:
    """One row for each curve that reaches this realized ratio: its accuracy there, linear between measured points.

    The uncompressed student is the point at 1. Nothing is extrapolated. Levels have curves too.

    Raises:
        OptionError: the ratio is not in 0..1.

    >>> from cotpress.tables import build_study_tables
    >>> list(tabulate_at_ratio(build_study_tables({}), 0.5).columns)[-4:]
    ['ratio', 'accuracy', 'low', 'high']
    """
    return build_frame(_build_ratio_rows(tables, *check_keep_ratios([ratio])), AT_RATIO_COLUMNS)


def find_plateau_edges(curve: AccuracyCurve, threshold: float) -> tuple[FloatArray, FloatArray]:
    """Draws of `lowest`, and of the next smaller ratio measured, where accuracy is lost: the plateau ends between the
    two. The latter is 0 where no measured ratio loses it, so that the end is not known.

    NaN where the uncompressed student is never right: nothing can be lost of nothing.
    """
    ratios, accuracy = curve.append_baseline()
    if curve.baseline_accuracy is None:
        return np.full(accuracy.shape[1], np.nan), np.full(accuracy.shape[1], np.nan)
    good = accuracy >= threshold * curve.baseline_accuracy - 1e-12
    from_here_up = np.logical_and.accumulate(good[::-1], axis=0)[::-1]
    lowest: FloatArray = np.where(from_here_up, ratios[:, None], 1.0).min(axis=0)
    lost: FloatArray = np.where(from_here_up, 0.0, ratios[:, None]).max(axis=0)
    known = curve.baseline_accuracy > 0
    return np.where(known, lowest, np.nan), np.where(known, lost, np.nan)


def _build_ratio_rows(tables: StudyTables, ratio: float) -> Iterator[dict[str, Any]]:
    for panel in build_evaluation_groups(tables):
        for curve in build_curves(panel):
            drawn = curve.interpolate(ratio)
            if drawn is not None:
                value, low, high = compute_interval(drawn)
                yield {**curve.labels, "ratio": ratio, "accuracy": value, "low": low, "high": high}


def _build_row(curve: AccuracyCurve, threshold: float) -> dict[str, Any]:
    lowest, lost = find_plateau_edges(curve, threshold)
    row = {
        **curve.labels,
        "points": len(curve.ratios),
        "problems": curve.group.problems,
        "lowest": float(lowest[0]),
        "width_most": float(1 - lost[0]),
    }
    for name, drawn in zip(
        _INTERVAL_COLUMNS, (1 - lowest, _find_knees(curve), _compute_drops(curve, lowest)), strict=True
    ):
        row[name], row[f"{name}_low"], row[f"{name}_high"] = compute_certain_interval(drawn)
    row["width_high"] = compute_certain_interval(1 - lost)[2]
    return row


def _find_knees(curve: AccuracyCurve) -> FloatArray:
    """Draws of `knee`; of points that stand equally high the one of the smallest ratio."""
    ratios, accuracy = curve.append_baseline()
    if curve.baseline_accuracy is None or ratios[-1] <= ratios[0]:
        return np.full(accuracy.shape[1], np.nan)
    along = (ratios - ratios[0]) / (ratios[-1] - ratios[0])
    above = accuracy - (accuracy[0] + along[:, None] * (accuracy[-1] - accuracy[0]))
    highest = above.max(axis=0)
    return np.where(
        highest > _FLATNESS_TOLERANCE, ratios[(above >= highest - _FLATNESS_TOLERANCE).argmax(axis=0)], np.nan
    )


def _compute_drops(curve: AccuracyCurve, lowest: FloatArray) -> FloatArray:
    """Draws of `drop`, each from its own end of the plateau."""
    ratios, accuracy = curve.append_baseline()
    edge = np.minimum(np.searchsorted(ratios, lowest), len(ratios) - 1)  # what is not known sorts to the end
    lost = accuracy[edge, np.arange(len(edge))] - accuracy[0]
    return np.where(lowest > ratios[0], quotient(0.1 * lost, lowest - ratios[0]), np.nan)
