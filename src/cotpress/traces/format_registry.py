"""The registry of layouts. A new one is an object in one file of `formats/`, or an entry point of a plugin."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cotpress.errors import OptionError
from cotpress.registry import Registry, first_line
from cotpress.traces.format_definition import TraceFormat


def _adapt_format(name: str, offered: Any) -> TraceFormat:
    """A layout of a plugin: a `TraceFormat`, or its function `recognise` alone."""
    if isinstance(offered, TraceFormat):
        return replace(offered, name=name)
    if callable(offered):
        return TraceFormat(name, first_line(offered), {}, offered)
    raise OptionError(
        f"The trace format '{name}' is neither a TraceFormat nor a function; it is a {type(offered).__name__}.",
        "See 'A layout of traces' in docs/extending.md.",
    )


TRACE_FORMATS = Registry[TraceFormat](
    "trace format", "cotpress.trace_formats", package="cotpress.traces.formats", adapt=_adapt_format
)


def add_format(trace_format: TraceFormat) -> TraceFormat:
    """Add a layout under its own name.

    Raises:
        OptionError: a layout that comes with cotpress has that name.

    >>> has_columns = "columns" in {trace_format.name for trace_format in list_formats()}
    >>> add_format(TraceFormat("columns", "", {}, lambda sample, fields: None))
    Traceback (most recent call last):
    cotpress.errors.OptionError: ...
    """
    return TRACE_FORMATS.add(trace_format.name, trace_format)


def list_formats() -> list[TraceFormat]:
    """The layouts in the order in which they are tried: by rank, then by name.

    >>> [trace_format.name for trace_format in list_formats()][-1]
    'columns'
    """
    return sorted(TRACE_FORMATS.values(), key=lambda trace_format: (trace_format.rank, trace_format.name))
