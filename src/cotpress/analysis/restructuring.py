"""How far the structure of a rewrite may go: accuracy by level, and whether it falls with restructuring."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cotpress.analysis.bootstrap_draws import compute_interval
from cotpress.analysis.constants import LEVEL_ORDER
from cotpress.analysis.curves import build_curves
from cotpress.analysis.evaluation_groups import EvaluationGroup, build_evaluation_groups
from cotpress.analysis.frames import DataFrame, build_frame
from cotpress.tables import StudyTables
from cotpress.types import FloatArray

COLUMNS = (
    *("condition", "domain", "regime", "student", "benchmark", "level", "target", "realized", "restructuring"),
    *("accuracy", "low", "high", "matched"),
)
MONOTONICITY_COLUMNS = (
    *("condition", "domain", "regime", "student", "benchmark", "levels", "at", "unmatched"),
    *("drop", "low", "high", "largest_rise", "falls"),
)


@dataclass(frozen=True, slots=True, eq=False)
class LevelAccuracies:
    """A panel's levels in order, and their accuracies [levels, draws], read `ratio` a realized ratio that all of them
    cover; where there is none, `ratio` is NaN, `unmatched` says why, and they are means of each level's own points."""

    levels: tuple[str, ...]
    ratio: float
    unmatched: str
    accuracies: FloatArray


@dataclass(frozen=True, slots=True)
class LevelTrend:
    """How accuracy goes with the level: the mean `drop` a level, its interval, and the `largest_rise` between two
    neighbours. `falls`: True or False where the intervals decide it, else None."""

    drop: float
    low: float
    high: float
    largest_rise: float
    falls: bool | None


def tabulate_restructuring(tables: StudyTables) -> DataFrame:
    """One row for each condition, student, benchmark, level and target.

    restructuring: mean over the traces, 0 (all steps kept) .. 1. matched: the best accuracy of any pruning curve at
    the same realized ratio, linear between measured points; NaN where none reaches it. As the best of several it is
    a little too high.

    >>> from cotpress.tables import build_study_tables
    >>> list(tabulate_restructuring(build_study_tables({})).columns)[-4:]
    ['accuracy', 'low', 'high', 'matched']
    """
    return build_frame((row for panel in build_evaluation_groups(tables) for row in _build_rows(panel)), COLUMNS)


def tabulate_monotonicity(tables: StudyTables) -> DataFrame:
    """One row for each condition, student and benchmark with at least two levels: does accuracy fall with the level?

    drop: the slope of the least-squares line through the levels' accuracies (preserve, edit, fuse, replace as 0..3),
    negated: accuracy lost a level. falls: True where the interval of `drop` is above 0 and no level is better than
    the one before beyond chance, False where either is refuted, else None. Levels are read `ratio` a realized ratio
    that all of them cover; where there is none, `ratio` is NaN, `unmatched` says why ("one point a level" has nothing
    to read between) and each level's own points are averaged, so that levels then differ in length too.

    >>> from cotpress.tables import build_study_tables
    >>> list(tabulate_monotonicity(build_study_tables({})).columns)[-4:]
    ['low', 'high', 'largest_rise', 'falls']
    """
    read = ((panel, collect_level_accuracies(panel)) for panel in build_evaluation_groups(tables))
    return build_frame(
        (_build_trend_row(panel, levels) for panel, levels in read if levels is not None), MONOTONICITY_COLUMNS
    )


def collect_level_accuracies(panel: EvaluationGroup) -> LevelAccuracies | None:
    """The levels with their accuracies; None for less than two."""
    by_level = {
        curve.method: curve for curve in build_curves(panel) if curve.kind == "level" and curve.method in LEVEL_ORDER
    }
    names = tuple(level for level in LEVEL_ORDER if level in by_level)
    if len(names) < 2:
        return None
    curves = [by_level[level] for level in names]
    low, high = max(curve.ratios[0] for curve in curves), min(curve.ratios[-1] for curve in curves)
    if low <= high:
        at = float(low + high) / 2
        return LevelAccuracies(
            names, at, "", np.stack([drawn for curve in curves if (drawn := curve.interpolate(at)) is not None])
        )
    single = all(len(curve.ratios) == 1 for curve in curves)
    own = np.stack([curve.accuracy.mean(axis=0) for curve in curves])
    return LevelAccuracies(names, float("nan"), "one point a level" if single else "no ratio in common", own)


def fit_trend(names: Sequence[str], accuracies: FloatArray) -> LevelTrend:
    """The trend of accuracies [levels, draws] over the named levels, in order."""
    drop, low, high = compute_interval(compute_slope(names, accuracies))
    rises = [compute_interval(rise) for rise in np.diff(accuracies, axis=0)]
    refuted = high < 0 or any(bottom > 0 for _, bottom, _ in rises)
    falls = False if refuted else (True if low > 0 else None)
    return LevelTrend(drop, low, high, max(rise for rise, _, _ in rises), falls)


def compute_slope(names: Sequence[str], accuracies: FloatArray) -> FloatArray:
    """Draws of the accuracy lost a level, [draws]: the least-squares slope, negated."""
    places = np.array([LEVEL_ORDER.index(name) for name in names], dtype=float)
    centred = places - places.mean()
    lost: FloatArray = -(centred @ accuracies) / (centred @ centred)
    return lost


def _build_trend_row(panel: EvaluationGroup, levels: LevelAccuracies) -> dict[str, Any]:
    trend = fit_trend(levels.levels, levels.accuracies)
    read = {"levels": len(levels.levels), "at": levels.ratio, "unmatched": levels.unmatched}
    figures = {"drop": trend.drop, "low": trend.low, "high": trend.high}
    rest = {"largest_rise": trend.largest_rise, "falls": trend.falls}
    return {**panel.labels, **read, **figures, **rest}


def _build_rows(panel: EvaluationGroup) -> Iterator[dict[str, Any]]:
    pruning = [curve for curve in build_curves(panel) if curve.granularity]
    for at, treatment in enumerate(panel.treatments):
        if treatment.kind == "level":
            value, low, high = compute_interval(panel.accuracy[at])
            read = [drawn for curve in pruning if (drawn := curve.interpolate(treatment.realized)) is not None]
            figures = {"accuracy": value, "low": low, "high": high}
            matched = max((float(drawn[0]) for drawn in read), default=float("nan"))
            points = {"realized": treatment.realized, "restructuring": treatment.restructuring}
            yield {
                **panel.labels,
                "level": treatment.method,
                "target": treatment.keep,
                **points,
                **figures,
                "matched": matched,
            }
