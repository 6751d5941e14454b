"""One trace made ready: cut, counted, laid out and ranked, before any budget."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cotpress.criteria import Evidence, get_criterion
from cotpress.prune.layout import Layout, lay_out
from cotpress.prune.method import Method
from cotpress.prune.protect import compile_patterns, protected_units
from cotpress.prune.ranking import Ranking, rank
from cotpress.segment import Segmentation, segment
from cotpress.tokens import TokenCounter, tokens_per_segment
from cotpress.types import IntArray, Signals, Trace


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One trace cut, counted and laid out once, so that many methods and budgets can be applied to it.

    `costs` [units] are tokens by the counter in use; without one each unit is a token.
    """

    trace: Trace
    segmentation: Segmentation
    costs: IntArray
    by_unit: Layout
    by_step: Layout
    counter: TokenCounter | None = None

    @property
    def tokens(self) -> int:
        """Tokens of the whole reasoning."""
        return int(self.costs.sum())


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """A sheet with the order in which one method would delete from it."""

    sheet: Sheet
    layout: Layout
    ranking: Ranking
    fill: bool


def prepare(trace: Trace, steps: str = "auto", counter: TokenCounter | None = None) -> Sheet:
    """Segment and count one trace."""
    cut = segment(trace.reasoning, steps)
    if counter is None:
        costs = np.ones(len(cut.kinds), dtype=np.int64)
    else:
        costs = tokens_per_segment(counter.offsets(trace.reasoning), cut.units)
    by_unit = lay_out(cut.text, cut.units, cut.groups)
    return Sheet(trace, cut, costs, by_unit, lay_out(cut.text, cut.steps), counter)


def rank_sheet(sheet: Sheet, method: Method, signals: Signals | None) -> Ranked:
    """Order the sheet's steps or units by the method's criterion, protected ones first."""
    cut, by_step = sheet.segmentation, method.granularity == "step"
    evidence = Evidence(
        text=cut.text,
        segments=cut.steps if by_step else cut.units,
        steps=cut.steps,
        signals=signals,
        reduction=method.reduction,
        seed=f"{method.seed}:{sheet.trace.id}",
    )
    importance = get_criterion(method.criterion).importance(evidence)
    protected = protected_units(sheet.trace, cut, method.protect, compile_patterns(method.patterns))
    if not by_step:
        return Ranked(sheet, sheet.by_unit, rank(importance, sheet.costs, protected, cut.groups), method.fill)
    first_unit = np.searchsorted(cut.units, cut.steps[:-1])
    costs = np.add.reduceat(sheet.costs, first_unit)
    held = np.logical_or.reduceat(protected, first_unit)
    return Ranked(sheet, sheet.by_step, rank(importance, costs, held), method.fill)
