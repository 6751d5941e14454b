"""How far the structure of a rewrite may go: accuracy by level, and whether it falls with restructuring."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cotpress.analyze.bootstrap import interval_of
from cotpress.analyze.curves import curves
from cotpress.analyze.frames import Frame, frame
from cotpress.analyze.panel import Panel, panels
from cotpress.tables import Tables
from cotpress.types import FloatArray

LEVELS = ("preserve", "edit", "fuse", "replace")
COLUMNS = (
    *("condition", "domain", "regime", "student", "benchmark", "level", "target", "realized", "restructuring"),
    *("accuracy", "low", "high", "matched"),
)
MONOTONICITY = (
    *("condition", "domain", "regime", "student", "benchmark", "levels", "at", "unmatched"),
    *("drop", "low", "high", "largest_rise", "falls"),
)


@dataclass(frozen=True, slots=True, eq=False)
class ByLevel:
    """A panel's levels in order, and their accuracies [levels, draws], read `at` a realized ratio that all of them
    cover; where there is none, `at` is NaN, `unmatched` says why, and they are means of each level's own points."""

    names: tuple[str, ...]
    at: float
    unmatched: str
    accuracies: FloatArray


@dataclass(frozen=True, slots=True)
class Trend:
    """How accuracy goes with the level: the mean `drop` a level, its interval, and the `largest_rise` between two
    neighbours. `falls`: True or False where the intervals decide it, else None."""

    drop: float
    low: float
    high: float
    largest_rise: float
    falls: bool | None


def restructuring(tables: Tables) -> Frame:
    """One row for each condition, student, benchmark, level and target.

    restructuring: mean over the traces, 0 (all steps kept) .. 1. matched: the best accuracy of any pruning curve at
    the same realized ratio, linear between measured points; NaN where none reaches it. As the best of several it is
    a little too high.
    """
    return frame((row for panel in panels(tables) for row in _rows(panel)), COLUMNS)


def monotonicity(tables: Tables) -> Frame:
    """One row for each condition, student and benchmark with at least two levels: does accuracy fall with the level?

    drop: the slope of the least-squares line through the levels' accuracies (preserve, edit, fuse, replace as 0..3),
    negated: accuracy lost a level. falls: True where the interval of `drop` is above 0 and no level is better than
    the one before beyond chance, False where either is refuted, else None. Levels are read `at` a realized ratio that
    all of them cover; where there is none, `at` is NaN, `unmatched` says why ("one point a level" has nothing to read
    between) and each level's own points are averaged, so that levels then differ in length too.
    """
    read = ((panel, by_level(panel)) for panel in panels(tables))
    return frame((_trend_row(panel, levels) for panel, levels in read if levels is not None), MONOTONICITY)


def by_level(panel: Panel) -> ByLevel | None:
    """The levels with their accuracies; None for less than two."""
    found = {curve.method: curve for curve in curves(panel) if curve.kind == "level" and curve.method in LEVELS}
    names = tuple(level for level in LEVELS if level in found)
    if len(names) < 2:
        return None
    told = [found[level] for level in names]
    low, high = max(one.ratios[0] for one in told), min(one.ratios[-1] for one in told)
    if low <= high:
        at = float(low + high) / 2
        return ByLevel(names, at, "", np.stack([drawn for one in told if (drawn := one.at(at)) is not None]))
    single = all(len(one.ratios) == 1 for one in told)
    own = np.stack([one.accuracy.mean(axis=0) for one in told])
    return ByLevel(names, float("nan"), "one point a level" if single else "no ratio in common", own)


def trend(names: Sequence[str], accuracies: FloatArray) -> Trend:
    """The trend of accuracies [levels, draws] over the named levels, in order."""
    drop, low, high = interval_of(slope(names, accuracies))
    rises = [interval_of(rise) for rise in np.diff(accuracies, axis=0)]
    refuted = high < 0 or any(bottom > 0 for _, bottom, _ in rises)
    falls = False if refuted else (True if low > 0 else None)
    return Trend(drop, low, high, max(rise for rise, _, _ in rises), falls)


def slope(names: Sequence[str], accuracies: FloatArray) -> FloatArray:
    """Draws of the accuracy lost a level, [draws]: the least-squares slope, negated."""
    places = np.array([LEVELS.index(name) for name in names], dtype=float)
    centred = places - places.mean()
    lost: FloatArray = -(centred @ accuracies) / (centred @ centred)
    return lost


def _trend_row(panel: Panel, levels: ByLevel) -> dict[str, Any]:
    found = trend(levels.names, levels.accuracies)
    read = {"levels": len(levels.names), "at": levels.at, "unmatched": levels.unmatched}
    figures = {"drop": found.drop, "low": found.low, "high": found.high}
    rest = {"largest_rise": found.largest_rise, "falls": found.falls}
    return {**panel.labels, **read, **figures, **rest}


def _rows(panel: Panel) -> Iterator[dict[str, Any]]:
    pruning = [curve for curve in curves(panel) if curve.granularity]
    for at, one in enumerate(panel.treatments):
        if one.kind == "level":
            value, low, high = interval_of(panel.accuracy[at])
            read = [drawn for curve in pruning if (drawn := curve.at(one.realized)) is not None]
            figures = {"accuracy": value, "low": low, "high": high}
            matched = max((float(drawn[0]) for drawn in read), default=float("nan"))
            points = {"realized": one.realized, "restructuring": one.restructuring}
            yield {**panel.labels, "level": one.method, "target": one.keep, **points, **figures, "matched": matched}
