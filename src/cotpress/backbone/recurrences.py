"""Which steps say again what one earlier step says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final

import numpy as np

from cotpress.backbone.terms import StepTerms
from cotpress.types import BoolArray

MIN_SHARED: Final = 0.9  # of the weight of a step's terms that the earlier step has
_MIN_TERMS = 3  # a step of fewer says too little to be told from another
_ROUNDING = 1e-9  # of sums of weights, in another order
_MAX_MENTIONS = 12  # earlier steps of one term that are looked at, so that loops cost no more than their length


def find_recurrences(
    steps: Sequence[StepTerms], mentions: Mapping[str, Sequence[int]], dead: Collection[int] = ()
) -> BoolArray:
    """Whether nearly all terms of each step are those of one earlier step, [steps].

    Args:
        steps: the terms of each step.
        mentions: the steps that mention each term, in order; those of dead ends may come last.
        dead: steps of dead ends, which a right step that has the same terms does not say again.

    >>> from cotpress.backbone.need import index_terms
    >>> from cotpress.backbone.terms import extract_terms
    >>> texts = ("As c is 7, d = 7 + 2 = 9.", "To keep track: as c is 7, d = 7 + 2 = 9.", "So e = 9 + 1 = 10.")
    >>> steps = [extract_terms(text) for text in texts]
    >>> find_recurrences(steps, index_terms(steps)).tolist()
    [False, True, False]
    """
    return np.array([_recurs(step, place, mentions, dead) for place, step in enumerate(steps)], dtype=bool)


def _recurs(step: StepTerms, place: int, mentions: Mapping[str, Sequence[int]], dead: Collection[int]) -> bool:
    if len(step.weights) < _MIN_TERMS:
        return False
    told = [(mentions[term], weight) for term, weight in step.weights.items() if mentions[term][0] < place]
    wanted = MIN_SHARED * sum(step.weights.values())
    if sum([weight for _, weight in told]) < wanted - _ROUNDING:  # as is so for most steps
        return False
    shared: dict[int, float] = defaultdict(float)
    for places, weight in told:
        for earlier in places[:_MAX_MENTIONS]:
            if earlier >= place or earlier in dead:
                break
            shared[earlier] += weight
    return max(shared.values(), default=0.0) >= wanted
