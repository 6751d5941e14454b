"""What the answer does not rest on: doubts, and checks of what is already found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from cotpress.text.language_words import choose_language
from cotpress.text.markers import is_conclusion, is_hedged
from cotpress.text.retractions import takes_back
from cotpress.text.steps.step_shapes import asks

_HEAD_CHARACTERS: Final = 200  # of a step that are read for what it sets out to do
_CHECKING = re.compile(
    r"\bverify|\b(?:double|cross|re|sanity)[\s-]?check|\bcheck(?:ing)?\b|\bconfirm|\bmake\s+sure\b"
    r"|\bbe\s+(?:sure|thorough|certain|safe)\b|\balternatively\b|\banother\s+(?:way|approach|method)\b",
    re.IGNORECASE,
)
_SUMMING_UP = re.compile(r"\b(?:recap|summari[sz]e|in\s+summary|to\s+sum\s+up)\b", re.IGNORECASE)


def find_digressions(steps: Sequence[str], reflective: Sequence[bool]) -> list[bool]:
    """Whether each step is reflective or follows a reflective one in its paragraph, so that it belongs to a doubt.

    What follows the words that take something back is the work itself, put right; so is what a doubt leads to: a
    conclusion, and what comes after it.

    Args:
        steps: the texts of the steps, each with the white space before it.
        reflective: whether each step turns back on the work.

    >>> steps = ["So f is 4.", "\\n\\nIs that right?", " 4 - 8 = 6.", "\\n\\nSo g is 7."]
    >>> find_digressions(steps, [False, True, False, False])
    [False, True, True, False]
    """
    inside, digressions, language = False, [], choose_language(steps)
    for step, turns_back in zip(steps, reflective, strict=True):
        begins_paragraph = step[: len(step) - len(step.lstrip())].count("\n") > 1
        inside = turns_back or (inside and not begins_paragraph and not _resolves(step, language))
        digressions.append(inside)
        inside = inside and not takes_back(step, language)
    return digressions


def find_checks(steps: Sequence[str], reflective: Sequence[bool], answered: int) -> list[bool]:
    """Whether each step belongs to a check or a summary, which begins after the answer was first reached.

    A check begins with a reflective step that says so, a summary with a step that names itself one. Both go on until
    something is taken back: then the answer was wrong, and what follows is work again.

    Args:
        steps: the texts of the steps.
        reflective: whether each step turns back on the work.
        answered: the first step that results in the answer; the number of steps where none does.

    >>> steps = ["So g is 7.", "Let me verify that.", "14 / 2 = 7.", "Oh, that is wrong.", "So g is 8."]
    >>> find_checks(steps, [False, True, False, True, False], 0)
    [False, True, True, False, False]
    """
    inside, checks, language = False, [], choose_language(steps)
    for place, (step, turns_back) in enumerate(zip(steps, reflective, strict=True)):
        if place > answered:
            head = step[:_HEAD_CHARACTERS]
            begins = _CHECKING.search(head) is not None if turns_back else _sums_up(head)
            inside = (inside or begins) and not (turns_back and takes_back(step, language))
        checks.append(inside)
    return checks


def _resolves(step: str, language: str) -> bool:
    """Whether a step concludes, without a question and without a guess."""
    return is_conclusion(step.lstrip(), language) and not is_hedged(step, language) and not asks(step.strip())


def begins_check(step: str) -> bool:
    """Whether a step says at its head that it checks, or sums up.

    >>> begins_check("Let me verify that."), begins_check("So g is 7.")
    (True, False)
    """
    head = step[:_HEAD_CHARACTERS]
    return _CHECKING.search(head) is not None or _sums_up(head)


def _sums_up(head: str) -> bool:
    folded = head.casefold()
    return ("sum" in folded or "recap" in folded) and _SUMMING_UP.search(head) is not None
