"""The backbone of a trace: its steps in the order in which the answer needs them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, pairwise
from typing import Final

import numpy as np

from cotpress.backbone.answer_terms import (
    CONCLUSION_TERM,
    add_answer,
    add_conclusion,
    find_anchors,
    find_first_result,
    measure_connection,
    read_answer,
)
from cotpress.backbone.claims import add_claims, add_verdicts
from cotpress.backbone.coverage import AskedContent, order_by_coverage
from cotpress.backbone.definitions import MAX_DEFINITION_TOKENS, find_definitions
from cotpress.backbone.digressions import find_checks, find_digressions
from cotpress.backbone.need import compute_need, index_terms
from cotpress.backbone.question_terms import find_repeats, read_given
from cotpress.backbone.recurrences import find_recurrences
from cotpress.backbone.sequels import find_sequels
from cotpress.backbone.settled import find_settled
from cotpress.backbone.step_rates import StepRates
from cotpress.backbone.terms import StepTerms, extract_terms
from cotpress.text.markers import mark_inferring, mark_reflective, mark_restating
from cotpress.text.reply_talk import speaks_of_reply
from cotpress.text.retractions import find_dead_ends
from cotpress.text.step_shapes import asks, is_bare_plan
from cotpress.text.tag_lines import drop_lone_tags
from cotpress.types import BoolArray, FloatArray, IntArray, Trace


@dataclass(frozen=True, slots=True)
class BackboneParameters:
    """The numbers of the method; each was chosen on half of the problems (docs/results/backbone.md).

    Args:
        flow: the share of its need that a step passes on to what it rests on; 0 turns the flow off.
        anchor: what the answer adds to the need of the steps that state it.
        in_question: the factor of a term's worth that the question has already.
        reflective: the factor of a step that doubts or checks, and of what follows it in its paragraph.
        checking: the factor of a step that checks the answer once it was reached.
        after: the factor of a step after the answer was stated for good (`find_settled`): checks, repeats, other ways.
        waiting: a further factor of the same, until `enough` of what the answer rests on is covered.
        enough: the share of it, 0..1. Coverage counts neither these steps nor dead ends.
        retracted: the factor of a wrong attempt and of its retraction.
        abandoned: the factor of a dead end of several steps, which goes as a whole: what it says the right steps cover.
        restating: the factor of a step that says it says something again, and results in nothing new.
        inferring: the factor of a step that says why something holds, or that it cannot, and doubts nothing.
        repeating: the factor of a step that only says again what the question says.
        recurring: the factor of a step whose terms an earlier step has nearly all.
        asking: the factor of a step that is a question to oneself.
        planning: the factor of a step that only says what will be done.
        replying: the factor of a step about the reply, the user or rules, not about the matter.
        unconnected: the least factor of the need of a step in words that shares none with the others.
        apart: the factor of a step while the step before it is not kept, so that kept steps lie together.
        apart_after: the same for what follows the answer: a check is read from its beginning, or not at all.
        reuse: the share of a term's worth for a step that neither mentions it first nor is the first to result in it.
        overhead: tokens that every step is taken to cost besides its own.
        answer: the weight of the answer's own words, where it is no number.
        conclusion: the weight of the last statement of the answer, so that the reasoning does not break off.
        claim: the weight of who is said with what, where a trace has no formulas.
        verdict: the weight of a conclusion in words, as a whole, where a trace has no formulas.
        bind: whether an attempt and its retraction stay or go together.
        define: whether a step that uses a name needs the step that says what it stands for.
        follow: whether a step that goes on from the one before needs it (`find_sequels`), and the last statement of the
            answer the first one.
        coverage: whether what is covered counts no more; without, steps are ordered by need for their cost.

    >>> BackboneParameters(flow=0).flow
    0
    """

    flow: float = 0.2
    anchor: float = 0.5
    in_question: float = 0.02
    reflective: float = 0.6
    checking: float = 0.65
    after: float = 0.8
    waiting: float = 0.02
    enough: float = 0.95
    retracted: float = 0.3
    abandoned: float = 0.01
    restating: float = 0.3
    inferring: float = 1.6
    repeating: float = 0.5
    recurring: float = 0.5
    asking: float = 0.5
    planning: float = 0.3
    replying: float = 0.3
    unconnected: float = 0.1
    apart: float = 0.7
    apart_after: float = 0.3
    reuse: float = 0.5
    overhead: float = 3.0
    answer: float = 0.5
    conclusion: float = 1.0
    claim: float = 0.1
    verdict: float = 0.5
    bind: bool = True
    define: bool = True
    follow: bool = True
    coverage: bool = True


NEED_ALONE: Final = BackboneParameters(apart=1.0, follow=False)
"""For whoever says the steps anew: it does not matter which of them lie together."""


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
    steps, costs = [drop_lone_tags(step) for step in whole_steps], np.array(step_costs, np.int64)
    answer = read_answer(trace)
    terms = add_answer([extract_terms(step) for step in steps], steps, answer, chosen.answer)
    terms = add_verdicts(add_claims(terms, steps, chosen.claim), steps, chosen.verdict)
    given = read_given(trace.question)
    dead_ends = find_dead_ends(steps)
    dead = frozenset(chain.from_iterable(dead_ends))
    settled = find_settled(steps, terms, answer, trace.question, dead)
    terms = add_conclusion(terms, steps, answer, chosen.conclusion, settled)
    mentions = index_terms(terms, dead)
    quality = _compute_quality(steps, dead, min(settled, find_first_result(answer, terms, dead)), chosen)
    quality *= np.where(_mark_mere_restatements(steps, terms, mentions, given), chosen.restating, 1.0)
    quality *= np.where(find_repeats(steps, terms, given, trace.question), chosen.repeating, 1.0)
    concludes = np.array([CONCLUSION_TERM in step.weights for step in terms], np.bool_)
    after = np.arange(len(steps)) > settled
    quality *= np.where(after, chosen.after, 1.0)
    quality[concludes], after[concludes] = 1.0, False  # however often it was checked before
    quality[_list_abandoned(dead_ends)] *= chosen.abandoned
    connection = measure_connection(steps, terms, trace.question)
    start = quality * (chosen.unconnected + (1 - chosen.unconnected) * connection)
    np.add.at(start, find_anchors(answer, terms, dead), chosen.anchor)
    need = np.array(compute_need(terms, mentions, given, start.tolist(), chosen.flow))
    if not chosen.coverage:
        return _order_by_need(need, quality, costs)
    worth = _compute_worth(terms, need * quality, given, chosen.in_question)
    pairs = _bind_dead_ends(dead_ends) if chosen.bind else []
    if chosen.define:
        pairs += find_definitions(terms, mentions, given, _list_able_to_define(costs) - dead)
    if chosen.follow:
        pairs += find_sequels(steps, dead)
        pairs += [(place, settled) for place in np.flatnonzero(concludes).tolist() if place > settled]
    rate = quality * np.where(find_recurrences(terms, mentions, dead), chosen.recurring, 1.0)
    rate *= np.where(_mark_reasons(steps), chosen.inferring, 1.0)
    costs_with_overhead, waiting = costs.astype(np.float64) + chosen.overhead, np.where(after, chosen.waiting, 1.0)
    apart = np.where(after, chosen.apart_after, chosen.apart)
    rates = StepRates(rate, costs_with_overhead, apart, [*requires, *pairs], waiting)
    rested_on = ~after
    rested_on[list(dead)] = False
    asked = _compute_worth(terms, need * quality * rested_on, given, chosen.in_question)
    # A term of fifty mentions is not fifty times as much to know.
    asked = {term: value / math.sqrt(len(mentions[term])) for term, value in asked.items()}
    covered = order_by_coverage(terms, mentions, worth, rates, chosen.reuse, AskedContent(asked, chosen.enough))
    importance = np.empty(len(steps))
    importance[covered.steps] = 1.0 - covered.covered_before
    return Backbone(covered.steps, importance, need, tuple(pairs))


def _mark_reasons(steps: Sequence[str]) -> BoolArray:
    """Which steps say why something holds, without doubt and without a question, [steps]."""
    marks = zip(mark_inferring(steps), mark_reflective(steps), steps, strict=True)
    return np.array([infers and not doubts and not asks(step) for infers, doubts, step in marks], np.bool_)


def _list_able_to_define(costs: IntArray) -> set[int]:
    return set(np.flatnonzero(costs <= MAX_DEFINITION_TOKENS).tolist())


def _list_abandoned(dead_ends: Sequence[tuple[int, ...]]) -> list[int]:
    """The steps of dead ends that go as a whole: an attempt next to its retraction may have been right all the same."""
    return sorted({place for dead_end in dead_ends if len(dead_end) > 2 for place in dead_end})


def _mark_mere_restatements(
    steps: Sequence[str],
    terms: Sequence[StepTerms],
    mentions: Mapping[str, Sequence[int]],
    given: Collection[str],
) -> BoolArray:
    """Which steps say that they say something again and result in nothing new, [steps]."""
    new = [
        any(mentions[term][0] == place for term in step.results.difference(given)) for place, step in enumerate(terms)
    ]
    return np.array(
        [says and not says_new for says, says_new in zip(mark_restating(steps), new, strict=True)], np.bool_
    )


def _bind_dead_ends(dead_ends: Sequence[tuple[int, ...]]) -> list[tuple[int, int]]:
    """Pairs by which each step of a dead end needs all others of it."""
    neighbours = [pair for dead_end in dead_ends for pair in pairwise(dead_end)]
    return [pair for left, right in neighbours for pair in ((left, right), (right, left))]


def _compute_worth(
    terms: Sequence[StepTerms], factors: FloatArray, given: Collection[str], in_question: float
) -> dict[str, float]:
    """What covering each term is worth: the sum over the steps that mention it of their factor times its weight."""
    worth: dict[str, float] = defaultdict(float)
    for step, factor in zip(terms, factors.tolist(), strict=True):
        for term, weight in step.weights.items():
            worth[term] += factor * weight * (in_question if term in given else 1.0)
    return worth


def _compute_quality(
    steps: Sequence[str], dead: Collection[int], answered: int, chosen: BackboneParameters
) -> FloatArray:
    """The factor of each step's gain, [steps], 0..1, by what it does."""
    reflective = mark_reflective(steps)
    quality = np.where(find_digressions(steps, reflective), chosen.reflective, 1.0)
    quality *= np.where(find_checks(steps, reflective, answered), chosen.checking, 1.0)
    quality *= np.where([asks(step) for step in steps], chosen.asking, 1.0)
    quality *= np.where([is_bare_plan(step.strip()) for step in steps], chosen.planning, 1.0)
    quality *= np.where([speaks_of_reply(step) for step in steps], chosen.replying, 1.0)
    quality[list(dead)] *= chosen.retracted
    return quality


def _order_by_need(need: FloatArray, quality: FloatArray, costs: IntArray) -> Backbone:
    order = np.argsort(-need * quality / costs, kind="stable")
    importance = np.empty(len(need))
    importance[order] = 1.0 - np.arange(len(need)) / max(1, len(need))
    return Backbone(order, importance, need)
