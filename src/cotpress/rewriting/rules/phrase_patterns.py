"""Phrases that say nothing (deleted) and wordy ones with a short form (replaced), in the trace's language. Prose only.

The phrases are in `cotpress.text.language_words`. Patterns are matched without regard to case; none crosses a line. How
a plan and a question are told is known in English alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final, Literal

from cotpress.text.language_words import load_words

ShortFormPlace = Literal["clause", "sentence", "anywhere"]
_NEVER = r"(?!)"  # what a language without such phrases matches
PLAN: Final = re.compile(
    r"[\s*]*(?:(?:so|now|okay|ok|first|next|then|alright|and|but|well|hmm)[,\s]+)*"
    r"(?:to (?:solve|find|answer|determine)\b"
    r"|(?:i|we)(?:'ll| will| need to| should| want to| have to| can)\b|let me\b|let'?s\b|let us\b"
    r"|my (?:plan|approach|strategy)\b|the (?:plan|approach|strategy|idea) is\b)",
    re.IGNORECASE,
)
QUESTION_PHRASE: Final = re.compile(
    r"\b(?:find|determine|compute|calculate|evaluate|how many|how much|how long|how far|how old|what is|what are"
    r"|what was|which|who|prove|show that|simplify|express|solve)\b",
    re.IGNORECASE,
)
# A sentence of a question that says how to word the reply.
REPLY_INSTRUCTION: Final = re.compile(
    r"\b(?:(?:end|finish|begin|start) your (?:reply|answer|response)"
    r"|(?:put|give|write|state|provide|express|box) (?:your|the) (?:final )?answer"
    r"|(?:answer|respond|reply) (?:with|in)\b|step[- ]by[- ]step|in the form(?:at)? of)",
    re.IGNORECASE,
)


@cache
def compile_openers(language: str, after_question: bool) -> re.Pattern[str]:
    """Matches one opener at the position given; a reply is none where the sentence before asks."""
    words = load_words(language)
    openers = [words.openers, *([] if after_question else [words.replies])]
    return re.compile(f"(?:{_join(openers)})", re.IGNORECASE)


@cache
def compile_fillers(language: str) -> re.Pattern[str]:
    """Matches a filler, the comma and the space behind it; group "clause" where a clause has to begin there."""
    words = load_words(language)
    clause, anywhere = _join(words.clause_fillers), _join(words.fillers)
    end = r"(?:(?<=,)|\b(?![-'’])(?:,(?=\s))?)" if words.parts_words else ""
    return re.compile(rf"{words.boundary}(?:(?P<clause>{clause})|(?:{anywhere})){end}[ \t]*", re.IGNORECASE)


@cache
def compile_short_forms(language: str) -> tuple[re.Pattern[str], tuple[tuple[str, ShortFormPlace], ...]]:
    """Matches a wordy phrase; its last group's number - 1 is the place of (short form, what has to begin there)."""
    words = load_words(language)
    tables: list[tuple[Mapping[str, str], ShortFormPlace]] = [
        (words.clause_short_forms, "clause"),
        (words.imperative_short_forms, "sentence"),
        (words.short_forms, "anywhere"),
    ]
    forms = [(pattern, form, place) for table, place in tables for pattern, form in table.items()]
    joined = "|".join(f"({pattern})" for pattern, _, _ in forms) or _NEVER
    end = r"(?:(?<=[\s,])|\b(?![-'’]))" if words.parts_words else ""
    pattern = re.compile(rf"{words.boundary}(?:{joined}){end}", re.IGNORECASE)
    return pattern, tuple((form, place) for _, form, place in forms)


@cache
def compile_self_talk(language: str) -> re.Pattern[str]:
    """Matches a whole sentence of talk to oneself: any number of interjections, then at most one stock phrase."""
    words = load_words(language)
    interjections, stock = words.interjections or _NEVER, words.stock_phrases or _NEVER
    endings = rf"(?: (?:{words.stock_endings}))*" if words.stock_endings else ""
    edge = words.boundary
    return re.compile(
        rf"[\s*¿¡]*+(?:(?:{interjections}){edge}[\s,.!?:…—–，。！？、-]*+)*"
        rf"(?:(?:{stock}){edge}{endings})?[\s,.!?:…—–*，。！？、-]*",
        re.IGNORECASE,
    )


@cache
def compile_clause_start(language: str) -> re.Pattern[str]:
    """Matches the end of what is before the place where a clause begins."""
    words = "|".join(load_words(language).clause_conjunctions.split()) or _NEVER
    return re.compile(rf"(?:^|[,;:—–(，；：。]|\b(?:{words})) ?\Z", re.IGNORECASE)


def _join(phrases: Iterable[str]) -> str:
    return "|".join(phrase for phrase in phrases if phrase) or _NEVER


@cache
def _list_governing_words(language: str) -> frozenset[str]:
    return frozenset(load_words(language).governing_words.split())


def is_governed(before: str, language: str = "en") -> bool:
    """Whether the last word before a filler governs it: "not really" is not "not".

    >>> is_governed("It is not "), is_governed("The box ")
    (True, False)
    """
    words = before.lower().replace("’", "'").split()
    return bool(words) and (words[-1] in _list_governing_words(language) or words[-1].endswith("n't"))
