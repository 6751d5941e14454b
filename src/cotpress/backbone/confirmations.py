"""Steps after the answer is reached that confirm it by a second check or another method: it does not rest on them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from cotpress.answers import extract_answer
from cotpress.backbone.calculations import MADE, list_number_uses
from cotpress.types import BoolArray, Trace

MIN_TELLING_DIGITS = 3  # of an answer that is hardly worked out by chance on the way
_PLAIN_ANSWER = re.compile(r"\d{1,12}(?:\.\d{1,6})?")


def find_final_answer(trace: Trace) -> str:
    """The answer that a trace states, or that follows it; "" for none.

    >>> find_final_answer(Trace("1", "", "So the answer is 5."))
    '5'
    """
    return extract_answer(trace.reasoning) or extract_answer(trace.answer) or trace.gold or ""


def mark_confirmations(texts: Sequence[str], answer: str, turning: BoolArray) -> BoolArray:
    """[steps], which come after the answer was worked out, from where the author turns back on it.

    Args:
        texts: the steps.
        answer: the final answer; only a number is looked for.
        turning: steps that turn back on what was done.

    >>> texts = ["200 + 32 = 232.", "So 232 + 20 = 252.", "Wait, is that so?", "252 - 20 = 232."]
    >>> mark_confirmations(texts, "252", np.array([False, False, True, False])).tolist()
    [False, False, True, True]
    """
    marked = np.zeros(len(texts), bool)
    if not _PLAIN_ANSWER.fullmatch(answer):
        return marked
    made = (at for at, text in enumerate(texts) if (answer, MADE) in list_number_uses(text) and not turning[at])
    for at in made:
        stated = any(extract_answer(text) == answer for text in texts[at : at + 2])
        after = np.flatnonzero(turning[at + 1 :])
        if (stated or len(answer) >= MIN_TELLING_DIGITS) and len(after):
            marked[at + 1 + after[0] :] = True
            break
    return marked
