"""What is said of whom: terms of sentences in words, for traces that reason with few formulas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from cotpress.backbone.terms import PHRASE_MARK, StepTerms, find_content_words
from cotpress.text.language_words import choose_language
from cotpress.text.markers import is_conclusion
from cotpress.text.steps.step_shapes import asks
from cotpress.text.steps.suppositions import rejects

MAX_FORMAL_SHARE: Final = 0.4  # of steps with a result; with as many, formulas alone tell the steps apart
_MIN_DISTANCE = 2  # words; neighbours are a phrase already
_MIN_VERDICT_WORDS = 2
_LEAST_VERDICT: Final = 0.3  # of its weight, in traces with formulas: these tell most steps apart


def add_claims(terms: Sequence[StepTerms], steps: Sequence[str], weight: float) -> list[StepTerms]:
    """The terms with the first content word of each sentence paired with its later ones: "ben … 3".

    A trace that follows a state or rules out cases says new things in the same few words; then only their combination
    tells one step from another. The fewer steps have a result, the more the claims weigh, up to `weight`.

    >>> steps = ["So if Ben is third, Dan must be fourth."]
    >>> sorted(add_claims([StepTerms({}, frozenset())], steps, 0.1)[0].weights)
    ['~ben … dan', '~ben … fourth']
    """
    scaled = _scale(weight, terms)
    if not scaled:
        return list(terms)
    return [
        StepTerms(dict.fromkeys(_list_claims(step), scaled) | held.weights, held.results)
        for step, held in zip(steps, terms, strict=True)
    ]


def add_verdicts(
    terms: Sequence[StepTerms], steps: Sequence[str], infers: Sequence[bool], weight: float
) -> list[StepTerms]:
    """The terms with one for each conclusion in words, "So Dan cannot be third.": what it says as a whole.

    Another step has that term only where it says the same in the same content words, in any order. The fewer steps have
    a result, the more it weighs, up to `weight`; at least 0.3 of that.

    Args:
        terms: those of each step.
        steps: their texts.
        infers: whether each says why something holds, or that it cannot.
        weight: that of a conclusion in a trace without formulas.

    >>> told = add_verdicts([StepTerms({}, frozenset())], ["Therefore, Dan cannot be third."], [True], 0.5)
    >>> told[0].weights
    {'~so: cannot dan third': 0.5}
    """
    scaled = max(_LEAST_VERDICT * weight, _scale(weight, terms))
    if not scaled:
        return list(terms)
    language = choose_language(steps)
    verdicts = []
    for step, held, inferring in zip(steps, terms, infers, strict=True):
        concludes = (inferring or is_conclusion(step, language) or rejects(step)) and not asks(step)
        words = sorted(set(chain.from_iterable(find_content_words(step)))) if concludes else []
        said = {f"{PHRASE_MARK}so: {' '.join(words)}": scaled} if len(words) >= _MIN_VERDICT_WORDS else {}
        verdicts.append(StepTerms(said | held.weights, held.results) if said else held)
    return verdicts


def _scale(weight: float, terms: Sequence[StepTerms]) -> float:
    """A weight, less the more steps have a result."""
    formal = sum(bool(step.results) for step in terms) / max(1, len(terms))
    return weight * max(0.0, 1.0 - formal / MAX_FORMAL_SHARE)


def _list_claims(step: str) -> Iterator[str]:
    for words in find_content_words(step):
        for word in words[_MIN_DISTANCE:]:
            if word != words[0]:
                yield f"{PHRASE_MARK}{words[0]} … {word}"
