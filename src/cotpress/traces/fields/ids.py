"""Which field names a row, and the memory of the ids that were met."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence

from cotpress.traces.extraction import get_scalar
from cotpress.traces.format_definition import FieldNames, RowSample, find_columns
from cotpress.traces.rows import MalformedRowError, RowData

_ROW_ID_FIELDS = ("id", "item_id", "unique_id", "uuid", "_id", "trace_id", "row_id")
# names of the problem, which several traces may share; taken only where they differ from row to row
_PROBLEM_ID_FIELDS = (
    "problem_id", "question_id", "prompt_id", "example_id", "idx", "index",
    "custom_id", "instance_id", "request_id", "uid",
)  # fmt: skip


def find_id_field(sample: RowSample, fields: FieldNames) -> str | None:
    """The field that names the rows; None to number them."""
    if fields.id is not None:
        return None if fields.id == "auto" else fields.id
    row_ids = find_columns(sample, _ROW_ID_FIELDS, (str, int))
    if row_ids:
        return row_ids[0]
    shared = find_columns(sample, _PROBLEM_ID_FIELDS, (str, int))
    return next((field for field in shared if len({str(row.get(field)) for row in sample}) == len(sample)), None)


def build_id_getter(field: str | None, stem: str) -> Callable[[RowData, int], str]:
    """Row and line number -> id."""
    if field is None:
        return lambda data, line: f"{stem}-{line}"

    def get_named_id(data: RowData, line: int) -> str:
        row_id = get_scalar(data, field)
        if row_id is None:
            raise MalformedRowError(
                "missing-field", f"The id field '{field}' is empty; --id auto numbers the rows instead."
            )
        return row_id

    return get_named_id


def hash_id(row_id: str) -> bytes:
    """16 bytes that stand for an id.

    >>> hash_id("row-1") == hash_id("row-1"), hash_id("row-1") == hash_id("row-2"), len(hash_id("row-1"))
    (True, False, 16)
    """
    return hashlib.blake2b(row_id.encode(), digest_size=16).digest()


class SeenIds:
    """The ids that were met, with the place of each: in a private temporary database, so that memory does
    not grow with the corpus."""

    def __init__(self) -> None:
        self._table = sqlite3.connect("", isolation_level=None)  # "" is a file that goes when it is closed
        self._table.execute("PRAGMA journal_mode = OFF")
        self._table.execute("CREATE TABLE seen (id BLOB PRIMARY KEY, place INTEGER) WITHOUT ROWID")

    def find_first(self, ids: Sequence[str], places: Sequence[int]) -> list[int | None]:
        """For each id the place where it was first met, None (and it is remembered) where it is new."""
        keys = [hash_id(row_id) for row_id in ids]
        self._table.execute("BEGIN")
        firsts = [self._find_first(key, place) for key, place in zip(keys, places, strict=True)]
        self._table.execute("COMMIT")
        return firsts

    def _find_first(self, key: bytes, place: int) -> int | None:
        if self._table.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, place)).rowcount:
            return None
        return int(self._table.execute("SELECT place FROM seen WHERE id = ?", (key,)).fetchone()[0])
