"""Rows that a program holds already, such as a list of dictionaries or a Hugging Face dataset, as a source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

import pyarrow as pa

from cotpress.errors import InputError
from cotpress.traces.files.sources import TraceSource
from cotpress.traces.rows import MalformedRowError, TraceRow, describe_value

NAME = "rows in memory"
QUOTE: Final = "'"
_FLAG: Final = re.compile(r"(?<!\[)--(question|reasoning|answer|gold|id) ('[^'\n]+'|[\w-]+)")


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
    held = list_table_rows(rows) if is_table(rows) else list(rows) if isinstance(rows, Iterator) else rows
    return TraceSource(NAME, "row", type(held).__name__, partial(_read_rows, held), ())


def is_row_input(source: object) -> bool:
    """Whether something holds rows, rather than names of files: a dataset, or a collection that begins with a row.

    >>> is_row_input([{"question": "2+3?"}]), is_row_input(["a.jsonl"]), is_row_input("a.jsonl")
    (True, False, False)
    """
    if isinstance(source, Mapping) or is_table(source):
        return True
    if isinstance(source, str | bytes) or not isinstance(source, Iterable):
        return False
    return not isinstance(source, Iterator) and isinstance(next(iter(source), None), Mapping)


def is_table(source: object) -> bool:
    """Whether something is a data frame of pandas or polars, or a table of Arrow.

    >>> is_table(pa.table({"question": ["2+3?"]})), is_table([{"question": "2+3?"}])
    (True, False)
    """
    package = type(source).__module__.partition(".")[0]
    return isinstance(source, pa.Table) or (package in ("pandas", "polars") and type(source).__name__ == "DataFrame")


def list_table_rows(table: Any) -> list[dict[str, Any]]:
    """The rows of a data frame or Arrow table as dictionaries; what is missing is None.

    >>> list_table_rows(pa.table({"question": ["2+3?"]}))
    [{'question': '2+3?'}]
    """
    if isinstance(table, pa.Table):
        return list(table.to_pylist())
    if hasattr(table, "to_dicts"):  # polars
        return list(table.to_dicts())
    try:
        return list(pa.Table.from_pandas(table, preserve_index=False).to_pylist())
    except (pa.ArrowInvalid, pa.ArrowTypeError):  # a column of several types
        return list(table.to_dict("records"))


def name_fields_in_python(hint: str) -> str:
    """The hint that names options, with what they are in Python where it has values for them.

    >>> name_fields_in_python("Name them, perhaps: --reasoning cot [--answer FIELD] --gold 'my key'.")[-73:]
    "cotpress.read(rows, cotpress.FieldNames(reasoning='cot', gold='my key'))."
    """
    named = dict(_FLAG.findall(hint))
    fields = ", ".join(f"{name}='{value.strip(QUOTE)}'" for name, value in named.items() if value != "FIELD")
    return f"{hint} In Python: cotpress.read(rows, cotpress.FieldNames({fields}))." if fields else hint


def _read_rows(rows: Iterable[Any]) -> Iterator[TraceRow]:
    for line, row in enumerate(rows, 1):
        if isinstance(row, Mapping) and all(isinstance(name, str) for name in row):
            yield TraceRow(line, row)
        else:
            detail = f"A row must be a dictionary with texts as keys; this is {describe_value(row)}."
            yield TraceRow(line, MalformedRowError("not-an-object", detail))
