"""The backbone of a trace: its steps in the order in which the answer needs them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

import numpy as np

from cotpress.backbone.answer_terms import find_anchors, measure_connection
from cotpress.backbone.coverage import AskedContent, order_by_coverage
from cotpress.backbone.definitions import MAX_DEFINITION_TOKENS, find_definitions
from cotpress.backbone.need import compute_need
from cotpress.backbone.parameters import BackboneParameters
from cotpress.backbone.sequels import find_sequels
from cotpress.backbone.step_quality import compute_quality, compute_rate
from cotpress.backbone.step_rates import StepRates
from cotpress.backbone.trace_steps import TraceSteps, read_trace_steps
from cotpress.types import FloatArray, IntArray, Trace


@dataclass(frozen=True, slots=True, eq=False)
class Backbone:
    """What the answer rests on.

    `order` [steps]: the most needed first. `importance` [steps], 0..1: 1 - the share of the needed content that the
    steps before it in the order cover. `need` [steps]: how much rests on each step. `requires`: what stays together.
    """

    order: IntArray
    importance: FloatArray
    need: FloatArray
    requires: tuple[tuple[int, int], ...] = field(default=())


def find_backbone(
    trace: Trace,
    steps: Sequence[str],
    costs: IntArray,
    parameters: BackboneParameters | None = None,
    requires: Sequence[tuple[int, int]] = (),
) -> Backbone:
    """Which steps of a trace the answer rests on.

    Args:
        trace: question, answer and gold answer say what is given and what is asked for.
        steps: the texts of its steps.
        costs: [steps], tokens of each.
        parameters: the numbers of the method; None for those that were chosen.
        requires: pairs (step, needed) that hold already, such as a lead-in and what it introduces.

    >>> trace = Trace("1", "2+3, times 4?", "", "20")
    >>> find_backbone(trace, ["Let me see.", "2+3=5.", "5*4=20."], np.array([4, 6, 6])).order.tolist()
    [2, 1, 0]
    """
    chosen = parameters or BackboneParameters()
    return _find_backbone(trace, tuple(steps), tuple(costs.tolist()), chosen, tuple(requires))


@lru_cache(maxsize=2)  # asked for again where single units of the same steps are ranked
def _find_backbone(
    trace: Trace,
    whole_steps: tuple[str, ...],
    step_costs: tuple[int, ...],
    chosen: BackboneParameters,
    requires: tuple[tuple[int, int], ...],
) -> Backbone:
    steps = read_trace_steps(trace, whole_steps, step_costs, chosen)
    quality = compute_quality(steps, chosen)
    need = _compute_need(steps, quality, chosen)
    if not chosen.coverage:
        return _order_by_need(need, quality, steps.costs)
    pairs = _bind_steps(steps, chosen)
    rates = _build_rates(steps, compute_rate(steps, quality, chosen), [*requires, *pairs], chosen)
    worth = _compute_worth(steps, need * quality, chosen.in_question)
    asked = AskedContent(_compute_asked(steps, need * quality, chosen.in_question), chosen.enough)
    covered = order_by_coverage(steps.terms, steps.mentions, worth, rates, chosen.reuse, asked)
    importance = np.empty(len(whole_steps))
    importance[covered.steps] = 1.0 - covered.covered_before
    return Backbone(covered.steps, importance, need, tuple(pairs))


def _compute_need(steps: TraceSteps, quality: FloatArray, chosen: BackboneParameters) -> FloatArray:
    """[n]: how much rests on each step, from the answer backwards."""
    connection = measure_connection(steps.texts, steps.terms, steps.question)
    start = quality * (chosen.unconnected + (1 - chosen.unconnected) * connection)
    np.add.at(start, find_anchors(steps.answer, steps.terms, steps.dead), chosen.anchor)
    return np.array(compute_need(steps.terms, steps.mentions, steps.given, start.tolist(), chosen.flow))


def _bind_steps(steps: TraceSteps, chosen: BackboneParameters) -> list[tuple[int, int]]:
    """Pairs (step, needed) by what steps say; those by their shape are the segmentation's."""
    pairs = _bind_dead_ends(steps.dead_ends) if chosen.bind else []
    if chosen.define:
        able = set(np.flatnonzero(steps.costs <= MAX_DEFINITION_TOKENS).tolist()) - steps.dead
        pairs += find_definitions(steps.terms, steps.mentions, steps.given, able)
    if chosen.follow:
        pairs += find_sequels(steps.texts, steps.dead)
        concluding = np.flatnonzero(steps.concluding).tolist()
        pairs += [(place, steps.settled) for place in concluding if place > steps.settled]
    return pairs


def _bind_dead_ends(dead_ends: Sequence[tuple[int, ...]]) -> list[tuple[int, int]]:
    """Pairs by which each step of a dead end needs all others of it."""
    neighbours = [pair for dead_end in dead_ends for pair in pairwise(dead_end)]
    return [pair for left, right in neighbours for pair in ((left, right), (right, left))]


def _build_rates(
    steps: TraceSteps, rate: FloatArray, requires: Sequence[tuple[int, int]], chosen: BackboneParameters
) -> StepRates:
    after, costs = steps.after, steps.costs.astype(np.float64) + chosen.overhead
    apart = np.where(after, chosen.apart_after, chosen.apart)
    return StepRates(rate, costs, apart, requires, np.where(after, chosen.waiting, 1.0))


def _compute_worth(steps: TraceSteps, factors: FloatArray, in_question: float) -> dict[str, float]:
    """What covering each term is worth: the sum over the steps that mention it of their factor times its weight."""
    worth: dict[str, float] = defaultdict(float)
    for step, factor in zip(steps.terms, factors.tolist(), strict=True):
        for term, weight in step.weights.items():
            worth[term] += factor * weight * (in_question if term in steps.given else 1.0)
    return worth


def _compute_asked(steps: TraceSteps, factors: FloatArray, in_question: float) -> dict[str, float]:
    """The same for the share that is covered: of the derivation alone, neither of dead ends nor of what follows the
    answer. A term of fifty mentions is not fifty times as much to know."""
    rested_on = ~steps.after
    rested_on[list(steps.dead)] = False
    worth = _compute_worth(steps, factors * rested_on, in_question)
    return {term: value / math.sqrt(len(steps.mentions[term])) for term, value in worth.items()}


def _order_by_need(need: FloatArray, quality: FloatArray, costs: IntArray) -> Backbone:
    order = np.argsort(-need * quality / costs, kind="stable")
    importance = np.empty(len(need))
    importance[order] = 1.0 - np.arange(len(need)) / max(1, len(need))
    return Backbone(order, importance, need)
