"""What the question says already, and which steps only say it again."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

import numpy as np

from cotpress.backbone.terms import StepTerms, extract_terms
from cotpress.text.markers import STOPWORDS
from cotpress.types import BoolArray

MIN_QUESTION_SHARE: Final = 0.8  # of a step's words that the question has, for the step to say nothing new
_MIN_WORDS = 4  # a shorter step is no account of the question
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve"
_NUMBER_WORDS: Final = {word: str(number) for number, word in enumerate(_NUMBERS.split(), start=1)}
_WORD = re.compile(r"[^\W_]+")


def read_given(question: str) -> frozenset[str]:
    """The terms of the question, numbers in words among them.

    >>> sorted(read_given("Four cost 12."))
    ['12', '4', '~cost', '~cost 12', '~four', '~four cost']
    """
    spelled = {_NUMBER_WORDS[word] for word in _WORD.findall(question.lower()) if word in _NUMBER_WORDS}
    return frozenset(extract_terms(question).weights) | spelled


def find_repeats(steps: Sequence[str], terms: Sequence[StepTerms], given: Collection[str], question: str) -> BoolArray:
    """Which steps say again what the question says, and arrive at nothing new, [steps].

    >>> steps = ["So four pens cost 12 dollars.", "So one costs 12 / 4 = 3 dollars."]
    >>> question = "Four pens cost 12 dollars. What does one pen cost?"
    >>> find_repeats(steps, [extract_terms(step) for step in steps], read_given(question), question).tolist()
    [True, False]
    """
    new = [not held.results.issubset(given) for held in terms]
    if all(new):
        return np.zeros(len(steps), dtype=bool)
    known = _read_words(question)
    return np.array(
        [not says_new and _repeats(step, known) for step, says_new in zip(steps, new, strict=True)], dtype=bool
    )


def _repeats(step: str, known: frozenset[str]) -> bool:
    words = _read_words(step)
    return len(words) >= _MIN_WORDS and len(words & known) >= MIN_QUESTION_SHARE * len(words)


def _read_words(text: str) -> frozenset[str]:
    """The words and numbers that mean something, small numbers in digits."""
    return frozenset([_NUMBER_WORDS.get(word, word) for word in {*_WORD.findall(text.lower())} - STOPWORDS]) - STOPWORDS
