"""Where steps begin: by paragraph, line, sentence or clause, or as the shape of the trace suggests.

A step begins where the white space before its first unit begins, so steps are runs of whole units. No step begins
inside a group of delimiters: code, formulas, environments, braces and bold text stay whole. A tag on a line of its own
is no step: it belongs to the one that it opens or closes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import numpy as np

from cotpress.text.steps.clauses import find_clause_starts
from cotpress.text.steps.sentences import find_sentence_starts
from cotpress.text.steps.tag_lines import join_tags
from cotpress.text.units.unit_sequence import UnitSequence
from cotpress.types import BoolArray, IntArray

MIN_STEPS: Final = 3  # fewer, and `choose_step_rule` cuts finer
MAX_MEAN_STEP_CHARACTERS: Final = 160  # characters; longer on average, and `choose_step_rule` cuts finer
MAX_STEP_CHARACTERS: Final = 400  # a longer paragraph or line is cut into sentences where "auto" is asked for

_DISPLAY = re.compile(r"\s*(?:\\\[|\$\$|\\begin\b)")
_DISPLAY_OPENINGS = ("\\[", "$$", "\\begin")
_DISPLAY_END = re.compile(r"\s*(?:\\\]|\$\$|\\end\b)")


def paragraph(units: UnitSequence) -> BoolArray:
    """A step a paragraph: cut at blank lines."""
    return units.may_begin_step & (units.line_breaks >= 2)


def line(units: UnitSequence) -> BoolArray:
    """A step a line that is not blank."""
    return units.may_begin_step & (units.line_breaks >= 1)


def sentence(units: UnitSequence) -> BoolArray:
    """A step a sentence; lines end sentences too."""
    return line(units) | (units.may_begin_step & find_sentence_starts(units))


def clause(units: UnitSequence) -> BoolArray:
    """A step a clause, or a sentence that has but one."""
    starts = sentence(units)
    starts[0] = True
    return starts | find_clause_starts(units, starts)


def choose_step_rule(units: UnitSequence) -> str:
    """The shape of the trace: the coarsest of paragraph, line and sentence that gives at least MIN_STEPS steps of at
    most MAX_MEAN_STEP_CHARACTERS on average; sentences if none does.

    On real traces: LIMO-R1 by paragraph (about 90 characters each), GSM8K by line (58), StrategyQA by
    sentence; Qwen3's thinking by paragraph, or by sentence where it is one block of prose.
    """
    for name, rule in (("paragraph", paragraph), ("line", line)):
        starts = rule(units)
        starts[0] = True
        count = int(join_tags(units, starts).sum())
        if count >= MIN_STEPS and len(units.text) <= MAX_MEAN_STEP_CHARACTERS * count:
            return f"auto/{name}"
    return "auto/sentence"


TAGS_APART: Final = "sentence/tags"  # sentences, and each tag on a line of its own by itself: for those who reword
STEP_RULES: Final[dict[str, Callable[[UnitSequence], BoolArray]]] = {
    "paragraph": paragraph,
    "line": line,
    "sentence": sentence,
    "clause": clause,
    TAGS_APART: sentence,
    # what `choose_step_rule` comes to: a displayed formula stays with the text that introduces it
    "auto/paragraph": lambda units: _join_displays(units, _cut_long_steps(units, paragraph(units))),
    "auto/line": lambda units: _join_displays(units, _cut_long_steps(units, line(units))),
    "auto/sentence": lambda units: _join_displays(units, sentence(units)),
}


def find_step_bounds(units: UnitSequence, mode: str) -> tuple[IntArray, str]:
    """The character boundaries of the steps, [steps + 1], and the rule that made them: `mode`, or what it comes to."""
    if not len(units):
        return np.zeros(1, np.int64), mode
    rule = choose_step_rule(units) if mode == "auto" else mode
    starts = STEP_RULES[rule](units)
    starts[0] = True
    if rule != TAGS_APART:
        starts = join_tags(units, starts)
    return np.append(units.bounds[:-1][starts], units.bounds[-1]), rule


def _cut_long_steps(units: UnitSequence, starts: BoolArray) -> BoolArray:
    """With the starts of sentences in steps of more than MAX_STEP_CHARACTERS."""
    begins = starts.copy()
    begins[0] = True
    firsts = np.flatnonzero(begins)
    sizes = np.diff(np.append(units.bounds[:-1][firsts], units.bounds[-1]))
    long = np.repeat(sizes > MAX_STEP_CHARACTERS, np.diff(np.append(firsts, len(starts))))
    if not long.any():
        return starts
    return starts | (long & (line(units) | (units.may_begin_step & find_sentence_starts(units, long))))


def _join_displays(units: UnitSequence, starts: BoolArray) -> BoolArray:
    """Without the starts at a displayed formula, unless it follows another one."""
    if not any(opening in units.text for opening in _DISPLAY_OPENINGS):
        return starts
    kept = starts.copy()
    for i in (np.flatnonzero(starts[1:]) + 1).tolist():
        if _DISPLAY.match(units[i]) and not _DISPLAY_END.match(units[i - 1]):
            kept[i] = False
    return kept
