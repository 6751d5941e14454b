"""Which steps lie outside the derivation, by what they say: checks of what was worked out, statements made again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

import numpy as np

from cotpress.answers import extract_answer, is_same_answer
from cotpress.backbone.terms import NAME_MARK, PHRASE_MARK, extract_terms, find_content_words, normalise_formula
from cotpress.rewriting.rules.derivation import LIST_ITEM, read_plain_number
from cotpress.rewriting.rules.text_bonds import is_part_label
from cotpress.types import BoolArray

_RESULT = re.compile(r"=\s*\$?(\d+(?:\.\d+)?)(?![\w.]*\s*[-+*/×·^=])")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_ASKED = re.compile(
    r"\b(?:the|this) (?:question|problem|user|task) (?:is (?:just |simply |only )?asking|asks|wants)\b", re.IGNORECASE
)
_MAX_STALE_WORDS = 2  # content words of a step that repeats its formulas
_FORMAL_TEXT = re.compile(r"\\\(.{1,300}?\\\)|\\\[.{1,900}?\\\]|\$\$?[^$]{1,300}\$\$?|\\[A-Za-z]+", re.DOTALL)
_ASKED_FORMULA = re.compile(r"\$([^$]{1,80})\$|\\\(([^$]{1,80}?)\\\)")
_OTHER_SOLUTION = re.compile(r"\b(?:solution|method|approach|proof|alternative)\b", re.IGNORECASE)
_MAX_STATEMENT = 50  # characters
_MAX_TRAILING_WORDS = 4
_SENTENCE_ENDS = (".", "!", "?", ":", "$", "]", ")", "。", "！", "？")


def mark_rechecks(texts: Sequence[str]) -> BoolArray:
    """[steps], whose equations all end in numbers that were there before: a second check, if they turn back."""
    found = [set(_RESULT.findall(text)) for text in texts]
    known: set[str] = set()
    marked = np.zeros(len(texts), bool)
    for at, text in enumerate(texts):
        marked[at] = bool(found[at]) and found[at] <= known
        known.update(_NUMBER.findall(text))
    return marked


def mark_stale(texts: Sequence[str], apart: BoolArray) -> BoolArray:
    """[steps], whose formulas and numbers were all there before, and that say next to nothing in words.

    >>> texts = ["So a = 35 - 125 = -90.", "Thus a = -90.", "Since a = -90 is negative, b is not."]
    >>> mark_stale(texts, np.zeros(3, bool)).tolist()
    [False, True, False]
    """
    known: set[str] = set()
    marked = np.zeros(len(texts), bool)
    for at in np.flatnonzero(~apart).tolist():
        said = extract_terms(texts[at])
        formal = {term for term in said.weights if not term.startswith(PHRASE_MARK) and not term.endswith(NAME_MARK)}
        wordy = sum(map(len, find_content_words(_FORMAL_TEXT.sub(" ", texts[at])))) > _MAX_STALE_WORDS
        marked[at] = bool(said.results) and formal <= known and not wordy
        known |= formal
    return marked


def mark_repeated_lists(texts: Sequence[str]) -> BoolArray:
    """[steps], which are the items of a numbered list that stood there before.

    >>> mark_repeated_lists(["1: Ana", "2: Ben", "So Ben.", "1: Ana", "2: Ben"]).tolist()
    [False, False, False, True, True]
    """
    marked = np.zeros(len(texts), bool)
    seen: set[tuple[str, ...]] = set()
    for is_item, group in groupby(range(len(texts)), key=lambda at: LIST_ITEM.match(texts[at].strip()) is not None):
        places = list(group)
        items = tuple(texts[at].strip() for at in places)
        if is_item and len(items) > 1:
            marked[places] = items in seen
            seen.add(items)
    return marked


def mark_after_answer(texts: Sequence[str], answer: str, asked: str, turning: BoolArray) -> BoolArray:
    """[steps], from where the author turns back after what is asked was worked out: "So m + n = 17. Wait, ...".

    Args:
        texts: the steps.
        answer: the final answer; only a number is looked for.
        asked: the question, of which the last formulas are what is asked.
        turning: [steps], which turn back.

    >>> texts = ["So m + n = 1 + 16 = 17.", "Wait, is that so?", "16 + 1 = 17.", "Yes."]
    >>> mark_after_answer(texts, "17", "Find $m + n$.", np.array([False, True, False, False])).tolist()
    [False, True, True, True]
    """
    marked = np.zeros(len(texts), bool)
    number = read_plain_number(answer)
    wanted = {f"{normalise_formula(''.join(found))}={number}" for found in _ASKED_FORMULA.findall(asked)[-2:]}
    if not number or not wanted:
        return marked
    reached = (at for at, text in enumerate(texts) if not turning[at] and wanted & extract_terms(text).results)
    for at in reached:
        after = at + 1 + np.flatnonzero(turning[at + 1 :])
        marked[after[0] if len(after) else len(texts) :] = True
        break
    return marked


def mark_after_statement(texts: Sequence[str], answer: str, turning: BoolArray) -> BoolArray:
    """[steps], from where the author turns back after the final answer was stated for the first time.

    >>> texts = ["So the answer is Cara.", "Let me check.", "Cara is in 4.", "The answer is Cara."]
    >>> mark_after_statement(texts, "Cara", np.array([False, True, False, False])).tolist()
    [False, True, True, True]
    """
    marked = np.zeros(len(texts), bool)
    stated = (at for at, text in enumerate(texts) if not turning[at] and _states(text, answer))
    for at in stated:
        after = at + 1 + np.flatnonzero(turning[at + 1 :])
        marked[after[0] if len(after) else len(texts) :] = True
        break
    return marked


def _states(text: str, answer: str) -> bool:
    stated = extract_answer(text) if answer else None
    return stated is not None and is_same_answer(stated, answer)


def mark_other_solutions(texts: Sequence[str], answer: str) -> BoolArray:
    """[steps], which belong to further solutions with headings of their own, after one that states the answer.

    >>> mark_other_solutions(["Solution 1", "So it is \\\\boxed{5}.", "Solution 2", "2 + 3 = 5."], "5").tolist()
    [False, False, True, True]
    """
    marked = np.zeros(len(texts), bool)
    stated = False
    for at, text in enumerate(texts):
        if stated and is_part_label(text.strip().partition("\n")[0]) and _OTHER_SOLUTION.search(text[:_MAX_STATEMENT]):
            marked[at:] = True
            break
        stated = stated or ("boxed" in text and _states(text, answer))
    return marked


def mark_statements(texts: Sequence[str], answer: str) -> BoolArray:
    """[steps], which state the final answer and nothing else: "So the answer is 4." """
    return np.array([len(text) <= _MAX_STATEMENT and _states(text, answer) for text in texts], bool)


def mark_trailing(texts: Sequence[str], stating: BoolArray) -> BoolArray:
    """[steps], after the one that states the answer, of a few words that are no sentence, such as a name.

    >>> mark_trailing(["It is 5.", "The answer is 5.", "~somebody1"], np.array([False, True, False])).tolist()
    [False, False, True]
    """
    marked = np.zeros(len(texts), bool)
    last = np.flatnonzero(stating)
    for at in range(int(last[-1]) + 1, len(texts)) if len(last) else ():
        text = texts[at].strip()
        marked[at] = len(text.split()) <= _MAX_TRAILING_WORDS and not text.endswith(_SENTENCE_ENDS) and "=" not in text
    return marked


def mark_asked(texts: Sequence[str], question: str) -> BoolArray:
    """[steps], which say what is asked and have no number that the question has not: their words are those of the
    answer, but nothing rests on them.

    >>> mark_asked(["The question is asking which weighs more.", "7 kg is more than 4 kg."], "7 kg or 4 kg?").tolist()
    [True, False]
    """
    known = set(_NUMBER.findall(question))
    return np.array([bool(_ASKED.search(text)) and set(_NUMBER.findall(text)) <= known for text in texts], bool)
