"""How a text ends: the last line and sentence, where an answer may stand without being announced."""

from __future__ import annotations

import re

MAX_LINE_CHARACTERS = 400  # characters of a line that is looked at
SENTENCE_BREAK = re.compile(r"(?<=[.!?])[\"”’*_)]*\s+(?=\S)")
MARKDOWN_MARKS = re.compile(r"^(?:[>#*_`\s\-•]|\d{1,2}[.)]\s(?=\D))+|[*_`\s]+[.!]?\s*$")
LEAD_WORDS = re.compile(
    r"^(?:(?:so|thus|hence|therefore|finally|then|answer|final answer|result)\b[,:]?\s+)+", re.IGNORECASE
)


def find_last_line(text: str) -> str:
    """The last line that holds anything, without Markdown around it; "" where it is too long for a bare answer."""
    line = text.rstrip().rpartition("\n")[2]
    return MARKDOWN_MARKS.sub("", line) if len(line) <= MAX_LINE_CHARACTERS else ""


def find_last_sentence(text: str) -> str:
    """The last sentence of the last line."""
    return SENTENCE_BREAK.split(find_last_line(text))[-1]


def strip_lead(sentence: str) -> str:
    """A sentence without the "So," or "Therefore," that it begins with, and without its final stop."""
    return LEAD_WORDS.sub("", sentence).rstrip(" .!")
