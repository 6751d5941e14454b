"""Places of texts in a row: found by the name of a field, and written to, with all else left as it is."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

from cotpress.traces.rows import RowData
from cotpress.types import RowPath, Span, TextPlace

MAX_SHOWN_CHARACTERS: Final = 1 << 20  # of a list or an object as Python shows it
MAX_SHOWN_MARKS: Final = 20_000  # commas and opening brackets of it
_SHOWN: Final = re.compile(r"\s*(?:\[\s*)?(?:\{\s*)?['\"]")
_QUOTED: Final = re.compile(r'\s*"\s*(?:\\[nrt]\s*)*[\[{]')  # JSON in a JSON string
_Edit = tuple[RowPath, Callable[[Any], Any] | None]  # no change: the element at the path goes
STEP_JOINER = "\n\n"  # between the texts of a list


def resolve_field(data: RowData, field: str) -> RowPath:
    """The path that the name of a field means: "a.b.0" walks where no field has that whole name.

    >>> resolve_field({"a": [{"b": "x"}]}, "a.0.b"), resolve_field({"a.b": "x"}, "a.b")
    (('a', 0, 'b'), ('a.b',))
    """
    if field in data:
        return (field,)
    path: list[str | int] = []
    value: Any = data
    for part in field.split("."):
        key: str | int = int(part) if isinstance(value, list) and part.isdigit() else part
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            value = None
        path.append(key)
    return tuple(path)


def format_path(path: RowPath) -> str:
    """A path for people.

    >>> format_path(("messages", 1, "content"))
    'messages.1.content'
    """
    return ".".join(map(str, path))


def parse_json_text(value: Any) -> Any:
    """What a text that is a JSON list or object holds, as tables write it; any other value as it is.

    Tables that Python wrote hold lists and objects as Python shows them.

    >>> parse_json_text('[1]'), parse_json_text("[1"), parse_json_text("[{'n': None}]")
    ([1], '[1', [{'n': None}])
    """
    if not isinstance(value, str):
        return value
    start = value.lstrip()[:2]
    if start[:1] not in ("[", "{") and not _QUOTED.match(value):
        return value
    try:
        inner = json.loads(value)
    except (ValueError, RecursionError):
        return _parse_shown(value)
    return inner if start[:1] != '"' else _unquote(value, inner)


def _unquote(text: str, inner: Any) -> Any:
    """The list or object in JSON text that is a JSON string again; any other text as it is."""
    value = parse_json_text(inner)
    return text if isinstance(value, str) else value


def _parse_shown(text: str) -> Any:
    """The lists and objects of a text as Python shows them; any other text as it is."""
    if len(text) > MAX_SHOWN_CHARACTERS or not _SHOWN.match(text):
        return text
    if sum(map(text.count, "{[,")) > MAX_SHOWN_MARKS:
        return text
    try:
        value = ast.literal_eval(text)
        json.dumps(value)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return text
    return value


def get_at(row: Any, path: RowPath) -> Any:
    """What stands at a path, through texts that are JSON, too; None where the row does not have it.

    >>> get_at({"a": '[{"b": 1}]'}, ("a", 0, "b"))
    1
    """
    for key in path:
        row = parse_json_text(row)
        known = key in row if isinstance(row, dict) else isinstance(row, list) and key in range(len(row))
        row = row[key] if known else None
    return row


def replace_texts(row: RowData, edits: Iterable[tuple[TextPlace, str | None]]) -> dict[str, Any]:
    """A copy of a row with other texts at some places. What is not on the way to them is shared with the row.

    Args:
        row: a row as it was read.
        edits: places, none inside another, and what stands there in the copy. A list of texts gets the paragraphs of
            the new text. None takes the element of the list away in which the place is.

    >>> replace_texts({"a": ["one two"], "b": 1}, [(TextPlace(("a", 0), (4, 7)), "three")])
    {'a': ['one three'], 'b': 1}
    """
    ordered = list(edits)
    # from the back, so that the spans of one text stay true
    ordered.sort(key=lambda edit: edit[0].span or (0, 0), reverse=True)
    return dict(_change(dict(row), [_build_edit(place, text) for place, text in ordered]))


def _build_edit(place: TextPlace, text: str | None) -> _Edit:
    if text is None:
        return _find_element(place.path), None
    return place.path, partial(_replace_span, place.span, text)


def _replace_span(span: Span | None, text: str, value: Any) -> Any:
    return text.split(STEP_JOINER) if span is None else value[: span[0]] + text + value[span[1] :]


def _find_element(path: RowPath) -> RowPath:
    """The path of the innermost element of a list on the way."""
    return path[: max(at for at, key in enumerate(path) if isinstance(key, int)) + 1]


def _change(value: Any, edits: list[_Edit]) -> Any:
    """A copy of a value with other texts at the ends of paths, and without the elements that have no change."""
    below: dict[str | int, list[_Edit]] = {}
    for path, change in edits:
        if path:
            below.setdefault(path[0], []).append((path[1:], change))
        elif change is not None:
            value = change(value)
    if not below:
        return value
    if isinstance(value, str):  # JSON in a text, as CSV holds it
        return _change_json(value, edits)
    copy: Any = list(value) if isinstance(value, list) else dict(value)
    for key, inner in below.items():
        copy[key] = _change(copy[key], inner)
    lost = {key for key, inner in below.items() if any(not path and change is None for path, change in inner)}
    return [part for at, part in enumerate(copy) if at not in lost] if lost else copy


def _change_json(text: str, edits: list[_Edit]) -> str:
    """The same of a list or an object in a text, written as it was."""
    if not _is_json(text):
        return repr(_change(parse_json_text(text), edits))
    inner = json.loads(text)
    return json.dumps(_change(inner, edits), **_find_json_style(text, inner))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _find_json_style(text: str, data: Any) -> dict[str, Any]:
    """The settings with which a JSON text was written, the usual ones where none gives the same text."""
    styles: list[dict[str, Any]] = [
        {"ensure_ascii": ascii_only, "separators": separators}
        for ascii_only in (False, True)
        for separators in ((", ", ": "), (",", ":"))
    ]
    return next((style for style in styles if json.dumps(data, **style) == text), styles[0])
