"""Where a trace states its answer, and which steps have to do with the rest of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import chain

import numpy as np

from cotpress.answers import extract_answer
from cotpress.backbone.terms import PHRASE_MARK, StepTerms, extract_terms, find_content_words
from cotpress.text.steps.step_shapes import asks
from cotpress.types import FloatArray, IntArray, Trace

ANSWER_TERM = "@answer"
CONCLUSION_TERM = "@conclusion"
_MAX_ANSWER_CHARACTERS = 40  # a longer answer is a reply, whose words stand everywhere
_MAX_ANSWER_TERMS = 4
_NUMBER_SHARE = 0.25  # of the weight of a conclusion, where the answer is a number
_FORMAL_END = re.compile(r"\\boxed|\*\*|####|[Aa]nswer:")
_WORDS = re.compile(r"[^\W_]+")


def read_answer(trace: Trace) -> str:
    """The gold answer, else the one that the reply or the reasoning states; "" for none."""
    return trace.gold or extract_answer(trace.answer) or extract_answer(trace.reasoning) or ""


def add_answer(terms: Sequence[StepTerms], steps: Sequence[str], answer: str, weight: float) -> list[StepTerms]:
    """The terms with one more in each step that has the answer's words, where it is short and no number."""
    words = answer.strip(" ().*$")
    if not words or len(words) > _MAX_ANSWER_CHARACTERS or any(map(str.isdigit, words)):
        return list(terms)
    escaped = re.escape(words)
    pattern = re.compile(
        rf"\({escaped}\)" if len(words) == 1 else rf"(?<!\w){escaped}(?!\w)", re.IGNORECASE if len(words) > 2 else 0
    )
    return [
        StepTerms({**held.weights, ANSWER_TERM: weight}, held.results | {ANSWER_TERM}) if pattern.search(step) else held
        for step, held in zip(steps, terms, strict=True)
    ]


def add_conclusion(
    terms: Sequence[StepTerms], steps: Sequence[str], answer: str, weight: float, settled: int
) -> list[StepTerms]:
    """The terms with one more in the step that concludes, so that the reasoning does not break off before.

    That is the last step that mentions the answer and does not ask; but if the first one that states it for good,
    `settled`, says that it is the answer, and the last one has no box and no heading, the first one does: nothing is
    said twice. A number is concluded by its last result as well, so its statement weighs less than an answer in words.

    >>> texts = ["Eleven play, that is 11.", "After a red card 10 play.", "The rule says 11.", "At least 7 play."]
    >>> concluded = add_conclusion([extract_terms(text) for text in texts], texts, "11", 1.0, len(texts))
    >>> [CONCLUSION_TERM in step.weights for step in concluded]
    [False, False, True, False]
    """
    named = set(list_answer_terms(answer))
    last = max(
        (place for place, step in enumerate(steps) if not named.isdisjoint(terms[place].weights) and not asks(step)),
        default=None,
    )
    if last is None:
        return list(terms)
    if settled < last and not _FORMAL_END.search(steps[last]) and extract_answer(steps[settled]):
        last = settled
    weight *= 1.0 if ANSWER_TERM in terms[last].weights else _NUMBER_SHARE
    return [
        StepTerms({**held.weights, CONCLUSION_TERM: weight}, held.results) if place == last else held
        for place, held in enumerate(terms)
    ]


def find_first_result(answer: str, terms: Sequence[StepTerms], dead: Collection[int] = ()) -> int:
    """The first step that results in the answer, by the first of its terms that any does; else how many steps there
    are. A step of a dead end (`dead`) reaches nothing, even if its number is that of the answer. An answer in words is
    mentioned long before it is reached; no step results in it.

    >>> find_first_result("4", [extract_terms(text) for text in ("f = 4.", "So f = 4.")], dead={0})
    1
    """
    for term in list_answer_terms(answer)[1:]:
        for place, step in enumerate(terms):
            if term in step.results and place not in dead:
                return place
    return len(terms)


@lru_cache(maxsize=1 << 6)  # asked for several times for each trace
def list_answer_terms(answer: str) -> tuple[str, ...]:
    """The terms by which a step is known to mention an answer."""
    return (ANSWER_TERM, *list(extract_terms(answer).weights)[:_MAX_ANSWER_TERMS])


def find_anchors(answer: str, terms: Sequence[StepTerms], dead: Collection[int] = ()) -> IntArray:
    """The last step that mentions the answer, and the first and the last that result in it; a step may stand twice.
    Steps of dead ends (`dead`) are none."""
    anchors: list[int] = []
    for term in list_answer_terms(answer):
        holders = [place for place, step in enumerate(terms) if term in step.weights and place not in dead]
        results = [place for place in holders if term in terms[place].results]
        anchors.extend([*holders[-1:], *results[:1], *results[-1:]])
    return np.array(anchors, dtype=np.int64)


def measure_connection(steps: Sequence[str], terms: Sequence[StepTerms], question: str) -> FloatArray:
    """How far each step has to do with the rest, [steps], 0..1.

    The share of its content words that the question or another step has, too; 1 for a step with a formula or a number,
    whose result may be new.

    >>> texts = ["I will go slowly.", "The prime is odd.", "2 + 3 = 5."]
    >>> measure_connection(texts, [extract_terms(text) for text in texts], "Which prime?").tolist()
    [0.0, 0.5, 1.0]
    """
    words = [frozenset(chain.from_iterable(find_content_words(step))) for step in steps]
    held = Counter(chain.from_iterable(words))
    held.update(frozenset(_WORDS.findall(question.lower())))
    return np.array(
        [
            1.0 if any(not term.startswith(PHRASE_MARK) for term in step.weights) else _measure_share(own, held)
            for step, own in zip(terms, words, strict=True)
        ]
    )


def _measure_share(words: Collection[str], held: Mapping[str, int]) -> float:
    """The share of words that are held more than once."""
    return sum([held[word] > 1 for word in words]) / len(words) if words else 0.0
