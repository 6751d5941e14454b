"""What is said of whom: terms of sentences in words, for traces that reason with few formulas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from cotpress.backbone.terms import PHRASE_MARK, StepTerms, find_content_words

MAX_FORMAL_SHARE: Final = 0.4  # of steps with a result; with as many, formulas alone tell the steps apart
_MIN_DISTANCE = 2  # words; neighbours are a phrase already


def add_claims(terms: Sequence[StepTerms], steps: Sequence[str], weight: float) -> list[StepTerms]:
    """The terms with the first content word of each sentence paired with its later ones: "ben … 3".

    A trace that follows a state or rules out cases says new things in the same few words; then only their combination
    tells one step from another. The fewer steps have a result, the more the claims weigh, up to `weight`.

    >>> steps = ["So if Ben is third, Dan must be fourth."]
    >>> sorted(add_claims([StepTerms({}, frozenset())], steps, 0.1)[0].weights)
    ['~ben … dan', '~ben … fourth']
    """
    formal = sum(bool(step.results) for step in terms) / max(1, len(terms))
    scaled = weight * max(0.0, 1.0 - formal / MAX_FORMAL_SHARE)
    if not scaled:
        return list(terms)
    return [
        StepTerms(dict.fromkeys(_list_claims(step), scaled) | held.weights, held.results)
        for step, held in zip(steps, terms, strict=True)
    ]


def _list_claims(step: str) -> Iterator[str]:
    for words in find_content_words(step):
        for word in words[_MIN_DISTANCE:]:
            if word != words[0]:
                yield f"{PHRASE_MARK}{words[0]} … {word}"
