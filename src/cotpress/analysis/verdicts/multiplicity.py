"""Holm's correction: many verdicts on one study, and one level for all of them together."""

from __future__ import annotations

from collections.abc import Sequence

from cotpress.analysis.verdicts.judgement import FAMILY_LEVEL


def compute_holm_levels(p_values: Sequence[float], family_level: float = FAMILY_LEVEL) -> list[float]:
    """The level that each two-sided p-value is held against, in the order given (Holm 1979).

    The smallest is held against family_level / n, the next against family_level / (n - 1), and so on, until one is not
    within its level; all that come after it are held against that one's, and thereby not decided either. So the chance
    that any of them is decided wrongly is at most `family_level`, however they depend on each other.

    >>> [round(level, 4) for level in compute_holm_levels([0.2, 0.001, 0.02])]
    [0.05, 0.0167, 0.025]
    """
    levels, level, stopped = [0.0] * len(p_values), 0.0, False
    for rank, at in enumerate(sorted(range(len(p_values)), key=lambda place: p_values[place])):
        level = level if stopped else family_level / (len(p_values) - rank)
        stopped = stopped or p_values[at] > level
        levels[at] = level
    return levels
