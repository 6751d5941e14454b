"""Which field names a row, and which names were there before."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence

from cotpress.traces.rows import Data, Malformed
from cotpress.traces.shape import Fields, Sample, columns
from cotpress.traces.text import scalar_of

_NAMES = ("id", "item_id", "unique_id", "uuid", "_id", "trace_id", "row_id")
# names of the problem, which several traces may share; taken only where they differ from row to row
_SHARED = ("problem_id", "question_id", "prompt_id", "example_id", "idx", "index")


def id_field(sample: Sample, fields: Fields) -> str | None:
    """The field that names the rows; None to number them."""
    if fields.id is not None:
        return None if fields.id == "auto" else fields.id
    found = columns(sample, _NAMES, (str, int))
    if found:
        return found[0]
    shared = columns(sample, _SHARED, (str, int))
    return next((field for field in shared if len({str(row.get(field)) for row in sample}) == len(sample)), None)


def row_ids(field: str | None, stem: str) -> Callable[[Data, int], str]:
    """Row and line number -> id."""
    if field is None:
        return lambda data, line: f"{stem}-{line}"

    def named(data: Data, line: int) -> str:
        found = scalar_of(data, field)
        if found is None:
            raise Malformed("missing-field", f"The id field '{field}' is empty; --id auto numbers the rows instead.")
        return found

    return named


def id_key(row_id: str) -> bytes:
    """16 bytes that stand for an id."""
    return hashlib.blake2b(row_id.encode(), digest_size=16).digest()


class Seen:
    """The ids that were met, with the place of each: in a private temporary database, so that memory does
    not grow with the corpus."""

    def __init__(self) -> None:
        self._table = sqlite3.connect("", isolation_level=None)  # "" is a file that goes when it is closed
        self._table.execute("PRAGMA journal_mode = OFF")
        self._table.execute("CREATE TABLE seen (id BLOB PRIMARY KEY, place INTEGER) WITHOUT ROWID")

    def first(self, ids: Sequence[str], places: Sequence[int]) -> list[int | None]:
        """For each id the place where it was first met, None (and it is remembered) where it is new."""
        keys = [id_key(one) for one in ids]
        self._table.execute("BEGIN")
        found = [self._first(key, place) for key, place in zip(keys, places, strict=True)]
        self._table.execute("COMMIT")
        return found

    def _first(self, key: bytes, place: int) -> int | None:
        if self._table.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, place)).rowcount:
            return None
        return int(self._table.execute("SELECT place FROM seen WHERE id = ?", (key,)).fetchone()[0])
