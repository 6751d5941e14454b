"""Which steps need another one because it says what a name stands for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from cotpress.backbone.terms import NAME_MARK, NAME_WEIGHT, StepTerms

MAX_DEFINITION_TOKENS: Final = 40  # a longer step, such as a whole paragraph, would cost what it defines
_NAME_CHARACTERS = len("x") + len(NAME_MARK)  # of the term of a name of one letter


def find_definitions(
    steps: Sequence[StepTerms],
    mentions: Mapping[str, Sequence[int]],
    given: Collection[str],
    able: Collection[int],
) -> list[tuple[int, int]]:
    """Pairs (step, definition): the step uses a name of one letter that the definition gives a meaning first.

    Args:
        steps: the terms of each step.
        mentions: the steps that mention each term, in order.
        given: terms of the question; their names have a meaning already.
        able: the steps that may be a definition: no wrong attempt, none of more than MAX_DEFINITION_TOKENS.

    >>> from cotpress.backbone.need import index_terms
    >>> from cotpress.backbone.terms import extract_terms
    >>> steps = [extract_terms(step) for step in ("Let y be the root.", "y + 2 = 5.", "So y = 3.")]
    >>> find_definitions(steps, index_terms(steps), (), {0, 1, 2})
    [(1, 0), (2, 0)]
    """
    pairs = []
    for term, places in mentions.items():
        first = places[0]
        is_name = term.endswith(NAME_MARK) and len(term) == _NAME_CHARACTERS and term not in given
        if is_name and first in able and steps[first].weights[term] == NAME_WEIGHT:
            pairs += [(place, first) for place in places[1:]]
    return pairs
