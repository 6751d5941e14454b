"""Whether a step states the answer of its trace."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from cotpress.answers import extract_answer
from cotpress.answers.restatements import states_answer
from cotpress.backbone.question_terms import read_goals
from cotpress.text.language_words import choose_language
from cotpress.text.markers import is_conclusion, is_hedged

_SENTENCE = re.compile(r"[^.!?。！？\n]*+(?:[.!?](?=[^\s])[^.!?。！？\n]*+)*+[.!?。！？\n]*+")
_DIGIT = re.compile(r"\d")
_SIGNED = re.compile(r"(?:[\d.]|(?<![\w)\]}])[-−])\Z")  # what makes another number of the digits behind it
_WORD = re.compile(r"[^\W\d_]{2,}")
_COMMAND = re.compile(r"\\[A-Za-z]+")
_WOULD_BE = re.compile(r"\b(?:would|should) be\b")  # "So the total would be 393."
_NOT_LETTERS = re.compile(r"[\W_]+")
_MIN_DIGITS: Final = 2  # of a number that is concluded to; one digit has to be said to be the answer

Statement = Literal["stated", "concluded", "calculated", ""]


@dataclass(frozen=True, slots=True)
class SoughtAnswer:
    """The answer of a trace, and by what a sentence is known to conclude to it.

    Args:
        text: the answer; "" for none.
        language: that of the trace.
        goals: what the question asks for, by `read_goals`: a number is concluded to by a sentence that names it.
        repeated: letters and digits of sentences that come again; an answer in words is concluded to by them.
    """

    text: str
    language: str = "en"
    goals: frozenset[str] = frozenset()
    repeated: frozenset[str] = frozenset()


def describe_answer(answer: str, question: str, steps: Sequence[str], mentions: Sequence[bool]) -> SoughtAnswer:
    """What is known of the answer of a trace; `mentions` says which steps have its words.

    >>> describe_answer("Ben", "Who is first?", ["Ben is first.", "So Ben is first.", "So, Ben is first."], [True] * 3)
    SoughtAnswer(text='Ben', language='en', goals=frozenset(), repeated=frozenset({'sobenisfirst'}))
    """
    is_number = _DIGIT.search(answer) is not None
    repeated = _list_repeated(steps, mentions) if answer and not is_number else frozenset[str]()
    return SoughtAnswer(answer, choose_language(steps), read_goals(question) if is_number else frozenset(), repeated)


def _list_repeated(steps: Sequence[str], mentions: Sequence[bool]) -> frozenset[str]:
    """The letters and digits of the sentences with the answer's words that stand in two steps or more."""
    held = Counter(
        letters
        for step, has_answer in zip(steps, mentions, strict=True)
        if has_answer
        for letters in {_NOT_LETTERS.sub("", sentence).casefold() for sentence in _SENTENCE.findall(step)}
    )
    return frozenset(letters for letters, count in held.items() if letters and count > 1)


def classify_statement(step: str, answer: SoughtAnswer) -> Statement:
    """Whether a step has "stated" an answer, "concluded" to it, "calculated" it without a word, or none of it: "".

    >>> answer = SoughtAnswer("17", goals=frozenset({"perimeter"}))
    >>> classify_statement("So the answer is 17.", answer), classify_statement("Hence m + n = 17.", answer)
    ('stated', 'concluded')
    >>> classify_statement("Maybe it is 17.", answer), classify_statement("So a = 17 or b = 9.", answer)
    ('', '')
    >>> classify_statement("The perimeter is 17.", answer), classify_statement("m + n = 17", answer)
    ('concluded', 'calculated')
    """
    way: Statement = ""
    for sentence in filter(str.strip, _SENTENCE.findall(step)):
        if sentence.rstrip()[-1:] in "?？" or is_hedged(_WOULD_BE.sub("is", sentence), answer.language):
            continue
        if not states_answer(sentence, answer.text):
            continue
        if extract_answer(sentence):
            return "stated"
        if ends_on(sentence, answer.text):
            way = _classify_conclusion(sentence, answer) or way
    return way


def _classify_conclusion(sentence: str, answer: SoughtAnswer) -> Statement:
    concludes = is_conclusion(sentence, answer.language)
    if answer.repeated:
        return "concluded" if concludes and _NOT_LETTERS.sub("", sentence).casefold() in answer.repeated else ""
    named = answer.goals & read_goals(sentence) if answer.goals else frozenset[str]()
    if len(_DIGIT.findall(answer.text)) < _MIN_DIGITS and all(map(str.isalpha, named)):
        return ""  # "m + n = 5" is what was asked for, "the sum is 5" may be another one
    if concludes or named:
        return "concluded"
    return "calculated" if not _WORD.search(_COMMAND.sub("", sentence)) else ""


def ends_on(text: str, answer: str) -> bool:
    """Whether an answer is the last number of a text, or its last word.

    >>> ends_on("So a = 17.", "17"), ends_on("So a = -17.", "17"), ends_on("So Ben is first.", "Ben")
    (True, False, False)
    """
    before, _, behind = text.rpartition(answer)
    if not _DIGIT.search(answer):
        return bool(before) and not _WORD.search(behind)
    return not _DIGIT.search(behind) and not _SIGNED.search(before)
