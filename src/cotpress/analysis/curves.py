"""Accuracy along the realized ratio: the curve of one method, read off between its points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from cotpress.analysis.evaluation_groups import EvaluationGroup, Treatment
from cotpress.types import FloatArray

CURVE_COLUMNS = ("kind", "method", "granularity", "symbols")


@dataclass(frozen=True, slots=True, eq=False)
class AccuracyCurve:
    """One method at all its keep ratios, in a panel.

    `ratios` [points] are realized ones, ascending; `accuracy` is [points, draws]; `baseline_index` [draws] is the
    uncompressed student's accuracy, None without one. It stands for the realized ratio 1.
    """

    group: EvaluationGroup
    kind: str
    method: str
    granularity: str
    symbols: bool
    ratios: FloatArray
    accuracy: FloatArray
    baseline_accuracy: FloatArray | None

    @property
    def labels(self) -> dict[str, Any]:
        """The columns that name it."""
        return {**self.group.labels, **{name: getattr(self, name) for name in CURVE_COLUMNS}}

    def append_baseline(self) -> tuple[FloatArray, FloatArray]:
        """Ratios and accuracies with the uncompressed student as the last point, where there is one."""
        if self.baseline_accuracy is None or self.ratios[-1] >= 1:
            return self.ratios, self.accuracy
        return np.append(self.ratios, 1.0), np.concatenate([self.accuracy, self.baseline_accuracy[None]])

    def interpolate(self, ratio: float) -> FloatArray | None:
        """Draws of the accuracy at a realized ratio, linear between the points next to it; None outside them."""
        ratios, accuracy = self.append_baseline()
        if not ratios[0] <= ratio <= ratios[-1]:
            return None
        after = min(int(np.searchsorted(ratios, ratio)), len(ratios) - 1)
        before = max(after - 1, 0)
        width = ratios[after] - ratios[before]
        share = (ratio - ratios[before]) / width if width > 0 else 1.0
        between: FloatArray = (1 - share) * accuracy[before] + share * accuracy[after]
        return between


def build_curves(panel: EvaluationGroup) -> Iterator[AccuracyCurve]:
    """Every criterion's and level's curve; treatments come sorted by method."""
    accuracy = panel.accuracy
    baseline = None if panel.baseline_index is None else accuracy[panel.baseline_index]
    curve_points = [(at, treatment) for at, treatment in enumerate(panel.treatments) if _is_curve_point(treatment)]
    for _, members in groupby(curve_points, key=lambda pair: tuple(getattr(pair[1], name) for name in CURVE_COLUMNS)):
        points = sorted(members, key=lambda pair: pair[1].realized)
        first = points[0][1]
        yield AccuracyCurve(
            panel,
            first.kind,
            first.method,
            first.granularity,
            first.symbols,
            np.array([treatment.realized for _, treatment in points]),
            accuracy[[at for at, _ in points]],
            baseline,
        )


def _is_curve_point(treatment: Treatment) -> bool:
    """Whether it is a level, or pruning to a keep ratio. What keep "auto" prunes is shared out over the traces in
    another way, so it is no point of the curve of ratios."""
    of_method = not np.isnan(treatment.keep) if treatment.is_pruning else treatment.kind == "level"
    return of_method and not np.isnan(treatment.realized)


def average_over_common_ratios(*several: AccuracyCurve) -> FloatArray | None:
    """Draws of each curve's accuracy, [curves, draws]: the mean over the realized ratios that all of them cover.

    They are read at the points of each; the uncompressed student, which all share, is no such point. None where the
    curves do not overlap.
    """
    ratios = np.unique(np.concatenate([curve.ratios for curve in several]))
    read = [[curve.interpolate(ratio) for curve in several] for ratio in ratios[ratios < 1]]
    known = [[draws for draws in row if draws is not None] for row in read]
    stacked = [np.stack(row) for row in known if len(row) == len(several)]
    return np.mean(stacked, axis=0) if stacked else None
