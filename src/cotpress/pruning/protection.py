"""What is kept whatever its importance, or before all else. Each protection marks units of one trace."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from cotpress.answers import extract_reply_answer, find_gold_span, find_statement_span
from cotpress.errors import CotpressError, OptionError, describe_failure
from cotpress.pruning.user_patterns import find_matches
from cotpress.registry import Registry
from cotpress.text import Segmentation, find_unit_blocks, list_sentence_bounds, mark_covered
from cotpress.types import BoolArray, Span, Trace

MAX_STATEMENT_CHARACTERS: Final = 60  # of a last sentence that is taken for the statement of the answer
_SAYS_SOMETHING = re.compile(
    r"[\d=<>+×÷√≈≤≥≠±½¼¾∑∏∫%^]++|\\(?:frac|sqrt|sum|prod|int|times|cdot|leq?|geq?|neq?|approx)\b"
)
_ITEM_NUMBER = re.compile(r"^[ \t>*-]*+\(?(\d{1,3})[.):](?=\s)", re.MULTILINE)

_SHAPE_HINT: Final = (
    "A protection takes a trace and its segmentation, and gives true or false for each unit; unit n is "
    "trace.reasoning[units[n]:units[n + 1]], with units = segmentation.units."
)

Protection = Callable[[Trace, Segmentation], BoolArray]
"""Marks units of one trace: an array of bool, one for each unit; unit n is `units[n]:units[n + 1]` of its text."""


def _adapt_protection(name: str, given: Any) -> Protection:
    if callable(given) and not isinstance(given, type):
        return given  # type: ignore[no-any-return]
    raise OptionError(
        f"The protection '{name}' is a {type(given).__name__}.", "Give a function of a trace and its segmentation."
    )


PROTECTIONS: Registry[Protection] = Registry("protection", "cotpress.protections", adapt=_adapt_protection)


def symbols(trace: Trace, segmentation: Segmentation) -> BoolArray:
    """Digits, operators, math, LaTeX and code."""
    return segmentation.formal


def symbols_first(trace: Trace, segmentation: Segmentation) -> BoolArray:
    """Equations, numbers and code before words, as far as the budget goes, where a model's signals rank tokens."""
    return mark_leading_symbols(segmentation, find_unit_blocks(segmentation))


def answer(trace: Trace, segmentation: Segmentation) -> BoolArray:
    """The span that states the final answer, unless the text after the reasoning states it.

    Where no statement is recognised, the sentence at the end that concludes in the gold answer, unless the text that
    follows has it; else, where no text follows, the last sentence, if it is short: in a language whose words
    for "the answer is" are not known, it is the statement.
    """
    if trace.answer and extract_reply_answer(trace.answer) is not None:
        return np.zeros(len(segmentation.kinds), dtype=bool)
    span = find_statement_span(trace.reasoning) or _find_gold_sentence(trace, segmentation)
    span = span or (None if trace.answer else _find_last_sentence(segmentation))
    return mark_touched_units([span] if span else [], segmentation)


def _find_last_sentence(segmentation: Segmentation) -> Span | None:
    start, end = [0, *list_sentence_bounds(segmentation).tolist()][-2:]
    return (start, end) if start > 0 and end - start <= MAX_STATEMENT_CHARACTERS else None


def _find_gold_sentence(trace: Trace, segmentation: Segmentation) -> Span | None:
    """The last sentence's part that has the gold answer, if no phrase states it."""
    if not trace.gold or (trace.answer and find_gold_span(trace.answer, trace.gold)):
        return None
    gold = find_gold_span(trace.reasoning, trace.gold)
    if gold is None:
        return None
    steps = list_sentence_bounds(segmentation)
    at = int(np.searchsorted(steps, gold[0], side="right")) - 1
    start, end = int(steps[at]), int(steps[at + 1])
    return (start, end) if end - start <= MAX_STATEMENT_CHARACTERS else gold


PROTECTIONS.add("symbols", symbols)
PROTECTIONS.add("answer", answer)
PROTECTIONS.add("symbols-first", symbols_first)

# These give way where the budget does not hold them: what they mark comes first in the order, and is deleted last.
SOFT_PROTECTIONS: Final = frozenset({"symbols-first"})


def mark_leading_symbols(segmentation: Segmentation, blocks: Sequence[tuple[int, ...]]) -> BoolArray:
    """The units that say something without the words around them, [units]: formulas, code, numbers and operators.

    A variable that a sentence mentions is none, nor is the number of an item: without their sentence they are noise.

    >>> from cotpress.text import segment
    >>> cut = segment("1. So n is even and 3n + 1 = 7.")
    >>> marked = mark_leading_symbols(cut, find_unit_blocks(cut)).tolist()
    >>> [cut.text[cut.units[unit] : cut.units[unit + 1]].strip() for unit, first in enumerate(marked) if first]
    ['3n', '+', '1', '=', '7']
    """
    text, count = segmentation.text, len(segmentation.kinds)
    whole = [(block[0], block[-1]) for block in blocks if block[-1] - block[0] == len(block) - 1]
    formulas = [(group[0], group[-1]) for group in segmentation.groups if segmentation.formal[group[0]]]
    inside = mark_covered(count, [*whole, *formulas])
    spans = [match.span() for match in _SAYS_SOMETHING.finditer(text)]
    alone = segmentation.formal & mark_touched_units(spans, segmentation)
    items = mark_touched_units([match.span(1) for match in _ITEM_NUMBER.finditer(text)], segmentation)
    return np.asarray(inside | (alone & ~items))


def mark_protected_units(
    trace: Trace, segmentation: Segmentation, names: Sequence[str], patterns: Sequence[str] = ()
) -> BoolArray:
    """The units that the named protections and the user's patterns mark, shape [units].

    Args:
        trace: the whole trace; a protection may read its question and answer, too.
        segmentation: the steps and units of its reasoning.
        names: names of protections.
        patterns: regular expressions; every unit that a match touches is marked.

    Raises:
        OptionError: a protection failed or gave something else than true or false for each unit, or a pattern takes
            too long.
    """
    mask = np.zeros(len(segmentation.kinds), dtype=bool)
    for name in names:
        mask |= _run_protection(name, trace, segmentation)
    for pattern in patterns:
        mask |= mark_touched_units(find_matches(pattern, segmentation.text), segmentation)
    return mask


def _run_protection(name: str, trace: Trace, segmentation: Segmentation) -> BoolArray:
    try:
        given = PROTECTIONS.get_entry(name)(trace, segmentation)
    except CotpressError:
        raise
    except Exception as error:  # whatever somebody's function raises
        why = describe_failure(error)
        raise OptionError(f"The protection '{name}' failed on trace '{trace.id}' ({why}).", _SHAPE_HINT) from error
    return _check_mask(name, given, len(segmentation.kinds))


def _check_mask(name: str, given: Any, count: int) -> BoolArray:
    mask = np.asarray(given)
    if mask.shape != (count,) or (count and mask.dtype != np.bool_):
        raise OptionError(
            f"The protection '{name}' gave an array of {mask.dtype} of shape {mask.shape} for {count} units.",
            _SHAPE_HINT,
        )
    return mask.astype(np.bool_)


def mark_touched_units(spans: Sequence[Span], segmentation: Segmentation) -> BoolArray:
    """The units that share at least one character with a span, shape [units]."""
    places = np.array([(start, end - 1) for start, end in spans if end > start], np.int64).reshape(-1, 2)
    touched = np.searchsorted(segmentation.units, places, side="right") - 1
    return mark_covered(len(segmentation.kinds), touched)


def check_protections(names: Sequence[str]) -> None:
    """Raises OptionError for a protection that does not exist."""
    for name in names:
        PROTECTIONS.get_entry(name)
