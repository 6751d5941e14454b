"""What is kept whatever its importance. Each protection marks units of one trace."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from cotpress.answers import stated_answer, statement_span
from cotpress.errors import OptionError, unknown_name
from cotpress.segment import Segmentation
from cotpress.types import BoolArray, Span, Trace


def symbols(trace: Trace, segmentation: Segmentation) -> BoolArray:
    """Digits, operators, math, LaTeX and code."""
    return segmentation.formal


def answer(trace: Trace, segmentation: Segmentation) -> BoolArray:
    """The span that states the final answer, unless the text after the reasoning states it."""
    if trace.answer and stated_answer(trace.answer) is not None:
        return np.zeros(len(segmentation.kinds), dtype=bool)
    span = statement_span(trace.reasoning)
    return touched([span] if span else [], segmentation)


PROTECTIONS: dict[str, Callable[[Trace, Segmentation], BoolArray]] = {"symbols": symbols, "answer": answer}


def protected_units(
    trace: Trace, segmentation: Segmentation, names: Sequence[str], patterns: Sequence[re.Pattern[str]] = ()
) -> BoolArray:
    """The units that the named protections and the user's patterns mark, shape [units]."""
    mask = np.zeros(len(segmentation.kinds), dtype=bool)
    for name in names:
        mask |= PROTECTIONS[name](trace, segmentation)
    for pattern in patterns:
        mask |= touched([match.span() for match in pattern.finditer(segmentation.text)], segmentation)
    return mask


def touched(spans: Sequence[Span], segmentation: Segmentation) -> BoolArray:
    """The units that share at least one character with a span, shape [units]."""
    mask = np.zeros(len(segmentation.kinds), dtype=bool)
    for start, end in spans:
        if end > start:
            first, last = np.searchsorted(segmentation.units, [start, end - 1], side="right") - 1
            mask[first : last + 1] = True
    return mask


def check_protections(names: Sequence[str]) -> None:
    """Raises OptionError for a protection that does not exist."""
    for name in names:
        if name not in PROTECTIONS:
            raise unknown_name("protection", name, PROTECTIONS)


def compile_patterns(patterns: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    """Compile the user's regular expressions.

    Raises:
        OptionError: one of them is not a valid expression.
    """
    try:
        return tuple(re.compile(pattern) for pattern in patterns)
    except re.error as error:
        raise OptionError(
            f"'{error.pattern!s}' is not a regular expression: {error}.", "See Python's re module."
        ) from error
