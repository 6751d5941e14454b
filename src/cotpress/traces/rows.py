"""A row of input before anybody knows what its fields mean, and how a row is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

from cotpress.types import Rejected

Data: TypeAlias = Mapping[str, Any]

MAX_RECORD = 1 << 28  # bytes of one row; beyond it a quote or a bracket was left open
SHOWN = 10_000  # characters of a rejected row that are kept


class Malformed(Exception):
    """A row that cannot become a trace: a short stable code, and a sentence for people."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class Row(NamedTuple):
    """One row. `line` counts lines, or records where the container has no lines, from 1.

    `raw` is the row as it stood in the file, None where the container keeps no text of a row.
    """

    line: int
    data: Data | Malformed
    raw: bytes | None = None


def parse(raw: bytes) -> Data:
    """The JSON object that `raw` holds.

    Raises:
        Malformed: "invalid-utf8", "invalid-json", "too-deep", "not-an-object" or "invalid-unicode".
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("invalid-utf8", f"Byte {error.start + 1} (0x{raw[error.start]:02x}) is not UTF-8.") from None
    try:
        data = json.loads(text.removeprefix("\ufeff"))
    except RecursionError:
        raise Malformed("too-deep", "The JSON is nested too deeply to be read.") from None
    except ValueError as error:
        raise Malformed("invalid-json", f"Not valid JSON: {error}.") from None
    if not isinstance(data, dict):
        raise Malformed("not-an-object", f"A row must be a JSON object; this is {described(data)}.")
    if "\\ud" in text or "\\uD" in text:
        _check_surrogates(data)
    return data


def _check_surrogates(data: Data) -> None:
    try:
        json.dumps(data, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        code = f"\\u{ord(error.object[error.start]):04x}"
        raise Malformed("invalid-unicode", f"The text holds a lone surrogate ({code}), which no file can.") from None


def described(value: object) -> str:
    """What a value is, for a message: "null", "the number 5", "a list [1, 2]"."""
    if value is None:
        return "null"
    text = json.dumps(value, ensure_ascii=True, default=str)
    short = text if len(text) <= 60 else text[:57] + "..."
    if isinstance(value, bool):
        return short
    for kind, name in (((int, float), "the number"), (str, "the text"), (list, "a list"), (Mapping, "an object")):
        if isinstance(value, kind):
            return f"{name} {short}"
    return f"a {type(value).__name__} {short}"


def rejected(row: Row, bad: Malformed, source: str, row_id: str | None = None) -> Rejected:
    """The rejection of a row, with what stood in the file."""
    if row.raw is not None:
        text = row.raw[: 4 * SHOWN].decode("utf-8", "replace").rstrip("\r\n")
    elif isinstance(row.data, Malformed):
        text = ""
    else:
        text = json.dumps(row.data, ensure_ascii=False, default=str).encode("utf-8", "replace").decode("utf-8")
    return Rejected(bad.reason, bad.detail, source, row.line, row_id, text[:SHOWN])
