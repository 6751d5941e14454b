"""Which lengths a level allows a trace, by all choices of its steps and of what their sentences may lose."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from cotpress.rewriting.levels import Level
from cotpress.rewriting.rules.parsed_trace import parse_trace
from cotpress.rewriting.rules.phrase_deletions import VERBATIM
from cotpress.rewriting.rules.step_choice import StepChoice, list_step_choices
from cotpress.rewriting.rules.text_changes import find_deletions, find_shortenings
from cotpress.types import Trace

MAX_STEPS = 16  # whose choices are all looked at
MAX_DELETIONS = 6  # of one sentence whose combinations are all looked at
HEADING_UNITS = 6  # of a template's headings and its answer


def is_attainable(trace: Trace, level: Level, ratio: float, tolerance: float) -> bool:
    """Whether any text that the rules of a level could form of a trace has a length within the tolerance of a budget.

    Lengths are in units, and about right: what joins sentences is not counted. Of long traces only the prefixes of the
    ranking are looked at. In every choice a step stands with what it needs, and of a short trace all steps stay but
    dead ends.

    Args:
        trace: what is rewritten.
        level: one that has rules.
        ratio: the share of the units to aim at, 0..1.
        tolerance: how far from it a length may be, as a share of it.

    >>> from cotpress.rewriting.levels import get_level
    >>> trace = Trace("1", "", "Tom has 2 pens. Ann has 3 pens. So 2 + 3 = 5 pens. The answer is 5.", "5")
    >>> [is_attainable(trace, get_level("edit"), ratio, 0.2) for ratio in (0.9, 0.1)]
    [True, False]
    """
    parsed = parse_trace(trace, (), ratio)
    preserves = level.rules == "preserve"
    choice = StepChoice(parsed, find_deletions if preserves else find_shortenings, VERBATIM if preserves else 1.0)
    around = HEADING_UNITS if level.rules == "replace" else 0
    aim, slack = ratio * parsed.unit_count, tolerance * ratio * parsed.unit_count + 1e-9
    return any(abs(length + around - aim) <= slack for length in list_lengths(choice))


def list_lengths(choice: StepChoice) -> set[int]:
    """The lengths in units of all choices of steps, with and without what their sentences may lose; of many steps, of
    the prefixes of their ranking, which lie close enough."""
    if len(choice.sentences_of) > MAX_STEPS:
        ranking = choice.ranking
        return set(np.cumsum(ranking.costs)[max(0, ranking.protected_blocks - 1) :].tolist())
    lengths: set[int] = set()
    for kept in list_step_choices(choice):
        totals = {int(choice.costs[kept].sum())}
        for step in np.flatnonzero(kept).tolist():
            for at in choice.sentences_of[step]:
                totals = {total - saved for total in totals for saved in _list_savings(choice, at)}
        lengths |= totals
    return lengths


def _list_savings(choice: StepChoice, at: int) -> set[int]:
    """How many units each combination of a sentence's deletions saves, 0 among them."""
    found = choice.optional_of(at)[:MAX_DELETIONS]
    chosen = (some for count in range(len(found) + 1) for some in combinations(found, count))
    return {choice.count_saved(at, some) for some in chosen}
