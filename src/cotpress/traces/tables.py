"""CSV and Parquet into rows."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from cotpress.errors import InputError
from cotpress.traces.jsonrows import CHUNK, broken
from cotpress.traces.rows import MAX_RECORD, Malformed, Row
from cotpress.traces.streams import compression, opened

BATCH = 128  # rows of a table in memory at a time


def csv_rows(stream: BinaryIO, delimiter: str) -> Iterator[Row]:
    """One row a record after the header; `line` is the line that it begins on.

    Raises:
        InputError: the header names a column twice.
    """
    csv.field_size_limit(max(csv.field_size_limit(), MAX_RECORD))
    # bytes that are no UTF-8 pass as surrogates, so that only their own record is refused
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="surrogateescape", newline="")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    header: list[str] | None = None
    while True:
        line = reader.line_num + 1
        try:
            values = next(reader, None)
        except csv.Error as error:
            yield Row(line, _bad_record(error))
            continue
        except OSError as error:
            yield Row(line, broken(error))
            return
        if values is None:
            return
        if header is None:
            header = _header(values)
        elif values:
            yield Row(line, _record(header, values))


def _header(values: list[str]) -> list[str]:
    twice = next((name for name in values if values.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"The CSV header names the column '{twice}' twice.", "Rename one of the two.")
    return values


def _record(header: list[str], values: list[str]) -> dict[str, str] | Malformed:
    if len(values) != len(header):
        return Malformed("wrong-columns", f"The record has {len(values)} fields; the header names {len(header)}.")
    try:
        "".join(values).encode("utf-8")
    except UnicodeEncodeError as error:
        byte = ord(error.object[error.start]) & 0xFF
        return Malformed("invalid-utf8", f"The byte 0x{byte:02x} is not UTF-8.")
    return dict(zip(header, values, strict=True))


def _bad_record(error: csv.Error) -> Malformed:
    if "unexpected end of data" in str(error):
        return Malformed("truncated-line", "The file ends inside a quoted field; a quote may be missing here.")
    return Malformed("invalid-csv", f"Not valid CSV: {error}.")


def delimiter(start: bytes) -> str:
    """The character among , ; and tab that occurs most in the first line; the comma where none does."""
    first = start.partition(b"\n")[0].decode("utf-8", "replace")
    return max(",;\t", key=first.count)


def parquet_rows(path: Path) -> Iterator[Row]:
    """One row a record, a batch in memory at a time; a compressed file is unpacked beside it on disk first.

    Raises:
        InputError: the file is no Parquet file, or is damaged where its description stands.
    """
    with ExitStack() as stack:
        try:
            place = path if compression(path) is None else stack.enter_context(_unpacked(path))
            table = stack.enter_context(pq.ParquetFile(place, buffer_size=CHUNK))
        except (OSError, pa.ArrowException) as error:
            hint = "Write it again, or give JSONL or CSV."
            raise InputError(f"Cannot read {path} as Parquet: {_first_line(error)}.", hint) from error
        line = 0
        try:
            for row in arrow_rows(table.iter_batches(batch_size=BATCH, use_threads=False)):
                line = row.line
                yield row
        except (OSError, pa.ArrowException) as error:
            yield Row(line + 1, broken(OSError(_first_line(error))))


def _unpacked(path: Path) -> Any:
    """An anonymous temporary file with the decompressed content: Parquet is read from its end."""
    file = tempfile.TemporaryFile(prefix="cotpress-")  # noqa: SIM115 (the caller closes it)
    with opened(path) as stream:
        while block := stream.read(CHUNK):
            file.write(block)
    file.seek(0)
    return file


def arrow_rows(batches: Iterable[Any]) -> Iterator[Row]:
    """Record batches or tables into rows, numbered from 1."""
    number = 0
    for batch in batches:
        for data in _rows_of(batch):
            number += 1
            yield Row(number, data)


def _rows_of(batch: Any) -> list[dict[str, Any] | Malformed]:
    try:
        rows: list[dict[str, Any] | Malformed] = batch.to_pylist()
        return rows
    except UnicodeDecodeError:
        return [_one(batch.slice(index, 1)) for index in range(batch.num_rows)]


def _one(single: Any) -> dict[str, Any] | Malformed:
    try:
        data: dict[str, Any] = single.to_pylist()[0]
        return data
    except UnicodeDecodeError as error:
        return Malformed("invalid-utf8", f"The byte 0x{error.object[error.start]:02x} is not UTF-8.")


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")
