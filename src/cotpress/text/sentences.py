"""Where sentences begin, decided on units: decimals, abbreviations with inner dots and formulas are single
units already, so only a stop that stands by itself can end a sentence."""

from __future__ import annotations

import re

import numpy as np

from cotpress.text.markers import STOPWORDS
from cotpress.text.unit_sequence import UnitSequence
from cotpress.types import BoolArray

# Stops that end a sentence whatever follows: of Chinese and Japanese, Hindi and its neighbours, Arabic and Urdu,
# Armenian, Ethiopic, Burmese and Khmer.
_SURE_STOPS = "。．｡！？।॥؟۔։።፧။។"
_STOP_UNIT = re.compile(rf"\.+|…+|[?!]+|[{_SURE_STOPS}]+")
_STOP_RUN = re.compile(rf"[.…?!{_SURE_STOPS}]+")
_CLOSING_UNITS = frozenset("\"')]}”’»*_」』）】》〉") | {"**", "***", "$", "$$", "\\)", "\\]", "''", "`"}
_DOTTED_ABBREVIATION = re.compile(r"\s*(?:[A-Za-z]\.){2,}\Z")
_LIST_MARK = re.compile(r"\d{1,3}\Z|[A-Za-z]\Z|[ivxIVX]{1,4}\Z")
_BULLETS = frozenset(("**", "-", "*", "•", "#", "##", "###", "####", "("))
_ITEM_END = re.compile(r"[.…?!,:;]+")
_WORDS_BEFORE_NAMES = frozenset(("by", "from", "with", "and"))

# Abbreviations that a name or a reference follows: their dot never ends a sentence.
_LEADING_LIST = """
    mr mrs ms messrs dr prof rev hon capt sgt lt col gen gov sen rep pres st mt vs cf viz e.g i.e eg ie fig figs eq
    eqs eqn eqns
"""
# Abbreviations whose dot ends a sentence only before a capital.
_TRAILING_LIST = """
    etc al approx resp est inc ltd corp co jr sr dept univ ave blvd rd ft jan feb mar apr jun jul aug sept oct nov
    dec def thm prop lem cor ex bros sq min max sec
"""
# Abbreviations only before a number: "No. 5", "p. 12".
_NUMBERING_LIST = "no nos vol ch sec art p pp pt"
_LEADING_ABBREVIATIONS, _TRAILING_ABBREVIATIONS, _NUMBERING_ABBREVIATIONS = (
    frozenset(names.split()) for names in (_LEADING_LIST, _TRAILING_LIST, _NUMBERING_LIST)
)


def find_sentence_starts(units: UnitSequence) -> BoolArray:
    """Whether a sentence begins at each unit, [n]; the first unit and line breaks left out."""
    starts = np.zeros(len(units), bool)
    places = np.array([m.end() - 1 for m in _STOP_RUN.finditer(units.text)], np.int64)
    for i in np.unique(np.searchsorted(units.bounds, places, side="right") - 1).tolist():
        following = _find_start_after_stop(units, i)
        if following is not None:
            starts[following] = True
    return starts


def _find_start_after_stop(units: UnitSequence, i: int) -> int | None:
    """The unit that begins the next sentence if unit i ends one."""
    text = units[i]
    if not _STOP_UNIT.fullmatch(text):
        return _find_start_after_dotted(units, i)
    j = i + 1
    while j < len(units) and units[j].rstrip() in _CLOSING_UNITS:  # the last unit has the white space at the end
        j += 1
    if j == len(units):
        return None
    if text[0] in _SURE_STOPS:
        return j
    return j if units[j][0].isspace() and _is_sentence_end(units, i, j) else None


def _find_start_after_dotted(units: UnitSequence, i: int) -> int | None:
    """After "U.S." or "a.m." a sentence begins with a capitalised function word ("The")."""
    if i + 1 == len(units) or not _DOTTED_ABBREVIATION.match(units[i]) or units[i].strip().lower() in ("e.g.", "i.e."):
        return None
    word = units[i + 1].strip()
    return i + 1 if word[:1].isupper() and word.lower() in STOPWORDS else None


def _is_sentence_end(units: UnitSequence, i: int, j: int) -> bool:
    """Whether the stop at unit i ends a sentence, j being the unit after it and its closing quotes and brackets."""
    stop, following = units[i], units[j].strip()
    word = units[i - 1].strip() if i else ""
    if following[0] in "=<>+/*^,;:)]}" and following[:2] != "**":
        return False
    if stop[0] == "…" or stop[:2] == "..":
        return following[0].isupper()
    if following[0].islower() and j > i + 1:
        return False  # the quotation or the bracket ended, not the sentence around it
    if stop != ".":
        factorial = stop[0] == "!" and (word[-1:].isdigit() or word[-1:] == ")" or len(word) == 1)
        return not (factorial and following[0].islower())
    return not (_is_abbreviation(word, following) or _is_list_mark(units, i, word) or _is_initial(units, i, following))


def _is_abbreviation(word: str, following: str) -> bool:
    name = word.lower().strip("([\"'“‘*")
    if name in _LEADING_ABBREVIATIONS:
        return True
    if name in _NUMBERING_ABBREVIATIONS and following[0].isdigit():
        return True
    if following[0].isupper():
        return False
    return name in _TRAILING_ABBREVIATIONS or (following[0].islower() and name.isalpha() and len(name) <= 3)


def _is_list_mark(units: UnitSequence, i: int, word: str) -> bool:
    """Whether the dot is that of "1." or "a." at the start of a line, a sentence or an item ("1. hot, 2. cold")."""
    if not i or not _LIST_MARK.match(word):
        return False
    before = i - 1
    while before and not units.line_breaks[before] and units[before - 1].strip() in _BULLETS:
        before -= 1
    return before == 0 or units.line_breaks[before] > 0 or bool(_ITEM_END.fullmatch(units[before - 1].strip()))


def _is_initial(units: UnitSequence, i: int, following: str) -> bool:
    """Whether the dot is that of an initial in a name: "J. K. Rowling", "George W. Bush"."""
    letter = units[i - 1].strip() if i else ""
    if len(letter) != 1 or not letter.isupper() or not following[0].isupper() or following.lower() in STOPWORDS:
        return False
    before = units[i - 2].strip() if i > 1 else ""
    named = before in _WORDS_BEFORE_NAMES or (before[:1].isupper() and before.lower() not in STOPWORDS)
    return named or before in ("", ".")
