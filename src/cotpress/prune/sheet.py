"""One trace made ready: cut, counted, laid out and ranked, before any budget."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cotpress.criteria import Evidence, get_criterion
from cotpress.prune.layout import Layout, lay_out
from cotpress.prune.method import Method
from cotpress.prune.protect import compile_patterns, protected_units
from cotpress.prune.ranking import Ranking, rank
from cotpress.segment import Segmentation, segment
from cotpress.tokens import TokenCounter, tokens_per_segment
from cotpress.types import BoolArray, IntArray, Signals, Trace


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One trace cut, counted and laid out once, so that many methods and budgets can be applied to it.

    `costs` [units] are tokens by the counter in use; without one each unit is a token. `held` and
    `layouts` remember what every criterion and budget shares: the units [units] that a set of
    protections marks, and the layout of a granularity.
    """

    trace: Trace
    segmentation: Segmentation
    costs: IntArray
    counter: TokenCounter | None = None
    held: dict[tuple[object, ...], BoolArray] = field(default_factory=dict)
    layouts: dict[str, Layout] = field(default_factory=dict)

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
    return Sheet(trace, cut, costs, counter)


def rank_sheet(sheet: Sheet, method: Method, signals: Signals | None) -> Ranked:
    """Order the sheet's steps or units by the method's criterion, protected ones first."""
    cut, layout = sheet.segmentation, _layout(sheet, method.granularity)
    evidence = Evidence(
        text=cut.text,
        segments=layout.bounds,
        steps=cut.steps,
        signals=signals,
        reduction=method.reduction,
        seed=f"{method.seed}:{sheet.trace.id}",
    )
    importance = get_criterion(method.criterion).importance(evidence)
    costs, protected, groups = sheet.costs, _held(sheet, method), cut.groups
    if method.granularity == "step":
        first_unit = np.searchsorted(cut.units, cut.steps[:-1])
        costs, protected, groups = np.add.reduceat(costs, first_unit), np.logical_or.reduceat(protected, first_unit), ()
    return Ranked(sheet, layout, rank(importance, costs, protected, groups), method.fill)


def _layout(sheet: Sheet, granularity: str) -> Layout:
    if granularity not in sheet.layouts:
        cut = sheet.segmentation
        by_step = granularity == "step"
        sheet.layouts[granularity] = lay_out(
            cut.text, cut.steps if by_step else cut.units, () if by_step else cut.groups
        )
    return sheet.layouts[granularity]


def _held(sheet: Sheet, method: Method) -> BoolArray:
    key = (method.protect, method.patterns)
    if key not in sheet.held:
        patterns = compile_patterns(method.patterns)
        sheet.held[key] = protected_units(sheet.trace, sheet.segmentation, method.protect, patterns)
    return sheet.held[key]
