"""CSV, Parquet and Arrow files into rows."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from cotpress.errors import InputError
from cotpress.traces.files.byte_streams import detect_compression, open_stream
from cotpress.traces.files.json_rows import CHUNK_BYTES, build_damaged_file_error, build_too_long_error
from cotpress.traces.rows import CONVERSION, MAX_ROW_BYTES, MalformedRowError, TraceRow

_SEPARATOR_LINE = "sep="
_TOO_LONG = "a line longer than any row"
ARROW_MARK = b"ARROW1"  # what Arrow and Feather files begin with
BATCH_ROWS = 128  # rows of a table in memory at a time


def read_csv(stream: BinaryIO, delimiter: str) -> Iterator[TraceRow]:
    """One row a record after the header; `line` is the line that it begins on.

    Raises:
        InputError: the header names a column twice.
    """
    csv.field_size_limit(MAX_ROW_BYTES)
    # bytes that are no UTF-8 pass as surrogates, so that only their own record is refused
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="surrogateescape", newline="")
    reader = csv.reader(_Lines(text), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    while True:
        line = reader.line_num + 1
        try:
            values = next(reader, None)
        except csv.Error as error:
            yield TraceRow(line, _build_record_error(error))
            continue
        except OSError as error:
            yield TraceRow(line, build_damaged_file_error(error))
            return
        if values is None:
            return
        if header is None and values[:1] and values[0].startswith(_SEPARATOR_LINE) and line == 1:
            continue  # Excel's own line, which says what separates columns
        if header is None:
            header = _check_header(values)
        elif values:
            yield TraceRow(line, _parse_record(header, values))


class _Lines:
    """The lines of a text. One that is longer than any row is passed over, and is an error of the record."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(MAX_ROW_BYTES)
        if not line:
            raise StopIteration
        if len(line) < MAX_ROW_BYTES or line.endswith(("\n", "\r")):
            return line
        while (rest := self._text.readline(CHUNK_BYTES)) and not rest.endswith(("\n", "\r")):
            pass
        raise csv.Error(_TOO_LONG)


def _check_header(values: list[str]) -> list[str]:
    twice = next((name for name, times in Counter(values).items() if times > 1), None)
    if twice is not None:
        raise InputError(f"The CSV header names the column '{twice}' twice.", "Rename one of the two.")
    return values


def _parse_record(header: list[str], values: list[str]) -> dict[str, str] | MalformedRowError:
    if len(values) != len(header):
        return MalformedRowError(
            "wrong-columns", f"The record has {len(values)} fields; the header names {len(header)}."
        )
    try:
        "".join(values).encode("utf-8")
    except UnicodeEncodeError as error:
        byte = ord(error.object[error.start]) & 0xFF
        return MalformedRowError("invalid-utf8", f"The byte 0x{byte:02x} is not UTF-8{CONVERSION}.")
    return dict(zip(header, values, strict=True))


def _build_record_error(error: csv.Error) -> MalformedRowError:
    if str(error) == _TOO_LONG or "field larger than field limit" in str(error):
        return build_too_long_error()
    if "unexpected end of data" in str(error):
        return MalformedRowError("truncated-line", "The file ends inside a quoted field; a quote may be missing here.")
    return MalformedRowError("invalid-csv", f"Not valid CSV: {error}.")


def detect_delimiter(start: bytes) -> str:
    """The character among , ; | and tab that occurs most in the first line; the comma where none does."""
    first = start.partition(b"\n")[0].decode("utf-8", "replace")
    return max(",;\t|", key=first.count)


def read_parquet(path: Path) -> Iterator[TraceRow]:
    """One row a record, a batch in memory at a time; a compressed file is unpacked beside it on disk first.

    Raises:
        InputError: the file is no Parquet file, or is damaged where its description stands.
    """
    with ExitStack() as stack:
        try:
            packed = detect_compression(path) is not None
            # a file rather than its name, which Arrow wants in UTF-8
            place = stack.enter_context(_unpack(path) if packed else path.open("rb"))
            table = stack.enter_context(pq.ParquetFile(place, buffer_size=CHUNK_BYTES))
        except (OSError, pa.ArrowException) as error:
            hint = "Write it again, or give JSONL or CSV."
            raise InputError(f"Cannot read {path} as Parquet: {_get_first_line(error)}.", hint) from error
        line = 0
        try:
            batches = table.iter_batches(batch_size=_choose_batch_rows(table.metadata), use_threads=False)
            for row in read_arrow_batches(batches):
                line = row.line
                yield row
        except (OSError, pa.ArrowException) as error:
            yield TraceRow(line + 1, build_damaged_file_error(OSError(_get_first_line(error))))


def read_arrow(path: Path) -> Iterator[TraceRow]:
    """One row a record of an Arrow file, a Feather file or a stored stream of Arrow; the file stays on disk.

    Raises:
        InputError: the file is none of these, or is damaged where its description stands.
    """
    with ExitStack() as stack:
        try:
            packed = detect_compression(path) is not None
            place = stack.enter_context(_unpack(path) if packed else pa.memory_map(os.fsencode(path)))
            batches = _open_batches(place)
        except (OSError, pa.ArrowException) as error:
            hint = "Write it again, or give Parquet, JSONL or CSV."
            raise InputError(f"Cannot read {path} as Arrow: {_get_first_line(error)}.", hint) from error
        line = 0
        try:
            for piece in _slice_batches(batches):
                for data in _convert_checked(piece):
                    line += 1
                    yield TraceRow(line, data)
        except (OSError, pa.ArrowException) as error:
            yield TraceRow(line + 1, build_damaged_file_error(OSError(_get_first_line(error))))


def _open_batches(place: Any) -> Iterator[Any]:
    """The record batches of an opened file."""
    if place.read(len(ARROW_MARK)) == ARROW_MARK:
        place.seek(0)
        file = pa.ipc.open_file(place)
        return (file.get_batch(number) for number in range(file.num_record_batches))
    place.seek(0)
    return iter(pa.ipc.open_stream(place))


def _slice_batches(batches: Iterable[Any]) -> Iterator[Any]:
    """Batches of few rows each."""
    for batch in batches:
        batch.validate()
        size = max(1, min(BATCH_ROWS, MAX_ROW_BYTES * batch.num_rows // max(1, batch.nbytes)))
        for start in range(0, batch.num_rows, size):
            yield batch.slice(start, size)


def _convert_checked(batch: Any) -> list[dict[str, Any] | MalformedRowError]:
    """The rows of a batch whose offsets lead out of no buffer; a row that is damaged costs no other."""
    try:
        batch.validate(full=True)
    except pa.ArrowException as error:
        if batch.num_rows == 1:
            return [MalformedRowError("invalid-utf8", f"The row is damaged: {_get_first_line(error)}.")]
        return [row for at in range(batch.num_rows) for row in _convert_checked(batch.slice(at, 1))]
    return _convert_batch(batch)


def _choose_batch_rows(metadata: Any) -> int:
    """So many rows that a batch of them has the size of one row at the most."""
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    mean = max((group.total_byte_size // max(1, group.num_rows) for group in groups), default=0)
    return int(max(1, min(BATCH_ROWS, MAX_ROW_BYTES // max(1, mean))))


def _unpack(path: Path) -> Any:
    """An anonymous temporary file with the decompressed content: Parquet is read from its end."""
    file = tempfile.TemporaryFile(prefix="cotpress-")  # noqa: SIM115 (the caller closes it)
    with open_stream(path) as stream:
        while block := stream.read(CHUNK_BYTES):
            file.write(block)
    file.seek(0)
    return file


def read_arrow_batches(batches: Iterable[Any]) -> Iterator[TraceRow]:
    """Record batches or tables into rows, numbered from 1."""
    number = 0
    for batch in batches:
        for data in _convert_batch(batch):
            number += 1
            yield TraceRow(number, data)


def _convert_batch(batch: Any) -> list[dict[str, Any] | MalformedRowError]:
    if batch.nbytes > MAX_ROW_BYTES:  # one of them may be too long by itself
        return [_convert_row(batch.slice(index, 1)) for index in range(batch.num_rows)]
    try:
        rows: list[dict[str, Any] | MalformedRowError] = batch.to_pylist()
        return rows
    except UnicodeDecodeError:
        return [_convert_row(batch.slice(index, 1)) for index in range(batch.num_rows)]


def _convert_row(single: Any) -> dict[str, Any] | MalformedRowError:
    if single.nbytes > MAX_ROW_BYTES:
        return build_too_long_error()
    try:
        data: dict[str, Any] = single.to_pylist()[0]
        return data
    except UnicodeDecodeError as error:
        return MalformedRowError("invalid-utf8", f"The byte 0x{error.object[error.start]:02x} is not UTF-8.")


def _get_first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")
