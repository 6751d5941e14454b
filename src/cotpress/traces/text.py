"""Text out of a row's fields, and reasoning out of text."""

from __future__ import annotations

import re
from typing import Any

from cotpress.traces.rows import Data, Malformed, described

TAGS = (("<think>", "</think>"), ("<|begin_of_thought|>", "<|end_of_thought|>"))
_STATED = re.compile(
    r"(?:\A|(?<=\s))((?:(?:So|Thus|Hence|Therefore),? )?the (?:final |correct )?answer is:? "
    r"((?:[^\s.]|[^\S\n]|\.(?=\S)){1,200}?)\.?)\s*\Z",
    re.IGNORECASE,
)
_CUT_OFF = ("done_reason", "finish_reason", "stop_reason")
_CUT_WORDS = ("length", "max_tokens", "max_length", "model_length")


def find(data: Data, field: str) -> Any:
    """The value of a field; "a.b.0" walks into objects and lists where no field has that whole name.

    Raises:
        Malformed: "missing-field".
    """
    if field in data:
        return data[field]
    value: Any = data
    try:
        for part in field.split("."):
            value = value[int(part)] if isinstance(value, list) else value[part]
    except (KeyError, IndexError, TypeError, ValueError):
        names = ", ".join(str(name) for name in list(data)[:20])
        raise Malformed("missing-field", f"There is no field '{field}'; the row has: {names}.") from None
    return value


def optional_text(data: Data, field: str) -> str | None:
    """The text in a field, None where there is none."""
    value = data.get(field)
    return value if isinstance(value, str) else None


def text_of(data: Data, field: str) -> str:
    """The text in a field, byte for byte.

    Raises:
        Malformed: "missing-field", or "wrong-type" where it holds no text.
    """
    value = find(data, field)
    if not isinstance(value, str):
        raise Malformed("wrong-type", f"The field '{field}' must be text; it holds {described(value)}.")
    return value


def scalar_of(data: Data, field: str) -> str | None:
    """Text, a number or a truth value as text (72 -> "72", 27.0 -> "27.0"); None for null, NaN and nothing.

    Raises:
        Malformed: "missing-field", or "wrong-type" for a list or an object.
    """
    value = find(data, field)
    if isinstance(value, str):
        return value or None
    if value is None or value != value:  # NaN alone differs from itself: a gap, as tables write it
        return None
    if not isinstance(value, (int, float)):
        raise Malformed("wrong-type", f"The field '{field}' must be text or a number; it holds {described(value)}.")
    return str(value)


def has_tags(text: str) -> bool:
    """Whether the text marks a part of it as thought."""
    return any(tag in text for pair in TAGS for tag in pair)


def split_think(text: str) -> tuple[str, str] | None:
    """(what is inside the think tags, what follows them); None where there are none.

    Chat templates may put the opening tag into the prompt, so a closing tag alone is enough.

    Raises:
        Malformed: "unclosed-think", "repeated-think" or "text-before-think".
    """
    pair = next((pair for pair in TAGS if pair[0] in text or pair[1] in text), None)
    if pair is None:
        return None
    opening, closing = pair
    if text.count(opening) > 1 or text.count(closing) > 1:
        counts = f"{text.count(opening)} of {opening} and {text.count(closing)} of {closing}"
        raise Malformed("repeated-think", f"There are {counts}; one pair is understood.")
    before, opened, rest = text.partition(opening) if opening in text else ("", "", text)
    inside, closed, after = rest.partition(closing)
    if not closed:
        raise Malformed("unclosed-think", f"{opened} is never closed by {closing}.")
    if before.strip():
        raise Malformed("text-before-think", f"Text stands before {opening}: '{before.strip()[:60]}'.")
    return inside, after.strip()


def split_hash(text: str) -> tuple[str, str, str] | None:
    """(reasoning, "#### 72", "72") of text that ends in GSM8K's mark, else None."""
    before, mark, gold = text.rstrip().rpartition("####")
    if not mark or before.endswith("#") or not gold.strip() or "\n" in gold or has_tags(text):
        return None
    return before.rstrip(), mark + gold, gold.strip()


def split_stated(text: str) -> tuple[str, str, str] | None:
    """(reasoning, "The answer is True", "True") of text whose last sentence says so, else None."""
    found, later = None, _STATED.search(text, max(0, len(text.rstrip()) - 300))
    while later:  # "the answer is" may stand twice in the last sentence; the last one counts
        found, later = later, _STATED.search(text, later.start(2))
    if found is None or has_tags(text):
        return None
    return text[: found.start(1)].rstrip(), found[1], found[2].strip()


def check_finished(data: Data) -> None:
    """Refuse a row that says its generation was cut off.

    Raises:
        Malformed: "cut-off".
    """
    for field in _CUT_OFF:
        if field in data and data[field] in _CUT_WORDS:
            raise Malformed(
                "cut-off", f"The generation was cut off ({field} is '{data[field]}'), so the trace has no end."
            )
