"""Rows that a program holds already, such as a list of dictionaries or a Hugging Face dataset, as a source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from cotpress.errors import InputError
from cotpress.traces.rows import MalformedRowError, TraceRow, describe_value
from cotpress.traces.sources import TraceSource

NAME = "rows in memory"


def build_row_source(rows: Iterable[Mapping[str, Any]]) -> TraceSource:
    """The source of some rows. What can be read once only is held in memory.

    Raises:
        InputError: it is one dictionary, such as a row or a dataset with its splits, and no list of rows.

    >>> [row.line for row in build_row_source([{"question": "2+3?"}]).read_rows()]
    [1]
    """
    if isinstance(rows, Mapping):
        names = ", ".join(str(name) for name in list(rows)[:5])
        raise InputError(f"A {type(rows).__name__} ({names}) is not a list of rows.", "Give [row], or one split of it.")
    held = list(rows) if isinstance(rows, Iterator) else rows
    return TraceSource(NAME, "row", type(held).__name__, partial(_read_rows, held), ())


def is_row_input(source: object) -> bool:
    """Whether something holds rows, rather than names of files: a dataset, or a collection that begins with a row.

    >>> is_row_input([{"question": "2+3?"}]), is_row_input(["a.jsonl"]), is_row_input("a.jsonl")
    (True, False, False)
    """
    if isinstance(source, str | bytes) or not isinstance(source, Iterable):
        return False
    if isinstance(source, Mapping):
        return True
    return not isinstance(source, Iterator) and isinstance(next(iter(source), None), Mapping)


def _read_rows(rows: Iterable[Any]) -> Iterator[TraceRow]:
    for line, row in enumerate(rows, 1):
        if isinstance(row, Mapping) and all(isinstance(name, str) for name in row):
            yield TraceRow(line, row)
        else:
            detail = f"A row must be a dictionary with texts as keys; this is {describe_value(row)}."
            yield TraceRow(line, MalformedRowError("not-an-object", detail))
