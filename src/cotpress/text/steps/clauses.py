"""Where clauses begin inside a sentence: after a semicolon, and after a comma where a conjunction or a subject follows.

Commas of enumerations ("red, blue and green") and within brackets are left alone. The word lists are the project's own.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from cotpress.text.units.unit_sequence import UnitSequence
from cotpress.types import BoolArray, IntArray

MIN_CLAUSE_UNITS: Final = 3  # units, the comma included; what is shorter stays with its neighbour

_MARKS = re.compile(r"[,;，；؛]")
_BRACKETS = re.compile(r"[()\[\]]")
_SEPARATORS = frozenset(";，；؛")  # they part clauses whatever follows
# After a comma they begin a clause: English, German, Spanish, French and Russian.
_CONJUNCTION_LIST = """
    so but then thus hence therefore because since while whereas although though if when until unless as meaning
    leaving giving making yielding i he she it we they there you
    aber dann denn sodass weil wobei damit deshalb daher pero entonces luego porque mientras así donc mais alors
    puis car ainsi soit но значит поэтому тогда так то а потому
"""
_RELATIVES = frozenset(("which", "who", "whose", "where"))  # of what is before; the main clause may go on after them
_LINKS = frozenset(("and", "or", "und", "oder", "y", "et", "ou", "и"))  # in enumerations, too: a subject must follow
_SUBJECT_LIST = """
    i he she it we they there you this that these those the his her its their our each every both all then thus
    hence therefore er sie es wir man das die dann él ella ello ellos ellas il elle ils elles on он она оно они мы
"""
_CONJUNCTIONS, _SUBJECTS = frozenset(_CONJUNCTION_LIST.split()), frozenset(_SUBJECT_LIST.split())


def find_clause_starts(units: UnitSequence, starts: BoolArray) -> BoolArray:
    """Whether a clause begins at each unit, [n], where no sentence does.

    Args:
        units: the text as units.
        starts: [n], whether a sentence begins at each unit.

    >>> from cotpress.text import segment
    >>> text = "He has 12 pens, so 12 - 4 = 8 are left; she has 3, 4 and 5."
    >>> [text[start:end] for start, end in zip(*(segment(text, "clause").steps[at:][:3] for at in (0, 1)))]
    ['He has 12 pens,', ' so 12 - 4 = 8 are left;', ' she has 3, 4 and 5.']
    """
    begins = np.zeros(len(units), bool)
    bounds = np.append(np.flatnonzero(starts), len(units))
    free = units.may_begin_step & ~_mark_bracketed(units)
    last, candidates = 0, _list_units_after_marks(units)
    for number, at in enumerate(candidates):
        if not free[at] or starts[at]:
            continue
        sentence = int(np.searchsorted(bounds, at, side="right"))
        before, end = max(last, int(bounds[sentence - 1]) if sentence else 0), int(bounds[sentence])
        if min(at - before, end - at) < MIN_CLAUSE_UNITS:
            continue
        following = candidates[number + 1] if number + 1 < len(candidates) else len(units)
        if _begins_clause(units, at, is_last=following >= end):
            begins[at] = True
            last = at
    return begins


def _list_units_after_marks(units: UnitSequence) -> list[int]:
    """The units that follow a comma or a semicolon which is a unit of its own."""
    owners = _find_owners(units, _MARKS)
    return [at + 1 for at in owners.tolist() if at + 1 < len(units) and _MARKS.fullmatch(units[at].strip())]


def _find_owners(units: UnitSequence, pattern: re.Pattern[str]) -> IntArray:
    places = np.array([match.start() for match in pattern.finditer(units.text)], np.int64)
    owners: IntArray = np.unique(np.searchsorted(units.bounds, places, side="right") - 1)
    return owners


def _mark_bracketed(units: UnitSequence) -> BoolArray:
    """Which units are between brackets that are closed, [n]; a bracket that is never closed encloses nothing."""
    change = np.zeros(len(units) + 1, np.int64)
    opened: list[int] = []
    for at in _find_owners(units, _BRACKETS).tolist():
        sign = units[at].strip()
        if sign in ("(", "["):
            opened.append(at)
        elif sign in (")", "]") and opened:
            change[opened.pop() + 1] += 1
            change[at + 1] -= 1
    return np.cumsum(change[:-1]) > 0


def _begins_clause(units: UnitSequence, at: int, is_last: bool) -> bool:
    """Whether a clause begins at the unit after a mark; `is_last` says that no mark follows in the sentence."""
    mark = units[at - 1].strip()
    if mark in _SEPARATORS:
        return mark != ";" or units[at][:1].isspace()
    word = units[at].strip().lower()
    if not units[at][:1].isspace():
        return False
    follows = units[at + 1].strip().lower() if at + 1 < len(units) else ""
    if word in _RELATIVES:
        return is_last
    if word == "i" and not follows.isalpha():
        return False  # a letter in a list
    return word in _CONJUNCTIONS or (word in _LINKS and follows in _SUBJECTS)
