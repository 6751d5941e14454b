"""Reading truth values and words."""

from __future__ import annotations

import re

from cotpress.answers import normalise, same_answer, stated_answer
from cotpress.grading.endings import last_line, last_sentence, without_lead

TRUTH = re.compile(r"\W*(true|false|yes|no)\b(?=\W*$|\s*[,;:.–—(-])", re.IGNORECASE)
PUNCTUATION = re.compile(r"[^\w\s%$€£+\-*/^=<>\\]|(?<!\d)[-/](?!\d)")
INITIALS = re.compile(r"(?<=\b\w)\.(?=\w\b)")  # "p.m"
ARTICLE = re.compile(r"\b(?:the|an?)\s+(?=\w)")
MOST_WORDS = 12  # of a last line that is an answer by itself


def read_truth(text: str) -> str | None:
    """The truth value that `text` states last, "true" or "false", or None.

    Stated ("The answer is no"), or the last sentence begins with it ("Yes, he could.").
    """
    stated = stated_answer(text)
    found = TRUTH.match(stated if stated is not None else without_lead(last_sentence(text)))
    return normalise(found[1]) if found else None


def read_words(text: str) -> str | None:
    """The answer that `text` states last; where it states none, its only line if that is short."""
    stated = stated_answer(text)
    if stated is not None:
        return stated
    line = last_line(text)
    only = "\n" not in text.strip() and 0 < len(line.split()) <= MOST_WORDS
    return line.rstrip(" .") or None if only else None


def same_words(stated: str, gold: str) -> bool:
    """Whether two answers say the same but for case, articles, punctuation and spacing, or are equal as answers."""
    return same_answer(stated, gold) or (_plain(stated) == _plain(gold) != "")


def _plain(text: str) -> str:
    return " ".join(ARTICLE.sub("", PUNCTUATION.sub(" ", INITIALS.sub("", text.casefold()))).split())
