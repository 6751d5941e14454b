"""Which steps lie outside the derivation, by what they say: checks of what was worked out, statements made again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

import numpy as np

from cotpress.answers import extract_answer, is_same_answer
from cotpress.backbone.calculations import MADE, list_number_uses
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
_MAX_ANSWER_WORDS = 4
_MIN_CONCLUSIONS = 3  # times that a conclusion is said
_MAX_SAID_WORDS = 10
_SAYS = re.compile(r"\b(?:is|are|was|were|in|has)\b")
_CONCLUDING = re.compile(r"(?:(?:so|therefore|thus|hence|and|yes|then|but|according to this)\b,?\s)+", re.IGNORECASE)
_PART_END = re.compile(r"(?<=[.!?])\s")
_MIN_REACHED_DIGITS = 2  # of a result that is hardly another one by chance
_MAX_TO_TURN = 2  # steps from a result to where its author turns back on it
_MAX_CHECK = 10  # steps
_CHECK = re.compile(
    r"\b(?:(?:double|cross|re|sanity)[- ]?check|verif(?:y|ied)|check (?:again|if|that|this|my)|confirm"
    r"|(?:is|was) (?:that|this|it) (?:right|correct|so|true)|make sure)\b",
    re.IGNORECASE,
)
_FAULT = re.compile(
    r"\b(?:wrong|incorrect|mistake|contradict\w*|not (?:equal|right|correct|match\w*)|does(?: not|n't) match|missed"
    r"|forgot|but wait|discrepancy|hold on)\b|≠|\\neq",
    re.IGNORECASE,
)
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


def mark_after_reached(texts: Sequence[str], answer: str, turning: BoolArray) -> BoolArray:
    """[steps], from where the author turns back right after the answer was worked out.

    Args:
        texts: the steps.
        answer: the final answer; only a number of two digits or more is looked for.
        turning: [steps], which turn back.

    >>> texts = ["n = 10 * 1.2 = 12.", "So, n is 12. Let me double-check.", "10 * 1.2 = 12.", "Right."]
    >>> mark_after_reached(texts, "12", np.array([False, True, False, False])).tolist()
    [False, True, True, True]
    """
    marked = np.zeros(len(texts), bool)
    if len(answer) < _MIN_REACHED_DIGITS:
        return marked
    for at in np.flatnonzero(~turning).tolist():
        after = np.flatnonzero(turning[at + 1 : at + 1 + _MAX_TO_TURN])
        if len(after) and answer in texts[at] and (answer, MADE) in list_number_uses(texts[at]):
            marked[at + 1 + after[0] :] = True
            break
    return marked


def mark_after_conclusion(texts: Sequence[str], answer: str, turning: BoolArray) -> BoolArray:
    """[steps], from where the author turns back after a conclusion that comes again and again: "Position 4 is Eve."

    Args:
        texts: the steps.
        answer: the final answer, of a few words.
        turning: [steps], which turn back.

    >>> texts = ["So position 4 is Eve.", "But let me check again.", "Dan is 5.", "Thus, position 4 is Eve.",
    ...          "Wait.", "Therefore, position 4 is Eve."]
    >>> mark_after_conclusion(texts, "Eve", np.array([False, True, False, False, True, False])).tolist()
    [False, True, True, True, True, True]
    """
    marked = np.zeros(len(texts), bool)
    value = answer.casefold().strip(" .*$")
    if not value or len(value.split()) > _MAX_ANSWER_WORDS:
        return marked
    found = [_find_conclusions(text, value) for text in texts]
    counts = Counter(one for said in found for one in said)
    often = {one for one, count in counts.items() if count >= _MIN_CONCLUSIONS}
    first = next((at for at, said in enumerate(found) if often & said and not turning[at]), None)
    later = [] if first is None else [at for at in np.flatnonzero(turning).tolist() if at > first]
    marked[later[0] if later else len(texts) :] = True
    return marked


def _find_conclusions(text: str, value: str) -> set[str]:
    """The short sentences of a step that end in the answer, without the word that draws them from others."""
    parts = (_CONCLUDING.sub("", part.strip()).casefold().strip(" .!*") for part in _PART_END.split(text))
    said = {part for part in parts if part.endswith(f" {value}") and _SAYS.search(part)}
    return {part for part in said if len(part.split()) <= _MAX_SAID_WORDS}


def mark_checks(texts: Sequence[str], turning: BoolArray) -> BoolArray:
    """[steps], which check a result right after it was found, from the announcement to where it is found again.

    >>> texts = ["6561 - 936 = 5625.", "Wait, is that right? Let me double-check:", "6561 - 900 = 5661",
    ...          "5661 - 36 = 5625.", "So it is 5625."]
    >>> mark_checks(texts, np.array([False, True, False, False, False])).tolist()
    [False, True, True, True, False]
    """
    marked = np.zeros(len(texts), bool)
    for at in np.flatnonzero(turning).tolist():
        if marked[at] or not at or not _CHECK.search(texts[at]):
            continue
        result = _find_last_result(texts[max(0, at - _MAX_TO_TURN) : at])
        span = range(at, min(len(texts), at + _MAX_CHECK))
        again = next((one for one in span if result in _list_results(texts[one])), None) if result else None
        if again is not None and not any(_FAULT.search(texts[one]) for one in range(at, again + 1)):
            marked[at : again + 1] = True
    return marked


def _list_results(text: str) -> list[str]:
    return [number for number, use in list_number_uses(text) if use == MADE]


def _find_last_result(texts: Sequence[str]) -> str:
    """The result that the last of these steps that has one comes to, "" for none that tells."""
    found = next((results for text in reversed(texts) if (results := _list_results(text))), [""])
    return found[-1] if len(found[-1]) >= _MIN_REACHED_DIGITS else ""


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
