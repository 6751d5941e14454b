"""Equations in plain text: runs of numbers, variables and operators, with the brackets that match within them."""

from __future__ import annotations

import re

import numpy as np

from cotpress.text.markers import STOPWORDS
from cotpress.text.segmentation import Segmentation, mark_covered
from cotpress.text.units.bracket_pairs import UnitGroup
from cotpress.text.units.unit_kinds import UnitKind
from cotpress.types import BoolArray, IntArray, Span

_MAX_UNITS = 80  # units; a longer run is no equation
# Where a name of a function begins. Patterns begin with the characters that what they find can begin with, so that the
# search passes over all others at the speed of C.
_FUNCTION = re.compile(
    r"[acdeglmst](?<!\w.)(?<=(?=(?:(?:a|arc)?(?:sin|cos|tan)|cot|sec|csc|log|ln|exp|sqrt|max|min|gcd|lcm|mod|det)"
    r"(?:[\u0370-\u03ff\u2080-\u2089²³]{1,3})?(?![^\W_])).)"
)
_MAX_NAME = 16  # characters; a longer word beside an operator is no name of a quantity
_SIGN = re.compile(r"[-−*/](?![-−*/])")
_COMMA, _LINE_BREAK = re.compile(r"[,….](?:(?<=,)(?<!\\.)(?=[\s\w(\[{\\$…-])|(?<=…)|(?<=\.)\.\.)"), re.compile("\n")
_BRACKETS = re.compile(r"\s*(?:\\?[\[({⌊⌈⟨]|\\[lL]|\\[bB]ig)")


def find_plain_formulas(
    segmentation: Segmentation, covered: BoolArray, code: BoolArray, loose: list[UnitGroup], pairs: list[UnitGroup]
) -> list[Span]:
    """First and last unit of each equation or expression in plain text that has an operator and two operands.

    Args:
        segmentation: the text, cut.
        covered: [units], the units of code and of formulas between delimiters; a formula may be a part of an equation.
        code: [units], the units of code, which is not.
        loose: groups that are no part of one.
        pairs: brackets, quotes and the like that match.

    >>> from cotpress.text import segment
    >>> cut, nothing = segment("So 3x + 2 = 8."), np.zeros(8, dtype=bool)
    >>> find_plain_formulas(cut, nothing[:7], nothing[:7], [], [])
    [(1, 5)]
    """
    cut = segmentation
    bounds = cut.units.tolist()
    allowed = cut.formal | _mark_units(cut, _FUNCTION)
    brackets = [pair for pair in pairs if _BRACKETS.match(cut.text, bounds[pair[0]], bounds[pair[0] + 1])]
    commas = _mark_units(cut, _COMMA) & mark_covered(len(code), [(pair[0], pair[-1]) for pair in brackets])
    allowed |= commas
    free = ~code
    free[[unit for group in (*loose, *pairs) for unit in group]] = False
    in_bracket = [unit for pair in brackets for unit in pair]
    allowed &= free
    allowed[in_bracket] = True
    operators = (allowed & (cut.kinds == UnitKind.OPERATOR)) | (free & (_mark_signs(cut, allowed) | commas))
    names = free & _mark_names(cut, operators, in_bracket)
    allowed |= operators | names
    breaks = _mark_units(cut, _LINE_BREAK) & ~(covered & np.append(False, covered[:-1]))
    run = _number_runs(allowed, breaks)
    for pair in brackets:
        if len(set(run[list(pair)].tolist())) > 1:
            allowed[list(pair)] = False
    run = _number_runs(allowed, breaks)
    bracketed = np.bincount(run[in_bracket] + 1, minlength=len(run) + 1)[run + 1] > 0
    return _select_runs(run, operators & ~covered & (bracketed | ~commas), (cut.formal | names) & ~operators)


def _mark_signs(cut: Segmentation, allowed: BoolArray) -> BoolArray:
    """A dash or a slash between two parts of an equation, such as "1 - cosθ", where words stood beside it."""
    signs = np.zeros(len(allowed), dtype=bool)
    signs[1:-1] = ((cut.kinds == UnitKind.PUNCTUATION) & _mark_units(cut, _SIGN))[1:-1] & allowed[:-2] & allowed[2:]
    return signs


def _mark_names(cut: Segmentation, operators: BoolArray, brackets: list[int]) -> BoolArray:
    """Words that stand for a quantity: beside an operator, as in "V = mnp", or a single letter beside a bracket."""
    edge = np.zeros(len(operators), dtype=bool)
    edge[brackets] = True
    names = np.zeros(len(operators), dtype=bool)
    by_operator, by_bracket = _mark_beside(operators), _mark_beside(edge)
    for unit in np.flatnonzero((cut.kinds == UnitKind.WORD) & (by_operator | by_bracket)).tolist():
        word = cut.text[cut.units[unit] : cut.units[unit + 1]].strip()
        names[unit] = len(word) == 1 or (by_operator[unit] and len(word) <= _MAX_NAME and word.lower() not in STOPWORDS)
    return names


def _mark_beside(mask: BoolArray) -> BoolArray:
    beside = np.zeros(len(mask), dtype=bool)
    beside[1:] = mask[:-1]
    beside[:-1] |= mask[1:]
    return beside


def _mark_units(cut: Segmentation, pattern: re.Pattern[str]) -> BoolArray:
    """The units in which a match of the pattern begins."""
    mask = np.zeros(len(cut.kinds), dtype=bool)
    places = np.array([m.start() for m in pattern.finditer(cut.text)], np.int64)
    mask[np.searchsorted(cut.units, places, side="right") - 1] = True
    return mask


def _number_runs(allowed: BoolArray, breaks: BoolArray) -> IntArray:
    """The number of the run that each unit is in, from 0 on; -1 for those in none."""
    starts = allowed & (breaks | ~np.append(False, allowed[:-1]))
    return np.where(allowed, np.cumsum(starts) - 1, -1)


def _select_runs(run: IntArray, operators: BoolArray, operands: BoolArray) -> list[Span]:
    """The runs with an operator and two operands; the commas of (3, 4) and [0, 1) are operators, too."""
    inside = np.flatnonzero(run >= 0)
    if not len(inside):
        return []
    sizes, operator_counts, operand_counts = (
        np.bincount(run[inside], weights[inside]) for weights in (np.ones(len(run)), operators, operands)
    )
    firsts = inside[np.unique(run[inside], return_index=True)[1]]
    chosen = (operator_counts > 0) & (operand_counts + operator_counts > 2) & (sizes <= _MAX_UNITS)
    lasts = firsts + sizes.astype(np.int64) - 1
    return list(zip(firsts[chosen].tolist(), lasts[chosen].tolist(), strict=True))
