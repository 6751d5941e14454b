"""Rows inside an object: a list that a dotted path names, and what to suggest where nobody named one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from cotpress.traces.files.sources import TraceSource
from cotpress.traces.format_definition import RowSample
from cotpress.traces.messages.conversations import list_speakers
from cotpress.traces.places import parse_json_text
from cotpress.traces.rows import MalformedRowError, TraceRow, describe_value

# The lists in which exports of a known kind keep their rows: the list's outermost key, what stands beside it.
_KNOWN_ROWS = (
    ("resourceSpans", None, "resourceSpans.scopeSpans.spans"),
    ("resource_spans", None, "resource_spans.scope_spans.spans"),
    ("rows", "features", "rows.row"),  # the hub's viewer
    ("samples", "eval", "samples"),  # logs of Inspect
    ("simulations", "tasks", "simulations"),  # results of tau2-bench
    ("data", "schema", "data"),  # tables of pandas
)
ALL_VALUES = "*"  # the key that means all values of an object
MAX_SEARCHED_DEPTH = 4  # of objects in which a list of rows is looked for


def open_inner_rows(source: TraceSource, path: str) -> TraceSource:
    """The source whose rows are the elements of the list at a path of each object.

    "a.b" of lists are all their b's, "*" the values of an object.

    Args:
        source: a source of objects.
        path: keys and numbers, separated by dots.

    >>> row = TraceRow(1, {"data": [{"n": 1}, {"n": 2}]})
    >>> outer = TraceSource("a.json", "a", "JSON object", lambda: iter([row]), ())
    >>> [row.data for row in open_inner_rows(outer, "data").read_rows()]
    [{'n': 1}, {'n': 2}]
    """
    return replace(
        source, container=f"{source.container}, rows in {path}", read_rows=partial(_read, source.read_rows, path)
    )


def _read(read_rows: Callable[[], Iterator[TraceRow]], path: str) -> Iterator[TraceRow]:
    number = 0
    for row in read_rows():
        for data in _list_rows(row, path):
            number += 1
            yield TraceRow(number, data, row.raw if isinstance(data, MalformedRowError) else None)


def _list_rows(row: TraceRow, path: str) -> list[Any]:
    if isinstance(row.data, MalformedRowError):
        return [row.data]
    value = _walk(row.data, path.split("."))
    if not isinstance(value, list):
        names = ", ".join(str(name) for name in list(row.data)[:20])
        detail = f"There is no list at '{path}' (--rows); it holds {describe_value(value)}, the object has: {names}."
        return [MalformedRowError("missing-field", detail)]
    return [
        element
        if isinstance(element, dict)
        else MalformedRowError("not-an-object", f"A row must be a JSON object; this is {describe_value(element)}.")
        for element in value
    ]


def _walk(value: Any, keys: list[str]) -> Any:
    value = parse_json_text(value)
    if not keys:
        return value
    key, rest = keys[0], keys[1:]
    if key == ALL_VALUES and isinstance(value, dict):
        return _walk(list(value.values()), rest)
    if isinstance(value, list) and not key.isdigit():
        found = [_walk(element, keys) for element in value]
        return [row for each in found for row in (each if isinstance(each, list) else [each])]
    if isinstance(value, list):
        return _walk(value[int(key)], rest) if int(key) < len(value) else None
    return _walk(value[key], rest) if isinstance(value, dict) and key in value else None


def open_columns(source: TraceSource) -> TraceSource:
    """The source whose rows are made of the columns that an object holds, as pandas writes tables, or of its table.

    Args:
        source: a source of one object; see `holds_columns`, `holds_table`.

    >>> row = TraceRow(1, {"question": ["2+3?", "2+4?"], "reasoning": ["2+3=5.", "2+4=6."]})
    >>> outer = TraceSource("a.json", "a", "JSON object", lambda: iter([row]), ())
    >>> [row.data for row in open_columns(outer).read_rows()][1]
    {'question': '2+4?', 'reasoning': '2+4=6.'}
    """
    return replace(
        source, container=f"{source.container} of columns", read_rows=partial(_read_columns, source.read_rows)
    )


def _read_columns(read_rows: Callable[[], Iterator[TraceRow]]) -> Iterator[TraceRow]:
    for row in read_rows():
        if isinstance(row.data, MalformedRowError):
            yield row
            continue
        if holds_table([row.data]):
            for number, cells in enumerate(row.data["data"], 1):
                yield TraceRow(number, dict(zip(row.data["columns"], cells, strict=True)))
            continue
        columns = {
            name: list(values.values()) if isinstance(values, dict) else values for name, values in row.data.items()
        }
        for number, cells in enumerate(zip(*columns.values(), strict=True), 1):
            yield TraceRow(number, dict(zip(columns, cells, strict=True)))


def holds_columns(sample: RowSample) -> bool:
    """Whether a file is one object of columns of the same length: lists, or objects with the same numbers as keys.

    >>> holds_columns([{"question": {"0": "2+3?", "1": "2+4?"}, "answer": {"0": 5, "1": 6}}])
    True
    >>> holds_columns([{"messages": [{"role": "user"}, {"role": "assistant"}], "tools": ["a", "b"]}])
    False
    """
    columns = list(sample[0].values()) if len(sample) == 1 else []
    if len(columns) < 2:
        return False
    if all(isinstance(column, dict) for column in columns):
        return all(column.keys() == columns[0].keys() for column in columns) and all(map(str.isdigit, columns[0]))
    return (
        all(isinstance(column, list) and len(column) == len(columns[0]) > 1 for column in columns)
        and not any(list_speakers(column) for column in columns)
        and all(len({type(cell) for cell in column if cell is not None}) <= 1 for column in columns)
    )


def holds_table(sample: RowSample) -> bool:
    """Whether a file is one object with the names of columns and the cells of rows, as wandb and pandas write tables.

    >>> holds_table([{"columns": ["question", "answer"], "data": [["2+3?", 5]]}])
    True
    """
    names, rows = (sample[0].get(key) for key in ("columns", "data")) if len(sample) == 1 else (None, None)
    if not isinstance(names, list) or not isinstance(rows, list) or not names or not rows:
        return False
    named = all(isinstance(name, str) for name in names) and len(set(names)) == len(names)
    return named and all(isinstance(cells, list) and len(cells) == len(names) for cells in rows)


def find_known_rows(sample: RowSample) -> str | None:
    """The path of the rows in objects of a known kind, such as OTLP's exports of spans; None elsewhere.

    >>> find_known_rows([{"resourceSpans": [{"scopeSpans": [{"spans": []}]}]}])
    'resourceSpans.scopeSpans.spans'
    """
    paths = {
        next(
            (
                path
                for key, beside, path in _KNOWN_ROWS
                if isinstance(row.get(key), list) and (beside is None or isinstance(row.get(beside), dict | list))
            ),
            None,
        )
        for row in sample
    }
    return paths.pop() if len(paths) == 1 else None


def suggest_rows(sample: RowSample) -> str:
    """The flags to type where a file is one object that holds lists of objects, "" elsewhere.

    >>> suggest_rows([{"meta": {}, "data": [{"question": "2+3?"}, {"question": "2+4?"}]}])
    'Its rows may be inside: --rows data.'
    """
    if len(sample) != 1:
        return ""
    paths = list(_find_row_lists(sample[0], (), MAX_SEARCHED_DEPTH))
    values = list(sample[0].values())
    if len(values) > 1 and all(isinstance(value, dict) and value.keys() == values[0].keys() for value in values):
        paths.insert(0, f"'{ALL_VALUES}'")
    return f"Its rows may be inside: {' or '.join(f'--rows {path}' for path in paths[:3])}." if paths else ""


def _find_row_lists(value: Any, path: tuple[str, ...], depth: int) -> Iterator[str]:
    if isinstance(value, list):
        inner = [element for element in value if isinstance(element, dict)]
        if len(inner) == len(value) > 0:
            wrapped = len(inner[0]) <= 4 and isinstance(inner[0].get("row"), dict)  # as the hub's viewer sends them
            yield ".".join((*path, "row") if wrapped else path)
    elif isinstance(value, dict) and depth:
        for key, part in value.items():
            yield from _find_row_lists(part, (*path, str(key)), depth - 1)
