"""JSON into rows: a line, an array's element, an object over several lines at a time, or one that is a whole file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BufferedIOBase

from cotpress.traces.rows import MAX_ROW_BYTES, MalformedRowError, TraceRow, parse_row

CHUNK_BYTES = 1 << 20

# All that moves neither in nor out of a bracket, whole strings included. Possessive: one pass, no backtracking.
_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_INSIDE_ELEMENT = re.compile(rb'(?:[^"\[\]{}]++|' + _STRING + rb")*+", re.DOTALL)
_OPENERS, _CLOSERS = re.compile(rb"[\[{]*+"), re.compile(rb"[\]}]*+")
_NEXT_OBJECT = re.compile(rb"^\}[ \t\r]{0,9}\n\s{0,99}\{", re.MULTILINE)
_BETWEEN_ELEMENTS = re.compile(rb'(?:[^"\[\]{},]++|' + _STRING + rb")*+", re.DOTALL)


def is_json_array(start: bytes, named_lines: bool) -> bool:
    """Whether JSON begins with an array; in a file named as lines only one of objects counts."""
    return re.match(rb"\s*\[\s*(?:[{\]]|$)" if named_lines else rb"\s*\[", start) is not None


def is_json_lines(start: bytes) -> bool:
    """Whether JSON that begins with an object is one object a line, and not a single one."""
    first, _, rest = start.strip().partition(b"\n")
    if not rest:
        return True  # one line: a single object is then the same thing
    try:
        parse_row(first)
    except MalformedRowError:
        return rest.startswith(b"{") and first.rstrip()[-1:] not in (b"{", b"[", b",", b":")
    return True


def is_spread(start: bytes) -> bool:
    """Whether text is one JSON object after the other, each over several lines, as programs print them for people."""
    return start.partition(b"\n")[0].strip() == b"{" and _NEXT_OBJECT.search(start) is not None


def read_spread_objects(stream: BufferedIOBase) -> Iterator[TraceRow]:
    """One row an object that ends with a line that begins with its closing bracket."""
    number, line, held = 0, 0, bytearray()
    try:
        while raw := stream.readline(MAX_ROW_BYTES):
            line += 1
            held += raw
            if len(held) > MAX_ROW_BYTES:
                number += 1
                yield TraceRow(number, build_too_long_error(), bytes(held[:CHUNK_BYTES]))
                held.clear()
            elif raw.startswith(b"}"):
                number += 1
                yield _parse_element(number, bytes(held), line - held.strip().count(b"\n"))
                held.clear()
    except OSError as error:
        yield TraceRow(number + 1, build_damaged_file_error(error))
        return
    if held.strip():
        yield _parse_element(number + 1, bytes(held), line)


def read_json_lines(stream: BufferedIOBase) -> Iterator[TraceRow]:
    """One row a line that is not blank."""
    line = 0
    try:
        while raw := stream.readline(MAX_ROW_BYTES):
            line += 1
            if len(raw) == MAX_ROW_BYTES and not raw.endswith(b"\n"):
                _skip_line(stream)
                yield TraceRow(line, build_too_long_error(), raw[:CHUNK_BYTES])
            elif not raw.isspace():
                yield _parse_line(line, raw)
    except OSError as error:
        yield TraceRow(line + 1, build_damaged_file_error(error))


def _parse_line(line: int, raw: bytes) -> TraceRow:
    try:
        return TraceRow(line, parse_row(raw), raw)
    except MalformedRowError as bad:
        if (
            raw.endswith(b"\n")
            or not raw.lstrip().startswith(b"{")
            or bad.reason not in ("invalid-json", "invalid-utf8")
        ):
            return TraceRow(line, bad, raw)
        return TraceRow(line, MalformedRowError("truncated-line", f"The last line is cut off. {bad.detail}"), raw)


def _skip_line(stream: BufferedIOBase) -> None:
    while (rest := stream.readline(CHUNK_BYTES)) and not rest.endswith(b"\n"):
        pass


def read_json_object(stream: BufferedIOBase) -> Iterator[TraceRow]:
    """The one object that a file holds, as one row."""
    try:
        raw = stream.read(MAX_ROW_BYTES + 1)
    except OSError as error:
        yield TraceRow(1, build_damaged_file_error(error))
        return
    if len(raw) > MAX_ROW_BYTES:
        yield TraceRow(1, build_too_long_error(), raw[:CHUNK_BYTES])
    else:
        yield _parse_element(1, raw, 1)


def read_json_array(stream: BufferedIOBase) -> Iterator[TraceRow]:
    """One row an element of a JSON array, numbered from 1; memory holds one element and a chunk.

    Elements are found by their brackets, then parsed one by one, so that a bad one costs no other.
    """
    number = 0
    try:
        for raw, line, closed in _split_elements(stream):
            number += 1
            if closed:
                yield _parse_element(number, raw, line)
            else:
                yield from _parse_unclosed_element(number, raw, line)
    except MalformedRowError as bad:
        yield TraceRow(number + 1, bad)
    except OSError as error:
        yield TraceRow(number + 1, build_damaged_file_error(error))


def _parse_unclosed_element(number: int, raw: bytes, line: int) -> Iterator[TraceRow]:
    """What an array that is never closed ends in: perhaps a whole element, and the rejection."""
    whole = _parse_element(number, raw, line)
    if not isinstance(whole.data, MalformedRowError):
        yield whole
        raw, number = b"", number + 1
    detail = f"The file ends before the array does, near line {line}."
    yield TraceRow(number, MalformedRowError("truncated-array", detail), raw.strip())


def _parse_element(number: int, raw: bytes, line: int) -> TraceRow:
    try:
        return TraceRow(number, parse_row(raw), raw.strip())
    except MalformedRowError as bad:
        detail = f"{bad.detail} The element begins on line {line}." if line > 1 else bad.detail
        return TraceRow(number, MalformedRowError(bad.reason, detail), raw.strip())


def _find_end(found: re.Match[bytes] | None, position: int) -> int:
    """Where a match ends that was tried at a position; the position itself where there is none."""
    return found.end() if found else position


def _split_elements(stream: BufferedIOBase) -> Iterator[tuple[bytes, int, bool]]:
    """(bytes, line, closed) of each element of an array; `closed` is False where the file ends inside it."""
    chunks = _Chunks(stream)
    buffer = b""
    while not (start := buffer.find(b"[") + 1):
        more = chunks.read(len(buffer))
        if not more or len(buffer) > MAX_ROW_BYTES:  # the file has changed since it was opened
            raise MalformedRowError("truncated-array", "There is no array any more.")
        buffer += more
    line, position, depth = 1 + buffer.count(b"\n", 0, start), start, 0
    while True:
        skip = _INSIDE_ELEMENT.match if depth else _BETWEEN_ELEMENTS.match
        position = _find_end(skip(buffer, position), position)
        if position == len(buffer) or buffer[position] == ord('"'):  # the end of the chunk, or of a string beyond it
            buffer, position = buffer[start:], position - start
            if len(buffer) > MAX_ROW_BYTES:
                raise build_too_long_error()
            # What begins in a chunk is looked through again from its beginning with the next one. Chunks that double
            # keep that linear.
            more = chunks.read(len(buffer))
            if not more:
                yield buffer, line, False
                return
            buffer, start = buffer + more, 0
            continue
        byte, position = buffer[position], position + 1
        if byte in b"[{":
            run = _find_end(_OPENERS.match(buffer, position), position) - position
            depth, position = depth + 1 + run, position + run
        elif depth:
            run = min(depth - 1, _find_end(_CLOSERS.match(buffer, position), position) - position)
            depth, position = depth - 1 - run, position + run
        elif byte != ord("}"):  # a stray one stays in its element, which is then no JSON
            element = buffer[start : position - 1]
            last = byte == ord("]")
            if element.strip() or not last:
                yield element, line + _count_leading_lines(element), True
            line, start = line + element.count(b"\n"), position
            if last:
                _check_end(buffer[position:] + chunks.read(1))
                return


class _Chunks:
    """A stream in chunks. What comes before damaged data is given before its error is."""

    def __init__(self, stream: BufferedIOBase) -> None:
        self._stream = stream
        self._error: OSError | None = None

    def read(self, least: int) -> bytes:
        """At least so many bytes, and some; fewer at the end, or where the data breaks off. Raises OSError."""
        if self._error is not None:
            raise self._error
        pieces: list[bytes] = []
        size = 0
        try:
            while (size < least or not pieces) and (piece := self._stream.read1(max(CHUNK_BYTES, least - size))):
                pieces.append(piece)
                size += len(piece)
        except OSError as error:
            if not pieces:
                raise
            self._error = error
        return b"".join(pieces)


def _count_leading_lines(element: bytes) -> int:
    return element.count(b"\n", 0, len(element) - len(element.lstrip()))


def _check_end(rest: bytes) -> None:
    if rest.strip():
        shown = rest.strip()[:40].decode("utf-8", "replace")
        raise MalformedRowError("invalid-json", f"Text follows the end of the array: {shown!r}.")


def build_too_long_error() -> MalformedRowError:
    """The row is longer than any sensible one."""
    return MalformedRowError(
        "record-too-long", f"A row is longer than {MAX_ROW_BYTES >> 20} MiB; a quote or bracket is left open?"
    )


def build_damaged_file_error(error: OSError) -> MalformedRowError:
    """The bytes of a file end or break before the rows do."""
    return MalformedRowError("damaged-file", f"The data breaks off here, and what follows is lost: {error}.")
