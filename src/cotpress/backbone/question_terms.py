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
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_LETTER_FORMULA = re.compile(r"(?<![\w\\])[a-zA-Z](?: ?[+*-] ?[a-zA-Z](?!\w))+")
_MIN_GOAL_LETTERS: Final = 5
# Words of questions that tell no quantity from another.
_COMMON_GOALS = """
    about above answer below calculate called compute contain determine different every exactly evaluate express find
    first following form given greater greatest integer integers know largest least less likely lowest maximum minimum
    number numbers other positive possible problem question real relatively prime required satisfy satisfies second
    single smallest solution solutions solve state such terms their there these total under value values where which
    whole would written
"""


def read_given(question: str) -> frozenset[str]:
    """The terms of the question, numbers in words among them.

    >>> sorted(read_given("Four cost 12."))
    ['12', '4', '~cost', '~cost 12', '~four', '~four cost']
    """
    spelled = {_NUMBER_WORDS[word] for word in _WORD.findall(question.lower()) if word in _NUMBER_WORDS}
    return frozenset(extract_terms(question).weights) | spelled


def read_goals(question: str) -> frozenset[str]:
    """What is asked for: the words, and sums or products of letters, of the last sentence; of any other sentence, what
    of that kind it says.

    >>> sorted(read_goals("A die is cast. Find the perimeter, and m + n."))
    ['m+n', 'perimeter']
    """
    sentences = [sentence for sentence in _SENTENCE_END.split(question.strip()) if sentence]
    last = sentences[-1] if sentences else ""
    words = {word for word in _WORD.findall(last.lower()) if len(word) >= _MIN_GOAL_LETTERS and word.isalpha()}
    formulas = {formula.replace(" ", "") for formula in _LETTER_FORMULA.findall(last)}
    return frozenset(words - frozenset(_COMMON_GOALS.split()) - STOPWORDS | formulas)


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
