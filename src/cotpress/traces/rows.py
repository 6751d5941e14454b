"""A row of input before anybody knows what its fields mean, and how a row is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from cotpress.types import Rejected

RowData: TypeAlias = Mapping[str, Any]

MAX_ROW_BYTES = 1 << 25  # bytes of one row; beyond it a quote or a bracket was left open
MAX_NESTING = 200  # lists and objects within each other; what is nested deeper could not be written again
MAX_SHOWN_CHARACTERS = 10_000  # characters of a rejected row that are kept


class MalformedRowError(Exception):
    """A row that cannot become a trace: a short stable code, and a sentence for people."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class TraceRow(NamedTuple):
    """One row. `line` counts lines, or records where the container has no lines, from 1.

    `raw` is the row as it stood in the file, None where the container keeps no text of a row.
    """

    line: int
    data: RowData | MalformedRowError
    raw: bytes | None = None


# What to do with text in the encoding of an office program.
CONVERSION: Final = "; iconv -f WINDOWS-1252 -t UTF-8 may convert the file"


def parse_row(raw: bytes) -> RowData:
    """The JSON object that `raw` holds.

    Raises:
        MalformedRowError: "invalid-utf8", "invalid-json", "too-deep", "not-an-object" or "invalid-unicode".
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedRowError(
            "invalid-utf8", f"Byte {error.start + 1} (0x{raw[error.start]:02x}) is not UTF-8{CONVERSION}."
        ) from None
    try:
        data = json.loads(text.removeprefix("\ufeff"))
    except RecursionError:
        raise MalformedRowError("too-deep", "The JSON is nested too deeply to be read.") from None
    except ValueError as error:
        raise MalformedRowError("invalid-json", f"Not valid JSON: {_describe_json_error(error)}.") from None
    if not isinstance(data, dict):
        raise MalformedRowError("not-an-object", f"A row must be a JSON object; this is {describe_value(data)}.")
    if text.count("[") + text.count("{") > MAX_NESTING and _is_nested_deeper(data, MAX_NESTING):
        raise MalformedRowError("too-deep", f"The JSON is nested over {MAX_NESTING} levels deep.")
    if "\\ud" in text or "\\uD" in text:
        _check_surrogates(data)
    return data


def _describe_json_error(error: ValueError) -> str:
    """What is wrong and where in the row. Its own "line 1" would be taken for the first line of the file."""
    if not isinstance(error, json.JSONDecodeError):
        return str(error)
    text = error.doc.rstrip()
    if error.pos >= len(text) or error.msg.startswith("Unterminated string"):
        return f"the row breaks off after character {len(text)}"
    line = f"line {error.lineno} of the row, " if error.lineno > 1 else ""
    place = f"{error.msg.removesuffix(' at')} at {line}character {error.colno}"
    if text[error.pos] == "," and error.pos == len(text) - 1:
        return f"{place}: a comma ends the row; sed 's/,$//' takes it off"
    if text[error.pos] in "}]" and text[: error.pos].rstrip().endswith(","):
        return f"{place}: a comma stands before the closing bracket; take it out"
    if text[error.pos : error.pos + 2] in ("//", "/*") or text[error.pos] == "#":
        return f"{place}: JSON has no comments; take them out"
    return place


def _is_nested_deeper(data: Any, levels: int) -> bool:
    """Whether lists and objects stand within each other more than so many deep; level by level, without recursion."""
    layer = [data]
    for _ in range(levels):
        inner = (item for holder in layer for item in (holder.values() if isinstance(holder, dict) else holder))
        layer = [item for item in inner if isinstance(item, dict | list)]
    return bool(layer)


def _check_surrogates(data: RowData) -> None:
    try:
        json.dumps(data, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        code = f"\\u{ord(error.object[error.start]):04x}"
        raise MalformedRowError(
            "invalid-unicode", f"The text holds a lone surrogate ({code}), which no file can."
        ) from None


def describe_value(value: object) -> str:
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


def describe_error(error: Exception) -> str:
    """The type and the text of an error in one line, at most 300 characters of the text.

    >>> describe_error(KeyError("steps"))
    "KeyError: 'steps'"
    """
    return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}".rstrip(": ")


def reject_row(row: TraceRow, bad: MalformedRowError, source: str, row_id: str | None = None) -> Rejected:
    """The rejection of a row, with what stood in the file.

    Args:
        row: the row, with its line.
        bad: what is wrong with it.
        source: the file or dataset that it is of.
        row_id: its id, None where it has none that is known.

    >>> row = TraceRow(3, {"question": "2+3?"}, b'{"question": "2+3?"}')
    >>> rejected = reject_row(row, MalformedRowError("missing-field", "There is no reasoning."), "a.jsonl")
    >>> rejected.reason, rejected.line
    ('missing-field', 3)
    """
    if row.raw is not None:
        text = row.raw[: 4 * MAX_SHOWN_CHARACTERS].decode("utf-8", "replace").rstrip("\r\n")
    elif isinstance(row.data, MalformedRowError):
        text = ""
    else:
        text = json.dumps(row.data, ensure_ascii=False, default=str).encode("utf-8", "replace").decode("utf-8")
    return Rejected(bad.reason, bad.detail, source, row.line, row_id, text[:MAX_SHOWN_CHARACTERS])
