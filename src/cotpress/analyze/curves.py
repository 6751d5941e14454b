"""Accuracy along the realized ratio: the curve of one method, read off between its points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from cotpress.analyze.panel import Panel, Treatment
from cotpress.types import FloatArray

NAMED = ("kind", "method", "granularity", "symbols")


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One method at all its keep ratios, in a panel.

    `ratios` [points] are realized ones, ascending; `accuracy` is [points, draws]; `baseline` [draws] is the
    uncompressed student's accuracy, None without one. It stands for the realized ratio 1.
    """

    panel: Panel
    kind: str
    method: str
    granularity: str
    symbols: bool
    ratios: FloatArray
    accuracy: FloatArray
    baseline: FloatArray | None

    @property
    def labels(self) -> dict[str, Any]:
        """The columns that name it."""
        return {**self.panel.labels, **{name: getattr(self, name) for name in NAMED}}

    def closed(self) -> tuple[FloatArray, FloatArray]:
        """Ratios and accuracies with the uncompressed student as the last point, where there is one."""
        if self.baseline is None or self.ratios[-1] >= 1:
            return self.ratios, self.accuracy
        return np.append(self.ratios, 1.0), np.concatenate([self.accuracy, self.baseline[None]])

    def at(self, ratio: float) -> FloatArray | None:
        """Draws of the accuracy at a realized ratio, linear between the points next to it; None outside them."""
        ratios, accuracy = self.closed()
        if not ratios[0] <= ratio <= ratios[-1]:
            return None
        after = min(int(np.searchsorted(ratios, ratio)), len(ratios) - 1)
        before = max(after - 1, 0)
        width = ratios[after] - ratios[before]
        share = (ratio - ratios[before]) / width if width > 0 else 1.0
        between: FloatArray = (1 - share) * accuracy[before] + share * accuracy[after]
        return between


def curves(panel: Panel) -> Iterator[Curve]:
    """Every criterion's and level's curve; treatments come sorted by method."""
    accuracy = panel.accuracy
    baseline = None if panel.baseline is None else accuracy[panel.baseline]
    told = [(at, one) for at, one in enumerate(panel.treatments) if _on_a_curve(one)]
    for _, members in groupby(told, key=lambda pair: tuple(getattr(pair[1], name) for name in NAMED)):
        points = sorted(members, key=lambda pair: pair[1].realized)
        first = points[0][1]
        yield Curve(
            panel,
            first.kind,
            first.method,
            first.granularity,
            first.symbols,
            np.array([one.realized for _, one in points]),
            accuracy[[at for at, _ in points]],
            baseline,
        )


def _on_a_curve(one: Treatment) -> bool:
    return (one.prunes or one.kind == "level") and not np.isnan(one.realized)


def together(*several: Curve) -> FloatArray | None:
    """Draws of each curve's accuracy, [curves, draws]: the mean over the realized ratios that all of them cover.

    They are read at the points of each; the uncompressed student, which all share, is no such point. None where the
    curves do not overlap.
    """
    ratios = np.unique(np.concatenate([one.ratios for one in several]))
    read = [[one.at(ratio) for one in several] for ratio in ratios[ratios < 1]]
    found = [np.stack([one for one in row if one is not None]) for row in read if all(one is not None for one in row)]
    return np.mean(found, axis=0) if found else None
