"""Reading which of the lettered options a text chooses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cotpress.answers import extract_answer, normalise_answer
from cotpress.evaluation.grading.text_endings import find_last_sentence, strip_lead

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LETTERED_OPTION = re.compile(
    r"(?:(?:option|choice|answer)\s+)?\(?([A-Z])(?:\)|[.:](?=\s|$)|(?=\s*$|\s*[-–—]\s))", re.IGNORECASE
)
# A sentence that ends in a letter: "so I choose (B)", "which makes it option C".
CHOSEN_LETTER = re.compile(r"(?:\(([A-Z])\)|\b(?i:option|choice|choose|pick|select)\s+([A-Z]))\W*$")
NEGATION = re.compile(r"\b(?:not|never|cannot|except|neither|nor|rather than|instead of)\b|n['’]t\b", re.IGNORECASE)


def read_choice(text: str, options: Sequence[str]) -> str | None:
    """The letter of the option that `text` chooses last, or None.

    It is stated ("The answer is (B)", with or without the option's text, or by that text alone), or the last
    sentence is a letter, ends in one that it names, or ends in the text of exactly one option. A letter beyond the
    options is an answer, if a wrong one.
    """
    stated = extract_answer(text)
    if stated is not None:
        return _find_letter(stated, options) or _find_by_text(stated, options)
    sentence = find_last_sentence(text)
    bare = strip_lead(sentence)
    if letter := _find_letter(bare, options):
        return letter
    if NEGATION.search(sentence):
        return None
    chosen = CHOSEN_LETTER.search(sentence)
    return (chosen[1] or chosen[2]) if chosen else _find_by_text(bare, options)


def _find_letter(answer: str, options: Sequence[str]) -> str | None:
    """The letter that an answer is, or begins with; the text of just one option stands for its letter."""
    match = LETTERED_OPTION.match(answer.strip())
    alone = match is not None and not answer.strip()[match.end() :].strip()
    same = [
        letter
        for letter, option in zip(LETTERS, options, strict=False)
        if normalise_answer(option) == normalise_answer(answer)
    ]
    if len(same) == 1 and not alone:
        return same[0]
    return match[1].upper() if match else None


def _find_by_text(answer: str, options: Sequence[str]) -> str | None:
    """The option whose text the answer ends in, where it names no other."""
    words = _split_words(answer)
    places = {letter: _find_last(words, _split_words(option)) for letter, option in zip(LETTERS, options, strict=False)}
    named = {letter: place for letter, place in places.items() if place}
    # An option inside a longer one ("glass" in "glass box") is not named by it.
    apart = [
        letter
        for letter, (start, end) in named.items()
        if not any(other[0] <= start and end <= other[1] and other != (start, end) for other in named.values())
    ]
    return apart[0] if len(apart) == 1 and named[apart[0]][1] == len(words) else None


def _split_words(text: str) -> list[str]:
    return re.findall(r"\w+|[^\w\s.,;:!?\"'“”‘’*_`()]", text.casefold())


def _find_last(words: Sequence[str], option: Sequence[str]) -> tuple[int, int] | None:
    """Where the words of an option stand last, as [start, end)."""
    size = len(option)
    starts = range(len(words) - size, -1, -1) if size else ()
    return next(((start, start + size) for start in starts if list(words[start : start + size]) == list(option)), None)
