"""Evidence on restructuring levels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cotpress.analyze.bootstrap import SEED, mean, weights
from cotpress.analyze.panel import Panel
from cotpress.analyze.restructuring import LEVELS, ByLevel, by_level, slope, trend
from cotpress.analyze.verdict import ENOUGH_PROBLEMS, Evidence, of_panels, told
from cotpress.types import FloatArray

FREE = ("fuse", "replace")  # levels that give the steps up
ENOUGH_RUNS = 6  # of each level


def falling(panels: Sequence[Panel]) -> Evidence:
    """Accuracy lost a level, in math; refuted where a level is better than the one before."""
    read = [(panel, by_level(panel)) for panel in panels if panel.domain.casefold() == "math"]
    found = [(panel, levels) for panel, levels in read if levels is not None and levels.names == LEVELS]
    each = [of_panels([(panel, levels.accuracies[at]) for panel, levels in found], "") for at in range(len(LEVELS))]
    drawn = [one.drawn for one in each if one.drawn is not None]
    if len(drawn) < len(LEVELS):
        first = [(panel, levels.accuracies[0]) for panel, levels in found]
        return of_panels(first, "all four levels in the domain math")
    accuracies, text = np.stack(drawn), f"{each[0].text}{_at_own_lengths([levels for _, levels in found])}"
    return Evidence(slope(LEVELS, accuracies), text, trend(LEVELS, accuracies).falls is False)


def _at_own_lengths(found: Sequence[ByLevel]) -> str:
    """That levels were not compared at one length, and why."""
    why = sorted({levels.unmatched for levels in found} - {""})
    return f" Levels differ in length too: {', '.join(why)}." if why else ""


def rewriting_general(panels: Sequence[Panel]) -> Evidence:
    """Accuracy of fuse and replace less that of preserve, in general domains."""
    found = []
    for panel in panels:
        levels = by_level(panel) if panel.domain.casefold() == "general" else None
        if levels is not None and levels.names[0] == LEVELS[0]:
            free = [one for name, one in zip(levels.names, levels.accuracies, strict=True) if name in FREE]
            if free:
                found.append((panel, mean(np.stack(free)) - levels.accuracies[0]))
    return of_panels(found, "preserve, and fuse or replace, in the domain general")


def spread_of_replace(panels: Sequence[Panel]) -> Evidence:
    """Standard deviation of accuracy over the seeds with replace, less the largest of the other levels'."""
    enough = [panel for panel in panels if panel.problems >= ENOUGH_PROBLEMS]
    squares = {level: _squares(enough, level) for level in LEVELS}
    seen = {level: found for level, found in squares.items() if len(found) >= ENOUGH_RUNS}
    others = [level for level in seen if level != "replace"]
    if "replace" not in seen or not others:
        need = f"Needs replace and another level with {ENOUGH_RUNS} runs each, in groups of at least two seeds"
        return Evidence(None, f"{need}, on at least {ENOUGH_PROBLEMS} problems.")
    spreads = {level: _spread(found, LEVELS.index(level)) for level, found in seen.items()}
    largest = np.stack([spreads[level] for level in others]).max(axis=0)
    runs = f"{min(map(len, seen.values()))} runs a level"
    return Evidence(spreads["replace"] - largest, f"{runs}: {told(enough)}")


def _squares(panels: Sequence[Panel], level: str) -> FloatArray:
    """Squared deviations of each run's accuracy from the mean of its seeds, scaled to be unbiased, [runs]."""
    runs = [
        one.accuracies for panel in panels for one in panel.treatments if one.kind == "level" and one.method == level
    ]
    scaled = [(seeds - seeds.mean()) ** 2 * len(seeds) / (len(seeds) - 1) for seeds in runs if len(seeds) > 1]
    return np.concatenate(scaled) if scaled else np.zeros(0)


def _spread(squares: FloatArray, at: int) -> FloatArray:
    """Draws of the standard deviation; runs are resampled, each level's by itself."""
    drawn: FloatArray = np.sqrt(weights(len(squares), SEED + 2 + at) @ squares / len(squares))
    return drawn
