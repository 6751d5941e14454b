"""JSON into rows: a line at a time, an array's element at a time, or one object that is a whole file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BufferedIOBase

from cotpress.traces.rows import MAX_RECORD, Malformed, Row, parse

CHUNK = 1 << 20

# All that moves neither in nor out of a bracket, whole strings included. Possessive: one pass, no backtracking.
_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_INSIDE = re.compile(rb'(?:[^"\[\]{}]++|' + _STRING + rb")*+", re.DOTALL)
_BETWEEN = re.compile(rb'(?:[^"\[\]{},]++|' + _STRING + rb")*+", re.DOTALL)


def is_array(start: bytes, named_lines: bool) -> bool:
    """Whether JSON begins with an array; in a file named as lines only one of objects counts."""
    return re.match(rb"\s*\[\s*(?:[{\]]|$)" if named_lines else rb"\s*\[", start) is not None


def is_lines(start: bytes) -> bool:
    """Whether JSON that begins with an object is one object a line, and not a single one."""
    first, _, rest = start.strip().partition(b"\n")
    if not rest:
        return True  # one line: a single object is then the same thing
    try:
        parse(first)
    except Malformed:
        return rest.startswith(b"{") and first.rstrip()[-1:] not in (b"{", b"[", b",", b":")
    return True


def line_rows(stream: BufferedIOBase) -> Iterator[Row]:
    """One row a line that is not blank."""
    line = 0
    try:
        while raw := stream.readline(MAX_RECORD):
            line += 1
            if len(raw) == MAX_RECORD and not raw.endswith(b"\n"):
                _skip_line(stream)
                yield Row(line, too_long(), raw[:CHUNK])
            elif not raw.isspace():
                yield _line_row(line, raw)
    except OSError as error:
        yield Row(line + 1, broken(error))


def _line_row(line: int, raw: bytes) -> Row:
    try:
        return Row(line, parse(raw), raw)
    except Malformed as bad:
        if (
            raw.endswith(b"\n")
            or not raw.lstrip().startswith(b"{")
            or bad.reason not in ("invalid-json", "invalid-utf8")
        ):
            return Row(line, bad, raw)
        return Row(line, Malformed("truncated-line", f"The last line is cut off. {bad.detail}"), raw)


def _skip_line(stream: BufferedIOBase) -> None:
    while (rest := stream.readline(CHUNK)) and not rest.endswith(b"\n"):
        pass


def object_rows(stream: BufferedIOBase) -> Iterator[Row]:
    """The one object that a file holds, as one row."""
    try:
        raw = stream.read(MAX_RECORD + 1)
    except OSError as error:
        yield Row(1, broken(error))
        return
    if len(raw) > MAX_RECORD:
        yield Row(1, too_long(), raw[:CHUNK])
    else:
        yield _element_row(1, raw, 1)


def array_rows(stream: BufferedIOBase) -> Iterator[Row]:
    """One row an element of a JSON array, numbered from 1; memory holds one element and a chunk.

    Elements are found by their brackets, then parsed one by one, so that a bad one costs no other.
    """
    number = 0
    try:
        for raw, line, closed in _elements(stream):
            number += 1
            if closed:
                yield _element_row(number, raw, line)
            else:
                yield from _last_rows(number, raw, line)
    except Malformed as bad:
        yield Row(number + 1, bad)
    except OSError as error:
        yield Row(number + 1, broken(error))


def _last_rows(number: int, raw: bytes, line: int) -> Iterator[Row]:
    """What an array that is never closed ends in: perhaps a whole element, and the rejection."""
    whole = _element_row(number, raw, line)
    if not isinstance(whole.data, Malformed):
        yield whole
        raw, number = b"", number + 1
    detail = f"The file ends before the array does, near line {line}."
    yield Row(number, Malformed("truncated-array", detail), raw.strip())


def _element_row(number: int, raw: bytes, line: int) -> Row:
    try:
        return Row(number, parse(raw), raw.strip())
    except Malformed as bad:
        detail = f"{bad.detail} The element begins on line {line}." if line > 1 else bad.detail
        return Row(number, Malformed(bad.reason, detail), raw.strip())


def _elements(stream: BufferedIOBase) -> Iterator[tuple[bytes, int, bool]]:
    """(bytes, line, closed) of each element of an array; `closed` is False where the file ends inside it."""
    buffer = b""
    while b"[" not in buffer:
        buffer += stream.read1(CHUNK)  # read1: what comes before damaged data is not lost
    start = buffer.index(b"[") + 1
    line, position, depth = 1 + buffer.count(b"\n", 0, start), start, 0
    while True:
        position = (_INSIDE if depth else _BETWEEN).match(buffer, position).end()  # type: ignore[union-attr]
        if position == len(buffer) or buffer[position] == ord('"'):  # the end of the chunk, or of a string beyond it
            buffer, position = buffer[start:], position - start
            if len(buffer) > MAX_RECORD:
                raise too_long()
            more = stream.read1(max(CHUNK, len(buffer)))  # doubling keeps the rescanning of long strings linear
            if not more:
                yield buffer, line, False
                return
            buffer, start = buffer + more, 0
            continue
        byte, position = buffer[position], position + 1
        if byte in b"[{":
            depth += 1
        elif depth:
            depth -= byte in b"]}"
        elif byte != ord("}"):  # a stray one stays in its element, which is then no JSON
            element = buffer[start : position - 1]
            last = byte == ord("]")
            if element.strip() or not last:
                yield element, line + _leading_lines(element), True
            line, start = line + element.count(b"\n"), position
            if last:
                _check_end(buffer[position:] + stream.read1(CHUNK))
                return


def _leading_lines(element: bytes) -> int:
    return element.count(b"\n", 0, len(element) - len(element.lstrip()))


def _check_end(rest: bytes) -> None:
    if rest.strip():
        shown = rest.strip()[:40].decode("utf-8", "replace")
        raise Malformed("invalid-json", f"Text follows the end of the array: {shown!r}.")


def too_long() -> Malformed:
    """The row is longer than any sensible one."""
    return Malformed(
        "record-too-long", f"A row is longer than {MAX_RECORD >> 20} MiB; a quote or bracket is left open?"
    )


def broken(error: OSError) -> Malformed:
    """The bytes of a file end or break before the rows do."""
    return Malformed("damaged-file", f"The data breaks off here, and what follows is lost: {error}.")
