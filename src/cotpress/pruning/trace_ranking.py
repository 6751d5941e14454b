"""One trace made ready: cut, counted, laid out and ranked, before any budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from cotpress.criteria import Evidence, Order
from cotpress.pruning.element_tags import place_tags
from cotpress.pruning.group_tree import DelimiterGroups
from cotpress.pruning.method import Method
from cotpress.pruning.protection import mark_leading_symbols, mark_protected_units
from cotpress.pruning.ranking import Ranking, rank_segments
from cotpress.pruning.reassembly import WhitespaceLayout, compute_layout
from cotpress.text import Segmentation, find_unit_blocks, segment
from cotpress.token_counting import TokenCounter, count_tokens_per_segment
from cotpress.types import BoolArray, IntArray, Signals, Trace


@dataclass(frozen=True, slots=True, eq=False)
class PreparedTrace:
    """One trace cut, counted and laid out once, so that many methods and budgets can be applied to it.

    `costs` [units] are tokens by the counter in use; without one each unit is a token. `protected_masks`, `blocks` and
    `layouts` remember what every criterion and budget shares: the units [units] that a set of protections marks, the
    groups of units that live and die together, and the layout of a granularity.
    """

    trace: Trace
    segmentation: Segmentation
    costs: IntArray
    counter: TokenCounter | None = None
    protected_masks: dict[tuple[object, ...], BoolArray] = field(default_factory=dict)
    layouts: dict[str, WhitespaceLayout] = field(default_factory=dict)
    blocks: dict[str, DelimiterGroups] = field(default_factory=dict)

    @property
    def tokens(self) -> int:
        """Tokens of the whole reasoning."""
        return int(self.costs.sum())


@dataclass(frozen=True, slots=True, eq=False)
class RankedTrace:
    """A prepared trace with the order in which a method deletes from it."""

    prepared: PreparedTrace
    ranking: Ranking
    granularity: str
    formulas: str
    fill: bool
    drop_restatements: bool = False

    @property
    def layout(self) -> WhitespaceLayout:
        """The white space before each segment; found when something is first cut out."""
        return get_layout(self.prepared, self.granularity, self.formulas)


def prepare_trace(trace: Trace, steps: str = "auto", counter: TokenCounter | None = None) -> PreparedTrace:
    """Segment and count one trace.

    >>> prepare_trace(Trace('1', '2+3?', '2 + 3 = 5.')).tokens
    6
    """
    known = _prepare_in_units(trace, steps)
    if counter is not None:
        costs = count_tokens_per_segment(counter.find_offsets(trace.reasoning), known.segmentation.units)
        return PreparedTrace(trace, known.segmentation, costs, counter)
    if known.trace is not trace:  # an equal one of another row
        return PreparedTrace(trace, known.segmentation, known.costs)
    return known


@lru_cache(maxsize=2)
def _prepare_in_units(trace: Trace, steps: str) -> PreparedTrace:
    """What is pruned is pruned at random right after, for comparison; it is prepared once."""
    cut = segment(trace.reasoning, steps)
    return PreparedTrace(trace, cut, np.ones(len(cut.kinds), dtype=np.int64))


def rank_trace(prepared: PreparedTrace, method: Method, signals: Sequence[Signals] = ()) -> RankedTrace:
    """Order a trace's steps or units by the method's criterion, protected ones first.

    Args:
        prepared: the trace, cut and counted.
        method: every choice but the budget and the model.
        signals: what each source says of the trace; of sources that give the same signal the last one counts.

    Raises:
        ModelError: a signal that the criterion reads is missing, or the criterion's result is unsound.

    >>> prepared = prepare_trace(Trace('1', '2+3?', 'Two and three.\\n\\n2 + 3 = 5.', '5'))
    >>> rank_trace(prepared, Method('tail', protect=())).ranking.order.tolist()
    [1, 0]
    """
    evidence = build_evidence(prepared, method, signals)
    order = method.resolved_criterion.rank(evidence)
    if method.puts_symbols_first:
        order = order.put_first(mark_leading_symbols(prepared.segmentation, _get_blocks(prepared, method.formulas)))
    return bind_order(prepared, method, order, evidence.costs, evidence.protected)


def build_evidence(prepared: PreparedTrace, method: Method, signals: Sequence[Signals] = ()) -> Evidence:
    """What the method's criterion is given of a trace.

    >>> len(build_evidence(prepare_trace(Trace('1', '2+3?', 'Two and three.\\n\\n2 + 3 = 5.')), Method('tail')))
    2
    """
    cut, costs, protected = prepared.segmentation, prepared.costs, _get_protected_mask(prepared, method)
    if method.granularity == "step":
        first_unit = np.searchsorted(cut.units, cut.steps[:-1])
        costs, protected = np.add.reduceat(costs, first_unit), np.logical_or.reduceat(protected, first_unit)
    return Evidence(
        trace=prepared.trace,
        segmentation=cut,
        granularity=method.granularity,
        costs=costs,
        protected=protected,
        signals={name: scored for scored in signals for name in scored.values},
        reduction=method.resolved_reduction,
        seed=f"{method.seed}:{prepared.trace.id}",
    )


def bind_order(
    prepared: PreparedTrace, method: Method, order: Order, costs: IntArray, protected: BoolArray
) -> RankedTrace:
    """The ranked trace that an order of its segments makes, with what must stay together bound.

    Args:
        prepared: the trace, cut and counted.
        method: the granularity, and whether blocks are chosen out of order.
        order: all segments, the most important first.
        costs: [segments], tokens of each.
        protected: [segments], which stay whatever the budget.

    >>> prepared = prepare_trace(Trace('1', '2+3?', 'Two and three.\\n\\n2 + 3 = 5.'))
    >>> order, evidence = Order(np.array([1, 0])), build_evidence(prepared, Method('tail'))
    >>> bind_order(prepared, Method('tail'), order, evidence.costs, evidence.protected).ranking.order.tolist()
    [1, 0]
    """
    cut, by_step = prepared.segmentation, method.granularity == "step"
    groups: DelimiterGroups = () if by_step else _get_blocks(prepared, method.formulas)
    if by_step:
        order = place_tags(order, cut)
        order = replace(order, requires=(*order.requires, *cut.requires))
    ranking = rank_segments(order, costs, protected, groups, method.fill, method.resolved_criterion.gives_coverage)
    return RankedTrace(prepared, ranking, method.granularity, method.formulas, method.fill, method.drop_restatements)


def _get_blocks(prepared: PreparedTrace, formulas: str) -> DelimiterGroups:
    if formulas not in prepared.blocks:
        prepared.blocks[formulas] = find_unit_blocks(prepared.segmentation, formulas)
    return prepared.blocks[formulas]


def get_layout(prepared: PreparedTrace, granularity: str, formulas: str = "whole") -> WhitespaceLayout:
    """The white space before each step or unit, found once for a trace.

    Args:
        prepared: the trace, cut and counted.
        granularity: "step" or "token".
        formulas: a name of FORMULA_MODES; no blank is put between a delimiter that it tells and what it encloses.

    >>> prepared = prepare_trace(Trace('1', '2+3?', '2 + 3 = 5.'))
    >>> get_layout(prepared, "token") is get_layout(prepared, "token")
    True
    """
    cut, by_step = prepared.segmentation, granularity == "step"
    key = "step" if by_step else f"token/{formulas}"
    if key not in prepared.layouts:
        groups = () if by_step else _get_blocks(prepared, formulas)
        prepared.layouts[key] = compute_layout(cut.text, cut.steps if by_step else cut.units, groups)
    return prepared.layouts[key]


def _get_protected_mask(prepared: PreparedTrace, method: Method) -> BoolArray:
    key = (method.strict_protections, tuple(method.patterns))
    if key not in prepared.protected_masks:
        prepared.protected_masks[key] = mark_protected_units(
            prepared.trace, prepared.segmentation, method.strict_protections, method.patterns
        )
    return prepared.protected_masks[key]
