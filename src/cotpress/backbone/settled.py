"""Where a trace has its answer for good: what comes after is a check, a repeat or another way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final, Literal

from cotpress.answers import extract_answer
from cotpress.answers.normalisation import is_same_answer
from cotpress.answers.restatements import states_answer
from cotpress.backbone.answer_terms import list_answer_terms
from cotpress.backbone.digressions import begins_check
from cotpress.backbone.terms import StepTerms
from cotpress.text.cases import find_last_case
from cotpress.text.language_words import choose_language
from cotpress.text.markers import is_conclusion, is_hedged

_SENTENCE = re.compile(r"[^.!?。！？\n]*+(?:[.!?](?=[^\s])[^.!?。！？\n]*+)*+[.!?。！？\n]*+")
_EARLY: Final = 0.15  # of a trace's characters
_EARLY_TELLING: Final = 0.04  # the same, for a number that is hardly another result by chance
_MIN_TELLING_DIGITS: Final = 3
_MAX_REPEATS: Final = 8  # steps that say the answer again before the author turns back on it
_DIGIT = re.compile(r"\d")
_SIGNED = re.compile(r"(?:[\d.]|(?<![\w)\]}])[-−])\Z")  # what makes another number of the digits behind it
_WORD = re.compile(r"[^\W\d_]{2,}")
_COMMAND = re.compile(r"\\[A-Za-z]+")
_WOULD_BE = re.compile(r"\b(?:would|should) be\b")  # "So the total would be 393."
_NOT_LETTERS = re.compile(r"[\W_]+")

Statement = Literal["stated", "concluded", "calculated", ""]


def find_settled(
    steps: Sequence[str], terms: Sequence[StepTerms], answer: str, reflective: Sequence[bool], dead: Collection[int]
) -> int:
    """The first step that states the answer for good; the number of steps where none does.

    It says that this is the answer; or it concludes to it and is followed by a check, a doubt or the end: a number that
    is worked with further is not the answer yet; or it is a formula with that result, and a check follows at once. A
    number of one digit, or near the beginning, has to be said to be the answer: others on the way are the same too
    often. A conclusion in words has to come again word for word. None settles anything while cases are left, nor does
    what precedes a statement of another answer.

    Args:
        steps: the texts of the steps.
        terms: their terms, by which most steps are passed over.
        answer: the answer of the trace; "" for none.
        reflective: whether each step turns back on the work.
        dead: steps of dead ends.

    >>> from cotpress.backbone.terms import extract_terms
    >>> texts = ["So 2a = 34.", "Hence a = 17.", "Let me double-check.", "34 / 2 = 17."]
    >>> find_settled(texts, [extract_terms(text) for text in texts], "17", [False, False, True, False], ())
    1
    """
    named = set(list_answer_terms(answer)) if answer else set()
    mentions = [not named.isdisjoint(step.weights) for step in terms]
    first, language = _find_end_of_others(steps, answer), choose_language(steps)
    case = find_last_case(steps)  # before it, the answer of one case may be that of none of the others
    digits = len(_DIGIT.findall(answer))
    repeated = _list_repeated(steps, mentions) if answer and not digits else frozenset[str]()
    said, early = 0, (_EARLY_TELLING if digits >= _MIN_TELLING_DIGITS else _EARLY) * sum(map(len, steps))
    for at, step in enumerate(steps):
        said += len(step)
        if at < first or at in dead or not mentions[at]:
            continue
        way = classify_statement(step, answer, language, repeated)
        if way != "stated" and (said < early or at < case):
            continue
        left = way == "concluded" and _is_left(at, steps, answer, reflective)
        checked = way == "calculated" and at + 1 < len(steps) and begins_check(steps[at + 1])
        if way == "stated" or (not reflective[at] and (left or checked)):
            return at
    return len(steps)


def _find_end_of_others(steps: Sequence[str], answer: str) -> int:
    """The step after the last one that states another answer; 0 where none does."""
    for at in range(len(steps) - 1, -1, -1):
        stated = extract_answer(steps[at])
        if stated is not None and not is_same_answer(stated, answer):
            return at + 1
    return 0


def _list_repeated(steps: Sequence[str], mentions: Sequence[bool]) -> frozenset[str]:
    """The letters and digits of the sentences with the answer's words that stand in two steps or more."""
    held = Counter(
        letters
        for step, has_answer in zip(steps, mentions, strict=True)
        if has_answer
        for letters in {_NOT_LETTERS.sub("", sentence).casefold() for sentence in _SENTENCE.findall(step)}
    )
    return frozenset(letters for letters, count in held.items() if count > 1)


def classify_statement(
    step: str, answer: str, language: str = "en", repeated: Collection[str] = frozenset()
) -> Statement:
    """Whether a step has "stated" an answer, "concluded" to it, "calculated" it without a word, or none of it: "".

    Args:
        step: the text of the step.
        answer: the answer.
        language: that of the text.
        repeated: letters and digits of sentences that come again in the trace; an answer in words is concluded by them.

    >>> classify_statement("So the answer is 17.", "17"), classify_statement("Hence m + n = 17.", "17")
    ('stated', 'concluded')
    >>> classify_statement("Maybe it is 17.", "17"), classify_statement("So a = 17 or b = 9.", "17")
    ('', '')
    >>> classify_statement("m + n = 17", "17")
    'calculated'
    """
    way: Statement = ""
    for sentence in filter(str.strip, _SENTENCE.findall(step)):
        if sentence.rstrip()[-1:] in "?？" or is_hedged(_WOULD_BE.sub("is", sentence), language):
            continue
        if not states_answer(sentence, answer):
            continue
        if extract_answer(sentence):
            return "stated"
        if not _ends_on(sentence, answer):
            continue
        if repeated:
            is_again = _NOT_LETTERS.sub("", sentence).casefold() in repeated
            way = "concluded" if is_again and is_conclusion(sentence, language) else way
        elif len(_DIGIT.findall(answer)) > 1:
            concludes, is_formula = is_conclusion(sentence, language), not _WORD.search(_COMMAND.sub("", sentence))
            way = "concluded" if concludes else "calculated" if is_formula else way
    return way


def _is_left(at: int, steps: Sequence[str], answer: str, reflective: Sequence[bool]) -> bool:
    """Whether what follows a result is no work with it: a doubt or a check, the answer again at most before it, or the
    end."""
    for after in range(at + 1, min(len(steps), at + 1 + _MAX_REPEATS)):
        if reflective[after] or begins_check(steps[after]):
            return True
        if not _ends_on(steps[after], answer):
            return False
    return at + 1 + _MAX_REPEATS >= len(steps)


def _ends_on(text: str, answer: str) -> bool:
    """Whether an answer is the last number of a text, or its last word: -17 and 0.17 are not 17."""
    before, _, behind = text.rpartition(answer)
    if not _DIGIT.search(answer):
        return bool(before) and not _WORD.search(behind)
    return not _DIGIT.search(behind) and not _SIGNED.search(before)
