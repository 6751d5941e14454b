"""Budgets by difficulty: traces of easy questions keep less, those of hard ones more, all together one ratio.

A trace of difficulty d keeps the share c (1 + (spread - 1) d) of its tokens, at most all: one of a hardest question
keeps `spread` times as much as one of an easiest. c is such that all traces together keep the ratio that was asked for.
It is found exactly, in fractions; it rises with the ratio, so that smaller budgets nest in larger ones for each trace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

from cotpress.errors import OptionError
from cotpress.pruning.budget import KeepRatio
from cotpress.types import FloatArray

DEFAULT_SPREAD: Final = 2.0  # a hardest question's trace keeps twice the share of an easiest one's
MAX_SPREAD: Final = 1000.0
DIFFICULTY_STEPS: Final = 1000  # difficulties are told apart to a thousandth, so that memory does not grow


@dataclass(frozen=True, slots=True)
class DifficultyBudgets:
    """The keep ratio of each difficulty.

    Args:
        keep: the ratio of all traces together, and of each trace without a difficulty.
        share: what a trace of difficulty 0 keeps.
        spread: how many times that a trace of difficulty 1 keeps, at most all of it.
    """

    keep: KeepRatio
    share: Fraction
    spread: Fraction

    def find(self, difficulty: float | None) -> KeepRatio:
        """The budget of a trace of that difficulty, 0 to 1, or of one without."""
        if difficulty is None:
            return self.keep
        return KeepRatio(min(Fraction(1), self.share * _compute_weight(find_level(difficulty), self.spread)))


def find_level(difficulty: float) -> int:
    """A difficulty in thousandths.

    >>> find_level(2 / 3)
    667
    """
    return round(difficulty * DIFFICULTY_STEPS)


def parse_spread(spread: float) -> Fraction:
    """The spread as an exact fraction.

    Raises:
        OptionError: it is no number from 1 to 1000.

    >>> parse_spread(2.5)
    Fraction(5, 2)
    """
    if isinstance(spread, bool) or not isinstance(spread, int | float) or not 1 <= spread <= MAX_SPREAD:
        raise OptionError(
            f"The spread {spread} is out of range.",
            f"It is how many times the share of an easy question a hard one keeps, from 1 to {MAX_SPREAD:g}.",
        )
    return Fraction(str(spread))


def fit_difficulty_budgets(
    tokens: Mapping[int, int], keep: KeepRatio, spread: float = DEFAULT_SPREAD
) -> DifficultyBudgets:
    """The budgets at which traces of these difficulties keep the ratio together.

    Args:
        tokens: the tokens of all traces of a level, as `find_level` gives it.
        keep: the ratio of all.
        spread: how many times the share of difficulty 0 that of difficulty 1 is, from 1 to 1000.

    Raises:
        OptionError: the spread is out of range.

    >>> from cotpress.pruning import parse_keep_ratio
    >>> budgets = fit_difficulty_budgets({0: 100, 1000: 100}, parse_keep_ratio("0.6"))
    >>> budgets.find(0.0).fraction, budgets.find(1.0).fraction, budgets.find(None).fraction
    (Fraction(2, 5), Fraction(4, 5), Fraction(3, 5))
    """
    exact = parse_spread(spread)
    return DifficultyBudgets(keep, _find_share(tokens, keep.fraction, exact), exact)


def find_joint_ratios(tokens: Mapping[int, int], spread: float, difficulty: float, ratios: FloatArray) -> FloatArray:
    """The ratios of all traces together from which on one of a difficulty keeps these shares of its own tokens.

    Args:
        tokens: the tokens of all traces of a level, as `find_level` gives it.
        spread: as in `fit_difficulty_budgets`.
        difficulty: of the trace, 0 to 1.
        ratios: shares of its tokens, each 0 to 1.

    Raises:
        OptionError: the spread is out of range.

    >>> find_joint_ratios({0: 100, 1000: 100}, 2.0, 1.0, np.array([0.0, 0.8, 1.0])).round(3).tolist()
    [0.0, 0.6, 0.75]
    """
    exact = parse_spread(spread)
    shares = np.asarray(ratios, np.float64) / float(_compute_weight(find_level(difficulty), exact))
    joint = np.zeros_like(shares)
    for level, count in tokens.items():
        joint += count * np.minimum(1.0, shares * float(_compute_weight(level, exact)))
    return joint / max(1, sum(tokens.values()))


def _find_share(tokens: Mapping[int, int], keep: Fraction, spread: Fraction) -> Fraction:
    """The c of the module's formula: what would keep more than all keeps all, and the others share what is left."""
    levels = [(_compute_weight(level, spread), count) for level, count in sorted(tokens.items(), reverse=True) if count]
    budget = keep * sum(count for _, count in levels)
    weighted = sum((weight * count for weight, count in levels), Fraction(0))
    for weight, count in levels:
        if budget * weight <= weighted:
            return budget / weighted
        budget -= count
        weighted -= weight * count
    return keep  # there is no trace with a difficulty


def _compute_weight(level: int, spread: Fraction) -> Fraction:
    return 1 + (spread - 1) * Fraction(level, DIFFICULTY_STEPS)
