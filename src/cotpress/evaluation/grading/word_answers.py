"""Reading truth values and words."""

from __future__ import annotations

import re

from cotpress.answers import extract_answer, is_same_answer, normalise_answer
from cotpress.evaluation.grading.text_endings import find_last_line, find_last_sentence, strip_lead

TRUTH_VALUE = re.compile(r"\W*(true|false|yes|no)\b(?=\W*$|\s*[,;:.–—(-])", re.IGNORECASE)
PUNCTUATION = re.compile(r"[^\w\s%$€£+\-*/^=<>\\]|(?<!\d)[-/](?!\d)")
INITIALS = re.compile(r"(?<=\b\w)\.(?=\w\b)")  # "p.m"
ARTICLE = re.compile(r"\b(?:the|an?)\s+(?=\w)")
MAX_ANSWER_WORDS = 12  # of a last line that is an answer by itself


def read_truth(text: str) -> str | None:
    """The truth value that `text` states last, "true" or "false", or None.

    Stated ("The answer is no"), or the last sentence begins with it ("Yes, he could.").
    """
    stated = extract_answer(text)
    match = TRUTH_VALUE.match(stated if stated is not None else strip_lead(find_last_sentence(text)))
    return normalise_answer(match[1]) if match else None


def read_words(text: str) -> str | None:
    """The answer that `text` states last; where it states none, its only line if that is short."""
    stated = extract_answer(text)
    if stated is not None:
        return stated
    line = find_last_line(text)
    only = "\n" not in text.strip() and 0 < len(line.split()) <= MAX_ANSWER_WORDS
    return line.rstrip(" .") or None if only else None


def has_same_words(stated: str, gold: str) -> bool:
    """Whether two answers say the same but for case, articles, punctuation and spacing, or are equal as answers."""
    return is_same_answer(stated, gold) or (_normalise_words(stated) == _normalise_words(gold) != "")


def _normalise_words(text: str) -> str:
    return " ".join(ARTICLE.sub("", PUNCTUATION.sub(" ", INITIALS.sub("", text.casefold()))).split())
