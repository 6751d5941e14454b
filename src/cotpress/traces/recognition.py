"""Which layout a file has, decided from its first rows."""

from __future__ import annotations

import logging
from difflib import get_close_matches
from typing import Any

from cotpress.errors import InputError
from cotpress.traces.fields.field_detection import suggest_reasoning_flags
from cotpress.traces.files.inner_rows import suggest_rows
from cotpress.traces.format_definition import AmbiguousFieldsError, FieldNames, RowSample, RowSchema, TraceFormat
from cotpress.traces.format_registry import TRACE_FORMATS, list_formats
from cotpress.traces.rows import describe_error

_logger = logging.getLogger("cotpress")


def recognise_format(
    sample: RowSample, fields: FieldNames, source: str, named: str | None = None
) -> tuple[TraceFormat, RowSchema]:
    """The layout of a sample of rows, and how to read them.

    Args:
        sample: the first rows of a file.
        fields: the fields that the user named.
        source: the file's name, for messages.
        named: the one layout to try, or `module:object`; None: try all of them in order.

    Raises:
        InputError: the rows fit no layout, or a field could mean several things.
        OptionError: there is no layout of that name.

    >>> trace_format, schema = recognise_format([{"problem": "2+3?", "solution": "It is 5."}], FieldNames(), "a.jsonl")
    >>> trace_format.name, schema.roles
    ('columns', 'question=problem, reasoning=solution')
    """
    candidates = [TRACE_FORMATS.get_entry(named)] if named else list_formats()
    _check_fields(sample, fields, source)
    try:
        for trace_format in candidates:
            schema = _try_format(trace_format, sample, fields, source, must_work=named is not None)
            if schema is not None:
                return trace_format, schema
        problem, flags = f"the rows are not of the format '{named}'", suggest_reasoning_flags(sample, fields)
    except AmbiguousFieldsError as question:
        problem, flags = question.problem, question.flags
    inside = suggest_rows(sample)
    raise InputError(f"{source}: {problem}. Fields: {format_sample(sample)}.", f"{inside} {flags}".strip())


def _try_format(
    trace_format: TraceFormat, sample: RowSample, fields: FieldNames, source: str, must_work: bool
) -> RowSchema | None:
    """What a layout says of the rows. One of a plugin that fails is passed over, unless the user named it."""
    try:
        return trace_format.recognise(sample, fields)
    except AmbiguousFieldsError:
        raise
    except Exception as error:  # whatever the code of a plugin raises
        problem = f"The trace format '{trace_format.name}' fails on the rows of {source} ({describe_error(error)})."
        if must_work:
            raise InputError(problem, "Repair the plugin, or name another format.") from error
        _logger.warning("%s It is passed over.", problem)
        return None


def _check_fields(sample: RowSample, fields: FieldNames, source: str) -> None:
    """Refuse a flag whose field is in no row."""
    for flag, field in fields.to_flags().items():
        first = field.partition(".")[0]
        if not any(field in row or first in row for row in sample):
            names = list(dict.fromkeys(name for row in sample for name in row))
            close = get_close_matches(field, names, n=1, cutoff=0.5)
            guess = f"Did you mean '{close[0]}'? " if close else ""
            raise InputError(
                f"{source}: there is no field '{field}' (--{flag}).", f"{guess}Fields: {', '.join(names)}."
            )


def format_sample(sample: RowSample) -> str:
    """The fields of a sample, each with the beginning of what it holds."""
    names = list(dict.fromkeys(name for row in sample for name in row))
    parts = [f"{name} ({_format_beginning(next(row for row in sample if name in row)[name])})" for name in names[:16]]
    return ", ".join(parts) + (f" and {len(names) - 16} more" if len(names) > 16 else "")


def _format_beginning(value: Any) -> str:
    text = value if isinstance(value, str) else str(value)
    text = " ".join(text[:200].split())
    short = text if len(text) <= 40 else text[:37] + "..."
    return f'"{short}"' if isinstance(value, str) else short
