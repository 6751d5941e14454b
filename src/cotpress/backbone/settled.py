"""From which step on a trace has its answer for good."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from cotpress.answers import extract_answer
from cotpress.answers.normalisation import is_same_answer
from cotpress.answers.restatements import states_answer
from cotpress.backbone.answer_terms import list_answer_terms
from cotpress.backbone.digressions import begins_check
from cotpress.backbone.statements import classify_statement, describe_answer, ends_on
from cotpress.backbone.terms import StepTerms
from cotpress.text.markers import mark_reflective
from cotpress.text.steps.cases import find_case_span

_EARLY: Final = 0.15  # of a trace's characters
_EARLY_TELLING: Final = 0.04  # the same, for a number that is hardly another result by chance
_MIN_TELLING_DIGITS: Final = 3
_MAX_REPEATS: Final = 8  # steps that say the answer again before the author turns back on it
_DIGIT = re.compile(r"\d")


def find_settled(
    steps: Sequence[str], terms: Sequence[StepTerms], answer: str, question: str, dead: Collection[int]
) -> int:
    """The first step that states the answer for good; the number of steps where none does.

    It says that this is the answer; or it concludes to it, or to what is asked for, and is followed by a check, a doubt
    or the end: a number that is worked with further is not the answer yet; or it is a formula with that result, and a
    check follows at once. A number of one digit, or near the beginning, has to be said to be the answer: others on the
    way are the same too often. A conclusion in words has to come again word for word. None settles anything while cases
    are left, nor does what precedes a statement of another answer.

    Args:
        steps: the texts of the steps.
        terms: their terms, by which most steps are passed over.
        answer: the answer of the trace; "" for none.
        question: the question, which names what is asked for.
        dead: steps of dead ends.

    >>> from cotpress.backbone.terms import extract_terms
    >>> texts = ["So 2a = 34.", "Hence a = 17.", "Let me double-check.", "34 / 2 = 17."]
    >>> find_settled(texts, [extract_terms(text) for text in texts], "17", "", ())
    1
    """
    named = set(list_answer_terms(answer)) if answer else set()
    mentions = [not named.isdisjoint(step.weights) for step in terms]
    sought, reflective = describe_answer(answer, question, steps, mentions), mark_reflective(steps)
    first = _find_end_of_others(steps, answer)
    case, last_case = find_case_span(steps)  # between them, the answer of one case may be that of none of the others
    share = _EARLY_TELLING if len(_DIGIT.findall(answer)) >= _MIN_TELLING_DIGITS else _EARLY
    said, early = 0, share * sum(map(len, steps))
    for at, step in enumerate(steps):
        said += len(step)
        if at < first or at in dead or not mentions[at]:
            continue
        way = classify_statement(step, sought)
        if way != "stated" and (said < early or case <= at < last_case):
            continue
        left = way == "concluded" and _is_left(at, steps, answer, reflective)
        checked = way == "calculated" and at + 1 < len(steps) and begins_check(steps[at + 1])
        if way == "stated" or left or (checked and not reflective[at]):
            return at
    return len(steps)


def _find_end_of_others(steps: Sequence[str], answer: str) -> int:
    """The step after the last one that states another answer, and not the answer as well ("The answer is 101/200, so
    m + n is 301."); 0 where none does."""
    for at in range(len(steps) - 1, -1, -1):
        stated = extract_answer(steps[at])
        if stated is not None and not is_same_answer(stated, answer) and not states_answer(steps[at], answer):
            return at + 1
    return 0


def _is_left(at: int, steps: Sequence[str], answer: str, reflective: Sequence[bool]) -> bool:
    """Whether what follows a result is no work with it: a doubt or a check, the answer again at most before it, or the
    end."""
    for after in range(at + 1, min(len(steps), at + 1 + _MAX_REPEATS)):
        if reflective[after] or begins_check(steps[after]):
            return True
        if not ends_on(steps[after], answer):
            return False
    return at + 1 + _MAX_REPEATS >= len(steps)
