"""Replies that are an object with the reasoning and the answer under a key each, as structured outputs are."""

from __future__ import annotations

import re
from typing import Any, Final

from cotpress.traces.messages.message_reasoning import MESSAGE_REASONING_KEYS
from cotpress.traces.places import parse_json_text
from cotpress.traces.rows import RowData

MAX_LEAD: Final = 40  # characters before the bracket of an object that is a reply
_REPLY_KEYS: Final = ("text", "content", "answer", "final_answer", "response", "output")
_FENCED: Final = re.compile(r"```(?:json)?[ \t]{0,9}\n(\{.*\})\s{0,9}```", re.DOTALL)


def find_both(text: str) -> RowData | None:
    """The object with reasoning and reply that a reply is, as JSON, perhaps in a block of code; None for other text.

    >>> find_both('{"thinking": "2+3=5.", "answer": 5}')
    {'thinking': '2+3=5.', 'answer': 5}
    """
    if "{" not in text[:MAX_LEAD]:
        return None
    fenced = _FENCED.fullmatch(text.strip())
    value = parse_json_text(fenced[1] if fenced else text)
    return value if isinstance(value, dict) and len(value) > 1 and keeps_both(value) else None


def keeps_both(content: Any) -> bool:
    """Whether a content is an object with a reasoning under a key of its own.

    >>> keeps_both({"thinking": "2+3=5.", "answer": "5"}), keeps_both({"type": "text", "text": "5"})
    (True, False)
    """
    if not isinstance(content, dict) or content.get("type") is not None:
        return False
    return any(isinstance(content.get(key), str) for key in MESSAGE_REASONING_KEYS)


def holds_answer(content: Any) -> bool:
    """Whether a content is an object with nothing but an answer, as arenas keep it.

    >>> holds_answer({"answer": "<think>2+3=5.</think>5"})
    True
    """
    return isinstance(content, dict) and list(content) == ["answer"] and isinstance(content["answer"], str)


def find_reply_key(content: RowData) -> str | None:
    """The key of what an object says beside its reasoning; None where no known one is there.

    >>> find_reply_key({"thinking": "2+3=5.", "answer": 5})
    'answer'
    """
    return next((key for key in _REPLY_KEYS if isinstance(content.get(key), str | int | float)), None)


def list_rest(content: RowData) -> RowData:
    """All of an object but its reasoning and what is empty.

    >>> list_rest({"thought": "I look.", "action": "ls", "note": None})
    {'action': 'ls'}
    """
    return {key: value for key, value in content.items() if key not in MESSAGE_REASONING_KEYS and value is not None}
