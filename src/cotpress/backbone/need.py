"""How much the answer rests on each step: need flows back from the answer to what defines what it uses."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from cotpress.backbone.terms import StepTerms

MAX_DEFINERS = 3  # the first mention of a term, and its later results


def index_terms(steps: Sequence[StepTerms], dead: Collection[int] = ()) -> dict[str, list[int]]:
    """The steps that mention each term, in order, but steps of dead ends last: nothing is told first where it is wrong.

    >>> steps = [StepTerms({"9": 1.0}, frozenset()), StepTerms({"9": 1.0}, frozenset())]
    >>> index_terms(steps), index_terms(steps, dead={0})
    ({'9': [0, 1]}, {'9': [1, 0]})
    """
    mentions: dict[str, list[int]] = {}
    for place in sorted(range(len(steps)), key=frozenset(dead).__contains__):
        for term in steps[place].weights:
            if term in mentions:
                mentions[term].append(place)
            else:
                mentions[term] = [place]
    return mentions


def compute_need(
    steps: Sequence[StepTerms],
    mentions: Mapping[str, Sequence[int]],
    given: Collection[str],
    start: Sequence[float],
    flow: float,
) -> list[float]:
    """How much is rested on each step, [steps], in one pass from the last step to the first.

    Args:
        steps: the terms of each step.
        mentions: the steps that mention each term.
        given: terms that the question defines already; nothing flows along them.
        start: what each step is needed for by itself.
        flow: the share of its need that a step passes on to those that define what it uses, 0..1.
    """
    need = list(start)
    definers = list_definers(steps, mentions, given)
    for place in range(len(steps) - 1, 0, -1):
        if need[place] <= 0:
            continue
        shares = share_need(steps[place], place, definers)
        total = sum(shares.values())
        for source, amount in shares.items() if total else ():  # terms may weigh nothing
            need[source] += flow * need[place] * amount / total
    return need


def list_definers(
    steps: Sequence[StepTerms], mentions: Mapping[str, Sequence[int]], given: Collection[str]
) -> dict[str, tuple[list[int], float]]:
    """The steps that define each term, the first mention and its later results, and how rare the term is; only terms
    that several steps mention and the question does not define."""
    definers = {}
    for term, places in mentions.items():
        if len(places) > 1 and term not in given:
            later = [place for place in places[1:] if term in steps[place].results]
            definers[term] = (sorted((places[0], *later[: MAX_DEFINERS - 1])), math.log(1 + len(steps) / len(places)))
    return definers


def share_need(step: StepTerms, place: int, definers: Mapping[str, tuple[list[int], float]]) -> dict[int, float]:
    """What the step at `place` rests on each step before it, by the terms that they define."""
    shares: dict[int, float] = defaultdict(float)
    for term, weight in step.weights.items():
        defined = definers.get(term)
        if defined is None or defined[0][0] >= place:
            continue
        found, rarity = defined
        sources = found if found[-1] < place else [source for source in found if source < place]
        amount = weight * rarity / len(sources)
        for source in sources:
            shares[source] += amount
    return shares
