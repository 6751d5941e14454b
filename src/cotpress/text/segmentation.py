"""Reasoning -> steps -> units, as spans that tile the text exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cotpress.errors import build_unknown_name_error
from cotpress.text.steps.step_requirements import find_required_steps
from cotpress.text.steps.step_rules import STEP_RULES, find_step_bounds
from cotpress.text.units.lexer import UnitLexer
from cotpress.text.units.unit_kinds import UnitKind
from cotpress.text.units.unit_patterns import PendingKind
from cotpress.text.units.unit_sequence import UnitSequence, count_line_breaks
from cotpress.types import BoolArray, IntArray, Span

STEP_MODES: Final = ("auto", "paragraph", "line", "sentence", "clause")

_ALL_KINDS = np.arange(256)
_IS_FORMAL = np.isin(
    _ALL_KINDS,
    [UnitKind.NUMBER, UnitKind.EXPRESSION, UnitKind.LATEX, UnitKind.OPERATOR, UnitKind.CALC, UnitKind.CODE],
)
# What an operator can stand beside, by kind.
_IS_OPERATOR = _ALL_KINDS == UnitKind.OPERATOR
_IS_OPERAND = (_IS_FORMAL & ~_IS_OPERATOR) | np.isin(
    _ALL_KINDS, [PendingKind.VARIABLE, PendingKind.BRACKET, PendingKind.LOOSE]
)
_BEFORE_OPERATOR = _IS_OPERAND | _IS_OPERATOR
_AFTER_OPERATOR = _IS_OPERAND | (_ALL_KINDS == PendingKind.BINARY)
_NEIGHBOUR_KINDS = (PendingKind.VARIABLE, PendingKind.BINARY, PendingKind.LOOSE, PendingKind.BRACKET)


@dataclass(frozen=True, slots=True, eq=False)
class Segmentation:
    """The steps and units of one text.

    `units` [units + 1] and `steps` [steps + 1] are ascending character boundaries: unit i is
    text[units[i]:units[i + 1]]. The first is 0, the last is len(text), and every step boundary is a unit boundary.
    White space belongs to what follows it, at the very end to the last unit. An empty text has no units.

    `kinds` [units] holds a `UnitKind` each. `formal` [units] marks what the protection of symbols keeps: digits,
    operators, LaTeX, calculator marks, variables, code and everything inside a formula.

    `groups` are ascending unit indices of delimiters that live and die together, such as (`$`, `$`) or
    (`\\frac{`, `}{`, `}`). They nest properly and never cross a step. Where any other unit between the first
    and the last of a group is kept, keep the whole group, else drop it; then LaTeX that parsed still does. All that
    binds units, plain brackets and whole formulas among it, is found by `find_unit_blocks`.

    `requires` are pairs of steps (step, needed): the first is not to be kept without the second.

    `mode` is the rule that made the steps; where "auto" was asked for, what it came to ("auto/line"). Given to
    `segment`, it cuts another text, such as a rewrite of this one, by the same rule.
    """

    text: str
    units: IntArray
    steps: IntArray
    kinds: NDArray[np.uint8]
    formal: BoolArray
    groups: tuple[tuple[int, ...], ...]
    mode: str
    requires: tuple[tuple[int, int], ...] = ()


def segment(text: str, steps: str = "auto") -> Segmentation:
    """Cut a text into steps and units.

    `steps` is one of STEP_MODES: "paragraph" cuts at blank lines, "line" at line breaks, "sentence" at the end of
    sentences and lines, "clause" also within them, "auto" by the trace's own shape. No step begins inside code, a
    formula, an environment, braces or bold text.

    Raises:
        OptionError: `steps` is no such mode.

    >>> cut = segment('Two and three.\\n\\n2 + 3 = 5.')
    >>> cut.steps.tolist(), len(cut.kinds)
    ([0, 14, 26], 10)
    """
    if steps not in STEP_MODES and steps not in STEP_RULES:
        raise build_unknown_name_error("step mode", steps, STEP_MODES)
    lexer = UnitLexer(text)
    lexer.run()
    bounds = np.array([0, *lexer.ends], np.int64)
    kinds = _resolve_kinds(np.frombuffer(lexer.kinds, np.uint8))
    inside = mark_covered(len(kinds), lexer.formal)
    begins, mode = find_step_bounds(_view_units(text, bounds, kinds, lexer.groups), steps)
    formal, requires = _IS_FORMAL[kinds] | inside, find_required_steps(text, begins)
    return Segmentation(text, bounds, begins, kinds, formal, tuple(lexer.groups), mode, requires)


def cut_finer(cut: Segmentation, steps: str, more_than: int) -> Segmentation | None:
    """The same units in steps of another mode; None where that gives no more steps than so many.

    >>> cut_finer(segment("So x = 2. Then\\ny = 3.", "line"), "sentence", 2).steps.tolist()
    [0, 9, 14, 21]
    """
    begins, mode = find_step_bounds(_view_units(cut.text, cut.units, cut.kinds, cut.groups), steps)
    if len(begins) <= more_than + 1:
        return None
    return replace(cut, steps=begins, mode=mode, requires=find_required_steps(cut.text, begins))


def list_sentence_bounds(cut: Segmentation) -> IntArray:
    """The boundaries that steps would have as sentences, [sentences + 1], of a text that is cut already.

    >>> list_sentence_bounds(segment("So x = 2. Then\\ny = 3.", "line")).tolist()
    [0, 9, 14, 21]
    """
    return find_step_bounds(_view_units(cut.text, cut.units, cut.kinds, cut.groups), "sentence")[0]


def _view_units(
    text: str, bounds: IntArray, kinds: NDArray[np.uint8], groups: Sequence[tuple[int, ...]]
) -> UnitSequence:
    inside = mark_covered(len(kinds), [(group[0] + 1, group[-1]) for group in groups])
    return UnitSequence(text, bounds, bounds.tolist(), kinds, ~inside, count_line_breaks(text, bounds))


def mark_covered(size: int, spans: Sequence[Span] | IntArray) -> BoolArray:
    """Which units are in any of the spans of first and last unit, [size].

    >>> mark_covered(4, [(1, 2)]).tolist()
    [False, True, True, False]
    """
    change = np.zeros(size + 1, np.int64)
    if len(spans):
        first, last = np.asarray(spans, np.int64).T
        change += np.bincount(first, minlength=size + 1) - np.bincount(last + 1, minlength=size + 1)
    return change[:size].cumsum() > 0


def _resolve_kinds(kinds: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Give the kinds that had to wait for their neighbours: "-" is an operator between operands, "a" a variable
    beside an operator."""
    before, after, beside = np.zeros((3, len(kinds)), np.bool_)
    before[1:], after[:-1] = _BEFORE_OPERATOR[kinds[:-1]], _AFTER_OPERATOR[kinds[1:]]
    variable, binary, loose, bracket = (kinds == int(s) for s in _NEIGHBOUR_KINDS)
    settled = kinds.copy()
    settled[binary | loose | bracket] = UnitKind.PUNCTUATION
    settled[(binary & before & after) | (loose & (before | after))] = UnitKind.OPERATOR
    operator = _IS_OPERATOR[settled]
    beside[1:] = operator[:-1]
    beside[:-1] |= operator[1:]
    settled[variable] = UnitKind.WORD
    settled[variable & beside] = UnitKind.EXPRESSION
    return settled
