"""Numbers and verbs stand where the original has them, and results are worked out as they are there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import takewhile

from cotpress.backbone.calculations import MADE, TAKEN, list_number_uses
from cotpress.rewriting.checks.draft import Draft
from cotpress.rewriting.checks.numbers import parse_numbers
from cotpress.rewriting.checks.registry import register_check
from cotpress.text.markers import STOPWORDS

MIN_DERIVED_SHARE = 0.5  # of the results that a rewrite has and the original works out
CONTEXTS = range(3, 7)  # words in a row behind a number, or before it, that tell of what it is the number
_MAX_LISTED = 3
_CALCULATOR_MARK = re.compile(r"<<[^<>\n]{0,200}>>")
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?|[^\w\s]|\n")
_NOT = re.compile(r"n['’]t\b")
_LINK_LIST = "so then thus therefore hence now but and also first next finally well since because"
_LINKS = frozenset(_LINK_LIST.split())
_TENSES = {"is": "present", "are": "present", "was": "past", "were": "past"}
_MIN_LETTERS = 3  # of a word that names a thing


@register_check("results-derived")
def results_derived(draft: Draft) -> str | None:
    """Fails where results are merely said that the original works out: "He has 41." for "184 - 143 = 41"."""
    given = {number for number, _ in list_number_uses(draft.trace.question)}
    derived = {number for number, use in list_number_uses(draft.trace.reasoning) if use == MADE} - given
    uses = [(number, use) for number, use in list_number_uses(draft.text) if number in derived and use != TAKEN]
    had, made = {number for number, _ in uses}, {number for number, use in uses if use == MADE}
    if not had or len(made) >= MIN_DERIVED_SHARE * len(had):
        return None
    said = sorted(had - made, key=lambda number: (len(number), number))
    return f"It says results without working them out: {', '.join(said[:_MAX_LISTED])}."


@register_check("numbers-in-place")
def numbers_in_place(draft: Draft) -> str | None:
    """Fails where a number stands where the original has others: "16 from the largest" for "32 from the largest"."""
    known: dict[tuple[bool, tuple[str, ...]], set[str]] = defaultdict(set)
    for text in (draft.trace.question, draft.trace.reasoning):
        for number, is_behind, words in _list_contexts(text):
            known[is_behind, words] |= parse_numbers(number)
    for number, is_behind, words in _list_contexts(draft.text):
        others = known.get((is_behind, words))
        if others and not parse_numbers(number) & others:
            said, instead = (
                " ".join((one, *words) if is_behind else (*words, one)) for one in (number, sorted(others)[0])
            )
            return f'It says "{said}", where the original has "{instead}".'
    return None


@register_check("tense-kept")
def tense_kept(draft: Draft) -> str | None:
    """Fails where what was becomes what is: "The members are musicians" for "The members were musicians".

    Only among the same words, and only in general reasoning: a sum is what it was.
    """
    if draft.domain == "math":
        return None
    known: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for verb, words in _list_copulas(f"{draft.trace.question}\n{draft.trace.reasoning}"):
        known[words].add(_TENSES[verb])
    for verb, words in _list_copulas(draft.text):
        tenses = known.get(words)
        if tenses and _TENSES[verb] not in tenses:
            return f'It says "{" ".join((words[0], verb, *words[1:]))}" in another tense than the original.'
    return None


def _list_copulas(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each "is", "are", "was" and "were" with the words around it."""
    tokens = _TOKEN.findall(text.casefold())
    for at in range(1, len(tokens) - 1):
        around = (tokens[at - 1], tokens[at + 1])
        if tokens[at] in _TENSES and all(token[0].isalpha() for token in around):
            yield tokens[at], around


def _list_contexts(text: str) -> Iterator[tuple[str, bool, tuple[str, ...]]]:
    """Each number with the words behind it, and with those before it, where one of them names a thing."""
    text = _NOT.sub(" not", _CALCULATOR_MARK.sub("", text).casefold())
    tokens = _TOKEN.findall(text)
    for at, token in enumerate(tokens):
        if token[0].isdigit():
            behind = list(takewhile(_is_word, tokens[at + 1 : at + CONTEXTS.stop]))
            before = list(takewhile(_is_word, reversed(tokens[max(0, at - CONTEXTS.stop + 1) : at])))
            for size in CONTEXTS:
                for is_behind, words in ((True, behind[:size]), (False, before[:size][::-1])):
                    if len(words) == size and any(map(_names_thing, words)):
                        yield token, is_behind, tuple(words)


def _is_word(token: str) -> bool:
    return token[0].isalpha() and token not in _LINKS


def _names_thing(word: str) -> bool:
    return len(word) >= _MIN_LETTERS and word not in STOPWORDS
