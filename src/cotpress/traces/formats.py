"""The registry of formats. A new one is a `Format` in a file beside this and a name in `FORMATS`."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from cotpress.errors import InputError, unknown_name
from cotpress.traces.asking import reasoning_flags
from cotpress.traces.chat import MESSAGES, PROMPT_COMPLETION, SHAREGPT
from cotpress.traces.endings import ALPACA, ANSWER_IS, GSM8K
from cotpress.traces.native import TRACE
from cotpress.traces.shape import Ambiguous, Fields, Format, Sample, Shape
from cotpress.traces.tabular import COLUMNS, THINKING_CONTENT

# The first that fits is taken; "columns", which fits whatever has a column of reasoning, comes last.
_ALL: Sequence[Format] = (
    TRACE,
    MESSAGES,
    SHAREGPT,
    PROMPT_COMPLETION,
    GSM8K,
    ANSWER_IS,
    THINKING_CONTENT,
    ALPACA,
    COLUMNS,
)
FORMATS: dict[str, Format] = {each.name: each for each in _ALL}


def recognise(sample: Sample, fields: Fields, source: str, named: str | None = None) -> tuple[Format, Shape]:
    """The format of a sample of rows and how to read it; only the format `named`, if one is.

    Raises:
        InputError: the rows fit no format, or a field could mean several things.
        OptionError: there is no format of that name.
    """
    if named is not None and named not in FORMATS:
        raise unknown_name("trace format", named, FORMATS)
    _check_fields(sample, fields, source)
    tried = [FORMATS[named]] if named else FORMATS.values()
    try:
        for each in tried:
            shape = each.recognise(sample, fields)
            if shape is not None:
                return each, shape
        problem, flags = f"the rows are not of the format '{named}'", reasoning_flags(sample, fields)
    except Ambiguous as question:
        problem, flags = question.problem, question.flags
    raise InputError(f"{source}: {problem}. Fields: {shown(sample)}.", flags)


def _check_fields(sample: Sample, fields: Fields, source: str) -> None:
    """Refuse a flag whose field is in no row."""
    for flag, field in fields.named().items():
        first = field.partition(".")[0]
        if not any(field in row or first in row for row in sample):
            names = list(dict.fromkeys(name for row in sample for name in row))
            close = get_close_matches(field, names, n=1, cutoff=0.5)
            guess = f"Did you mean '{close[0]}'? " if close else ""
            raise InputError(
                f"{source}: there is no field '{field}' (--{flag}).", f"{guess}Fields: {', '.join(names)}."
            )


def shown(sample: Sample) -> str:
    """The fields of a sample, each with the beginning of what it holds."""
    names = list(dict.fromkeys(name for row in sample for name in row))
    parts = [f"{name} ({_beginning(next(row for row in sample if name in row)[name])})" for name in names[:16]]
    return ", ".join(parts) + (f" and {len(names) - 16} more" if len(names) > 16 else "")


def _beginning(value: Any) -> str:
    text = value if isinstance(value, str) else str(value)
    text = " ".join(text[:200].split())
    short = text if len(text) <= 40 else text[:37] + "..."
    return f'"{short}"' if isinstance(value, str) else short
