"""What a response says of itself: that its request failed, or that its model thought and does not show it."""

from __future__ import annotations

from typing import Any, Final

from cotpress.traces.messages.message_reasoning import HIDDEN_REASONING
from cotpress.traces.messages.passages import Passage, PassageKind
from cotpress.traces.places import get_at, parse_json_text
from cotpress.traces.rows import MalformedRowError, RowData
from cotpress.types import RowPath

_FAILED: Final = ("errored", "expired", "canceled", "cancelled", "failed")
_ERRORS: Final[tuple[RowPath, ...]] = (
    ("error",), ("response", "error"), ("response", "body", "error"), ("body", "error"), ("result", "error"),
)  # fmt: skip
_THOUGHT_COUNTS: Final[tuple[RowPath, ...]] = (
    ("usage", "completion_tokens_details", "reasoning_tokens"),
    ("usage", "output_tokens_details", "reasoning_tokens"),
    ("usage", "reasoning_tokens"),
    ("usageMetadata", "thoughtsTokenCount"),
    ("usage_metadata", "thoughts_token_count"),
)


def find_failure(data: RowData) -> str | None:
    """What a row of a batch's output says went wrong with its request; None where nothing did.

    >>> find_failure({"response": None, "error": {"code": "expired", "message": "Too late"}})
    'Too late'
    >>> find_failure({"result": {"type": "errored"}}), find_failure({"error": None})
    ('errored', None)
    """
    for path in _ERRORS:
        error = get_at(data, path)
        if isinstance(error, dict) and error:
            named = next((error[key] for key in ("message", "code", "type") if isinstance(error.get(key), str)), None)
            return str(named or "it has an error")
        if isinstance(error, str) and error:
            return error
    result = data.get("result")
    kind = result.get("type") if isinstance(result, dict) else data.get("status")
    return kind if isinstance(kind, str) and kind in _FAILED else None


def hides_reasoning(response: Any) -> bool:
    """Whether a response counts tokens of reasoning.

    >>> hides_reasoning({"usageMetadata": {"thoughtsTokenCount": 90}}), hides_reasoning({"usage": {}})
    (True, False)
    """
    response = parse_json_text(response)
    counts = [get_at(response, path) for path in _THOUGHT_COUNTS] if isinstance(response, dict) else []
    return any(isinstance(count, int | float) and count > 0 for count in counts)


def mark_hidden(reply: list[Passage] | MalformedRowError) -> list[Passage] | MalformedRowError:
    """A reply of a model that thought, with an empty reasoning where it shows none: its text is no reasoning.

    >>> mark_hidden([Passage("assistant", "5")])[0].kind.value
    'reasoning'
    """
    if isinstance(reply, MalformedRowError) or any(passage.kind is PassageKind.REASONING for passage in reply):
        return reply
    return [HIDDEN_REASONING, *reply]
