"""Text out of a row's fields, and reasoning out of text that marks it otherwise than by `think_tags`."""

from __future__ import annotations

import re
from typing import Any

from cotpress.traces.places import resolve_field
from cotpress.traces.rows import MalformedRowError, RowData, describe_value
from cotpress.traces.think_tags import has_think_tags
from cotpress.types import Span, TextPlace

_ANSWER_SENTENCE = re.compile(
    r"(?:\A|(?<=\s))((?:(?:So|Thus|Hence|Therefore),? )?the (?:final |correct )?answer is:? "
    r"((?:[^\s.]|[^\S\n]|\.(?=\S)){1,200}?)\.?)\s*\Z",
    re.IGNORECASE,
)
# Names of columns, too, such as "finish" or "Finish Reason" of an export.
_FINISH_REASON_FIELD = re.compile(r"finish|(?:done|stop)[ _-]?reason", re.IGNORECASE)
# Objects of a response in which it says so.
_ABOUT_FINISH = ("meta_info", "details", "response_metadata", "generation_info")
CUT_OFF_REASONS = frozenset(
    ("length", "max_tokens", "max_length", "model_length", "MAX_TOKENS", "max_output_tokens", "max_completion_tokens")
)


def get_field(data: RowData, field: str) -> Any:
    """The value of a field; "a.b.0" walks into objects and lists where no field has that whole name.

    Raises:
        MalformedRowError: "missing-field".
    """
    if field in data:
        return data[field]
    value: Any = data
    try:
        for part in field.split("."):
            value = value[int(part)] if isinstance(value, list) else value[part]
    except (KeyError, IndexError, TypeError, ValueError):
        names = ", ".join(str(name) for name in list(data)[:20]) or "nothing"
        raise MalformedRowError("missing-field", f"There is no field '{field}'; the row has: {names}.") from None
    return value


def get_optional_text(data: RowData, field: str) -> str | None:
    """The text in a field, None where there is none."""
    value = data.get(field)
    return value if isinstance(value, str) else None


def get_text(data: RowData, field: str) -> str:
    """The text in a field, byte for byte.

    Raises:
        MalformedRowError: "missing-field", or "wrong-type" where it holds no text.
    """
    value = get_field(data, field)
    if not isinstance(value, str):
        raise MalformedRowError("wrong-type", f"The field '{field}' must be text; it holds {describe_value(value)}.")
    return value


def locate_text(data: RowData, field: str) -> TextPlace:
    """The place of the text in a field. Raises as `get_text`."""
    return TextPlace(resolve_field(data, field), (0, len(get_text(data, field))))


def get_scalar(data: RowData, field: str) -> str | None:
    """Text, a number or a truth value as text (72 -> "72", 27.0 -> "27.0"); None for null, NaN and nothing.

    Raises:
        MalformedRowError: "missing-field", or "wrong-type" for a list or an object.
    """
    value = get_field(data, field)
    if isinstance(value, str):
        return value or None
    if value is None or value != value:  # NaN alone differs from itself: a gap, as tables write it
        return None
    if not isinstance(value, (int, float)):
        raise MalformedRowError(
            "wrong-type", f"The field '{field}' must be text or a number; it holds {describe_value(value)}."
        )
    return str(value)


def strip_span(text: str, start: int, end: int) -> Span:
    """The span without the white space at its ends; empty, at its start, where nothing else is in it.

    >>> strip_span(" 5 ", 0, 3)
    (1, 2)
    """
    piece = text[start:end]
    stripped = piece.strip()
    start += len(piece) - len(piece.lstrip()) if stripped else 0
    return start, start + len(stripped)


def split_hash_mark(text: str) -> tuple[str, str, str] | None:
    """(reasoning, "#### 72", "72") of text that ends in GSM8K's mark, else None."""
    before, mark, gold = text.rstrip().rpartition("####")
    if not mark or before.endswith("#") or not gold.strip() or "\n" in gold or has_think_tags(text):
        return None
    return before.rstrip(), mark + gold, gold.strip()


def split_answer_sentence(text: str) -> tuple[str, str, str] | None:
    """(reasoning, "The answer is True", "True") of text whose last sentence says so, else None."""
    last, later = None, _ANSWER_SENTENCE.search(text, max(0, len(text.rstrip()) - 300))
    while later:  # "the answer is" may stand twice in the last sentence; the last one counts
        last, later = later, _ANSWER_SENTENCE.search(text, later.start(2))
    if last is None or has_think_tags(text):
        return None
    return text[: last.start(1)].rstrip(), last[1], last[2].strip()


def check_finished(data: RowData) -> None:
    """Refuse a row that says its generation was cut off.

    Raises:
        MalformedRowError: "cut-off".
    """
    found = find_cut_off(data)
    if found is not None:
        key, reason = found
        raise MalformedRowError(
            "cut-off", f"The generation was cut off ({key} is '{reason}'), so the trace has no end."
        )


def find_cut_off(response: Any) -> tuple[str, str] | None:
    """(the key, the reason) with which a response says that its generation was cut off; None where it does not.

    >>> find_cut_off({"meta_info": {"finish_reason": {"type": "length"}}}), find_cut_off({"stop_reason": "end_turn"})
    (('finish_reason', 'length'), None)
    >>> find_cut_off({"finish": "length"})
    ('finish', 'length')
    """
    if not isinstance(response, dict):
        return None
    said = [response, *(response.get(name) for name in _ABOUT_FINISH)]
    reasons = [
        (key, told)
        for held in said
        if isinstance(held, dict)
        for key, told in held.items()
        if isinstance(key, str) and _FINISH_REASON_FIELD.search(key)
    ]
    details = response.get("incomplete_details")  # of the Responses API
    if isinstance(details, dict):
        reasons.append(("incomplete_details.reason", details.get("reason")))
    for key, told in reasons:
        reason = told.get("type") if isinstance(told, dict) else told
        if isinstance(reason, str) and reason in CUT_OFF_REASONS:
            return key, reason
    return None
