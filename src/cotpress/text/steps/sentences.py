"""Where sentences begin, decided on units: decimals, abbreviations with inner dots and formulas are single
units already, so only a stop that stands by itself can end a sentence."""

from __future__ import annotations

import re

import numpy as np

from cotpress.text.language_words import LANGUAGES, load_words
from cotpress.text.markers import STOPWORDS
from cotpress.text.units.unit_sequence import UnitSequence
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
_ENCLOSED = re.compile(
    r"(?<![\w\"])\"(?=[^\W_])[^\"\n]{1,300}\"(?!\w)|“[^“”\n]{1,300}”|「[^「」\n]{1,300}」|«[^«»\n]{1,300}»"
    r"|\([^()\n]{1,300}\)"
)
_WORDS_BEFORE_NAMES = frozenset(("by", "from", "with", "and"))

# What no dot ends, in the languages that have a file of words.
_ALL_WORDS = tuple(map(load_words, LANGUAGES))
_LEADING_ABBREVIATIONS = frozenset(name for words in _ALL_WORDS for name in words.leading_abbreviations.split())
_TRAILING_ABBREVIATIONS = frozenset(name for words in _ALL_WORDS for name in words.trailing_abbreviations.split())
_NUMBERING_ABBREVIATIONS = frozenset(name for words in _ALL_WORDS for name in words.numbering_abbreviations.split())
_SPACED_ABBREVIATIONS = frozenset(pair for words in _ALL_WORDS for pair in words.spaced_abbreviations)
# No list mark, initial or part of an abbreviation with a space inside is longer.
_MAX_SHORT_WORD = max(4, *(len(part) for pair in _SPACED_ABBREVIATIONS for part in pair))
_ORDINAL_LEADS = frozenset(name for words in _ALL_WORDS for name in words.ordinal_leads.split())


def find_sentence_starts(units: UnitSequence, after: BoolArray | None = None) -> BoolArray:
    """Whether a sentence begins at each unit, [n]; the first unit and line breaks left out.

    Args:
        units: the units of the text.
        after: [n], the units whose stops are looked at, for whoever asks of part of a text; None for all.
    """
    starts = np.zeros(len(units), bool)
    places = np.array([m.end() - 1 for m in _STOP_RUN.finditer(units.text)], np.int64)
    stops = np.unique(np.searchsorted(units.bounds, places, side="right") - 1)
    for i in (stops if after is None else stops[after[stops]]).tolist():
        following = _find_start_after_stop(units, i)
        if following is not None:
            starts[following] = True
    enclosed = (
        [(match.start() + 1, match.end() - 1) for match in _ENCLOSED.finditer(units.text)] if starts.any() else []
    )
    if enclosed:  # half of a quotation or bracket would open and not close
        bounds = np.searchsorted(units.bounds, np.array(enclosed), side="right") - 1
        for first, last in bounds[bounds[:, 0] < bounds[:, 1]].tolist():
            starts[first + 1 : last + 1] = False
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
        aside = following == "(" and j + 1 < len(units) and units[j + 1][:1].islower()  # "10! (which is 3,628,800)"
        return not (factorial and (aside or following[0].islower()))
    if len(word) > _MAX_SHORT_WORD and word.isalpha() and word.islower() and following[0].isupper():
        return word not in _LEADING_ABBREVIATIONS  # what is asked below is about short words, capitals and digits
    if _is_abbreviation(word, following) or _is_list_mark(units, i, word) or _is_initial(units, i, following):
        return False
    return not (_is_within_abbreviation(units, i, following) or _is_ordinal(units, i, word))


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


def _is_within_abbreviation(units: UnitSequence, i: int, following: str) -> bool:
    """Whether the dot is one of an abbreviation with a space inside: "z. B.", "p. ej."."""
    word = units[i - 1].strip().lower() if i else ""
    if (word, following.lower()) in _SPACED_ABBREVIATIONS:
        return i + 2 < len(units) and units[i + 2].strip() == "."
    return i > 2 and units[i - 2].strip() == "." and (units[i - 3].strip().lower(), word) in _SPACED_ABBREVIATIONS


def _is_ordinal(units: UnitSequence, i: int, word: str) -> bool:
    """Whether the dot is that of an ordinal number, as in German: "am 3. Mai"."""
    return i > 1 and word.isdigit() and len(word) <= 2 and units[i - 2].strip().lower() in _ORDINAL_LEADS
