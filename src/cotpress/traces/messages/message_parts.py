"""Parts of a message's content as passages: content blocks, chunks, parts of Gemini's and of Bedrock's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from cotpress.traces.messages.message_reasoning import HIDDEN_REASONING, mark_reasoning
from cotpress.traces.messages.passages import Passage, PassageKind
from cotpress.traces.messages.reply_text import split_reply
from cotpress.traces.places import format_path
from cotpress.traces.rows import MalformedRowError, RowData, describe_value
from cotpress.traces.think_tags import ThinkTagPairs
from cotpress.types import RowPath

CONTENT_KEYS: Final = ("content", "value", "parts", "text")  # of a message, in the order they are looked for
_TEXT_PARTS = ("text", "input_text", "output_text", "summary_text", "refusal")
_REASONING_PARTS = ("thinking", "reasoning", "reasoning_text", "thought")
_CALL_PARTS = ("tool_use", "server_tool_use", "tool_call", "tool-call", "function_call", "mcp_tool_use",
    "toolRequest",
)  # fmt: skip
_RESULT_PARTS = ("tool_result", "tool-result", "web_search_tool_result", "mcp_tool_result", "function_call_output",
    "tool_call_response", "toolResponse",
)  # fmt: skip
# of parts without a type: Gemini's, and those of Bedrock's Converse API
_UNTYPED_CALLS = ("functionCall", "function_call", "toolUse")
_UNTYPED_RESULTS = ("functionResponse", "function_response", "toolResult")


def parse_part(part: Any, path: RowPath, role: str, pairs: ThinkTagPairs) -> list[Passage]:
    """The passages of one part of a message's content: a content block, a chunk, or a part of Gemini's.

    Raises:
        MalformedRowError: "wrong-type": it is no part, or one without its text.
    """
    if isinstance(part, str):
        return [Passage(role, part)]
    kind = part.get("type") if isinstance(part, dict) else None
    if isinstance(part, dict) and kind is None:
        return _parse_gemini_part(part, path, role, pairs)
    if kind in _TEXT_PARTS:
        key = next((name for name in ("text", str(kind), "content") if isinstance(part.get(name), str)), "text")
        text = _get_part_text(part, key, path)
        return split_reply(text, (*path, key), pairs) if role == "assistant" else [Passage(role, text)]
    if kind in _REASONING_PARTS:
        return list(_parse_reasoning_part(part, path, str(kind), pairs))
    if not isinstance(part, dict) or not isinstance(kind, str):
        raise _build_part_error(part, path)
    if kind in _RESULT_PARTS:
        return [Passage("tool", _flatten_result(_get_result(part)), PassageKind.OTHER)]
    shown = json.dumps(part, ensure_ascii=False) if kind in _CALL_PARTS else f"[{kind}]"
    if kind == "redacted_thinking":
        return [Passage(role, "", PassageKind.OTHER), HIDDEN_REASONING]
    return [Passage(role, shown, PassageKind.OTHER)]


def _parse_gemini_part(part: RowData, path: RowPath, role: str, pairs: ThinkTagPairs) -> list[Passage]:
    if isinstance(text := part.get("text"), str):
        if role == "assistant":
            place = (*path, "text")
            return (
                [mark_reasoning(text, place, pairs)] if part.get("thought") is True else split_reply(text, place, pairs)
            )
        return [Passage(role, text)]
    told = _get_converse_thought(part)
    if told is not None:
        return [mark_reasoning(told, (*path, "reasoningContent", "reasoningText", "text"), pairs)]
    if isinstance(part.get("reasoningContent"), dict):
        return [Passage(role, "", PassageKind.OTHER), HIDDEN_REASONING]  # redacted
    shown = {key: part[key] for key in _UNTYPED_CALLS + _UNTYPED_RESULTS if part.get(key) is not None}
    if shown:
        speaker = "tool" if any(key in shown for key in _UNTYPED_RESULTS) else role
        return [Passage(speaker, json.dumps(shown, ensure_ascii=False), PassageKind.OTHER)]
    held = [key for key, value in part.items() if value is not None]
    if not held:
        raise _build_part_error(part, path)
    return [Passage(role, f"[{held[0]}]", PassageKind.OTHER)]


def _get_converse_thought(part: RowData) -> str | None:
    """The reasoning of a block of Bedrock's Converse API."""
    held = part.get("reasoningContent")
    told = held.get("reasoningText") if isinstance(held, dict) else None
    text = told.get("text") if isinstance(told, dict) else None
    return text if isinstance(text, str) else None


def _parse_reasoning_part(part: RowData, path: RowPath, kind: str, pairs: ThinkTagPairs) -> Iterator[Passage]:
    """The reasoning of a block: text under its own name or as `text`, or a list of such chunks."""
    key = next((name for name in (kind, "text", "content") if isinstance(part.get(name), str | list)), None)
    if key is None:
        raise _build_part_error(part, path)
    if isinstance(part[key], str):
        yield mark_reasoning(part[key], (*path, key), pairs)
        return
    for index, chunk in enumerate(part[key]):
        text = _get_part_text(chunk, "text", (*path, key, index))
        yield mark_reasoning(text, (*path, key, index, "text"), pairs)


def _get_part_text(part: Any, key: str, path: RowPath) -> str:
    if not isinstance(part, dict) or not isinstance(part.get(key), str):
        raise _build_part_error(part, path)
    return str(part[key])


def _build_part_error(part: Any, path: RowPath) -> MalformedRowError:
    owner = format_path(path[: next((at for at, key in enumerate(path) if key in CONTENT_KEYS), None)])
    return MalformedRowError("wrong-type", f"The content of '{owner}' must be text; it holds {describe_value(part)}.")


def _get_result(part: RowData) -> Any:
    return next(
        (part[key] for key in ("content", "output", "result", "response", "toolResult") if part.get(key) is not None),
        None,
    )


def _flatten_result(content: Any) -> str:
    """What a tool gave, for people and compressors to read."""
    if isinstance(content, str):
        return content
    if isinstance(content, list) and all(
        isinstance(part, dict) and isinstance(part.get("text"), str) for part in content
    ):
        return "\n".join(part["text"] for part in content)
    return "" if content is None else json.dumps(content, ensure_ascii=False)
