"""An order of steps that covers what is needed at the least cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cotpress.backbone.step_rates import StepRates
from cotpress.backbone.terms import PHRASE_MARK, StepTerms
from cotpress.types import FloatArray, IntArray

_TINY = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class CoverageOrder:
    """Steps in the order of coverage, [n], and the share of the content covered before each, in that order."""

    steps: IntArray
    covered_before: FloatArray


@dataclass(frozen=True, slots=True)
class AskedContent:
    """What the answer rests on: the `worth` of each term for the share that is covered, 0 for what need not be, and the
    share that is `enough`, 0..1."""

    worth: Mapping[str, float]
    enough: float


def order_by_coverage(
    steps: Sequence[StepTerms],
    mentions: Mapping[str, Sequence[int]],
    worth: Mapping[str, float],
    rates: StepRates,
    reuse: float,
    asked: AskedContent,
) -> CoverageOrder:
    """Take, again and again, the step that covers the most uncovered worth for its cost, with what it requires.

    Args:
        steps: the terms of each step.
        mentions: the steps that mention each term.
        worth: what covering each term is worth.
        rates: what a step's gain is multiplied by: its quality for its cost.
        reuse: the share of a term's worth that a step covers which neither mentions it first nor is the first to result
            in it, 0..1. The rest stays for a step that does, so that what is used is also defined.
        asked: what has to be covered before the steps that wait for it have their full rate.
    """
    full = _list_tellings(steps, mentions)
    credit: dict[str, float] = {}
    gain = [_sum_worth(step, counted, worth, reuse) for step, counted in zip(steps, full, strict=True)]
    total = sum(asked.worth.values()) or 1.0
    count, share = len(steps), 0.0
    order: list[int] = []
    before = np.empty(count)
    # Once all is covered, good steps come before reflective ones and short ones before long ones.
    score = np.array(rates.current) * (np.array(gain) + _TINY)
    while len(order) < count:
        if share >= asked.enough * total and rates.release():
            score = np.where(score < 0, -1.0, np.array(rates.current) * (np.maximum(gain, 0.0) + _TINY))
        for place in rates.list_missing(int(score.argmax())):
            before[len(order)] = min(1.0, share / total)
            order.append(place)
            touched = {place}
            for term in steps[place].weights:
                others = mentions[term]
                if len(others) == 1:  # what no other step mentions changes no other step
                    share += asked.worth[term]
                    continue
                whole = term in full[place] or term.startswith(PHRASE_MARK)  # a phrase defines nothing
                old, new = credit.get(term, 0.0), 1.0 if whole else reuse
                if new <= old:
                    continue
                credit[term] = new
                share += (new - old) * asked.worth[term]
                firm = ((1.0 - old) - (1.0 - new)) * worth[term]
                loose = (max(reuse - old, 0.0) - max(reuse - new, 0.0)) * worth[term]
                for other in others:
                    gain[other] -= firm if term in full[other] else loose
                touched.update(others)
            touched |= rates.take(place)
            for other in touched:
                score[other] = -1.0 if other in rates.taken else rates.current[other] * (max(gain[other], 0.0) + _TINY)
    return CoverageOrder(np.array(order, dtype=np.int64), before)


def _sum_worth(step: StepTerms, counted: frozenset[str], worth: Mapping[str, float], reuse: float) -> float:
    """What a step covers while nothing is covered yet."""
    return sum([worth[term] if term in counted else worth[term] * reuse for term in step.weights])


def _list_tellings(steps: Sequence[StepTerms], mentions: Mapping[str, Sequence[int]]) -> list[frozenset[str]]:
    """The terms that each step mentions first, or results in first: later results tell nothing new."""
    first_results = {
        term: next((place for place in places if term in steps[place].results), places[0])
        for term, places in mentions.items()
    }
    return [
        frozenset(term for term in step.weights if place in (mentions[term][0], first_results[term]))
        for place, step in enumerate(steps)
    ]
