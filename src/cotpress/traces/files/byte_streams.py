"""Bytes of a file: decompressed, without a byte order mark, and known to be text."""

from __future__ import annotations

import io
from pathlib import Path
from typing import cast

import pyarrow as pa

from cotpress.errors import InputError
from cotpress.traces.files.packed_stream import PACKINGS, PackedStream

MAX_RATIO = 200  # bytes unpacked for each packed one; text packs to a fifth, or a hundredth where it repeats itself
FREE_BYTES = 1 << 26  # bytes that a file may unpack to whatever its size
HEAD_BYTES = 1 << 16  # bytes that are looked at to tell what a file is
BOM = b"\xef\xbb\xbf"
_MAGIC_BYTES = {
    b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz",
}  # fmt: skip
_WIDE_ENCODINGS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
# What begins a file that is not what its name says, what it is, and what to do.
_FOREIGN = (
    (b"version https://git-lfs.github.com/spec/", "is a pointer of Git LFS, not the file", "Fetch it: git lfs pull."),
    (b"PK\x03\x04", "is a ZIP archive", "Unpack it first, or pack the file in it as .gz."),
    (
        b"SQLite format 3\0",
        "is an SQLite database",
        "Write its table as rows: sqlite3 -json FILE 'select * from TABLE' > rows.json.",
    ),
    (b"7z\xbc\xaf\x27\x1c", "is a 7z archive", "Unpack it first."),
    (b"<!doctype html", "is a page of HTML, not the file", "Download it again; a login may be asked for."),
    (b"<html", "is a page of HTML, not the file", "Download it again; a login may be asked for."),
)
_TAR_MARK = (257, b"ustar")
_CONTROL_BYTES = bytes(code for code in range(32) if code not in b"\t\n\r\f\x1b")


def detect_compression(path: Path) -> str | None:
    """How a file is packed, by its first bytes, whatever its name says: gzip, zstd, bzip2, xz; None for plain ones."""
    try:
        with path.open("rb") as file:
            start = file.read(6)
    except OSError as error:
        raise build_read_error(path, error) from error
    return next((name for magic, name in _MAGIC_BYTES.items() if start.startswith(magic)), None)


def open_stream(path: Path) -> io.BufferedReader:
    """The decompressed bytes of a file, after its byte order mark.

    Reading on may raise OSError where the compressed data is cut short or damaged.

    Raises:
        InputError: the file cannot be opened.
    """
    packed = detect_compression(path)
    try:
        if packed is None:
            stream = path.open("rb")
        elif packed in PACKINGS:
            unpacked = PackedStream(path.open("rb"), PACKINGS[packed])
            stream = io.BufferedReader(_BoundedStream(unpacked, path), HEAD_BYTES)
        else:
            # pyarrow's stream is a raw stream in all but its type
            raw = cast(io.RawIOBase, pa.input_stream(path.open("rb"), compression=packed))
            stream = io.BufferedReader(_BoundedStream(raw, path), HEAD_BYTES)
    except OSError as error:
        raise build_read_error(path, error) from error
    try:
        if stream.peek(3)[:3] == BOM:
            stream.read(3)
    except OSError:
        pass  # damaged from its first byte on: whoever reads it will meet the error again
    return stream


class _BoundedStream(io.RawIOBase):
    """Unpacked bytes, up to MAX_RATIO times the size of the file that they were packed in. Then it raises OSError."""

    def __init__(self, raw: io.RawIOBase, path: Path) -> None:
        self._raw, self._left = raw, max(FREE_BYTES, MAX_RATIO * path.stat().st_size)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        if self._left <= 0:
            raise OSError(f"the file unpacks to over {MAX_RATIO} times its size")
        count = int(self._raw.readinto(buffer) or 0)
        self._left -= count
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


def read_head(path: Path) -> bytes:
    """The first bytes of the decompressed content; fewer where the file is damaged."""
    head = b""
    with open_stream(path) as stream:
        try:
            while len(head) < HEAD_BYTES and (more := stream.read1(HEAD_BYTES - len(head))):
                head += more
        except OSError:
            pass  # what was readable is enough to tell what the file is
    return head


def check_kind(path: Path, start: bytes) -> None:
    """Refuse an archive, or what a download left in place of a file.

    Raises:
        InputError: it is one.
    """
    begun = start[:100].lstrip().lower()
    for mark, what, hint in _FOREIGN:
        if begun.startswith(mark.lower()):
            raise InputError(f"{path} {what}.", hint)


def check_text(path: Path, start: bytes) -> None:
    """Refuse what is plainly no UTF-8 text, once and not for every line of it.

    Raises:
        InputError: UTF-16 or UTF-32, or binary data (over 5% control characters).
    """
    wide = next((name for mark, name in _WIDE_ENCODINGS.items() if start.startswith(mark)), None)
    if wide:
        raise InputError(f"{path} is {wide}; traces are read as UTF-8.", f"Convert it: iconv -f {wide} -t UTF-8.")
    if start[_TAR_MARK[0] :].startswith(_TAR_MARK[1]):
        raise InputError(f"{path} is a TAR archive.", "Unpack it first: tar -xf; a folder of files is read.")
    odd = len(start) - len(start.translate(None, _CONTROL_BYTES))
    if odd > 8 and odd * 20 > len(start):
        raise InputError(
            f"{path} holds binary data ({odd} control characters in its first {len(start)} bytes).",
            "Give JSONL, JSON, CSV, Parquet or Arrow, plain or packed as .gz, .zst, .bz2 or .xz, in UTF-8.",
        )


def build_read_error(path: Path, error: OSError) -> InputError:
    """The error for a file that cannot be opened or read, in one sentence."""
    return InputError(f"Cannot read {path}: {error.strerror or error}.", "Check that it is a file that you may read.")
