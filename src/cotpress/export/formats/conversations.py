"""Formats that are lists of turns: chat messages, prompt and completion, ShareGPT."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cotpress.export.example import ExportExample
from cotpress.export.format_registry import EXPORT_FORMATS, ExportFormat, ExportRow, ExportTurn
from cotpress.types import THINK_TAGS

_ROLES = {name: name for name in ("system", "user", "assistant")}
_SHAREGPT_ROLES = {**_ROLES, "human": "user", "gpt": "assistant"}
_REASONING_KEYS = ("reasoning_content", "reasoning", "thinking")
_CHAT_TAGS = {
    "role_tag": "role",
    "content_tag": "content",
    "user_tag": "user",
    "assistant_tag": "assistant",
    "system_tag": "system",
}


def build_messages_row(example: ExportExample) -> ExportRow:
    """OpenAI chat messages; what most trainers call conversational."""
    return {
        "id": example.id,
        "messages": [*_build_prompt_messages(example), _build_message("assistant", example.completion)],
    }


def build_reasoning_content_row(example: ExportExample) -> ExportRow:
    """Chat messages with the reasoning in reasoning_content, for templates that put the think tags themselves."""
    if not example.reasoning:
        return build_messages_row(example)
    reply = {**_build_message("assistant", example.answer), "reasoning_content": example.reasoning}
    return {"id": example.id, "messages": [*_build_prompt_messages(example), reply]}


def read_messages(row: Mapping[str, Any]) -> list[ExportTurn]:
    return _read_turns(row["messages"], "messages", "role", "content")


def build_prompt_completion_row(example: ExportExample) -> ExportRow:
    """Prompt and completion as message lists: TRL puts the loss on the completion alone."""
    return {
        "id": example.id,
        "prompt": _build_prompt_messages(example),
        "completion": [_build_message("assistant", example.completion)],
    }


def read_prompt_completion(row: Mapping[str, Any]) -> list[ExportTurn]:
    prompt, completion = row["prompt"], row["completion"]
    turns = (
        [ExportTurn("user", prompt)] if isinstance(prompt, str) else _read_turns(prompt, "prompt", "role", "content")
    )
    if isinstance(completion, str):
        return [*turns, ExportTurn("assistant", completion)]
    return [*turns, *_read_turns(completion, "completion", "role", "content")]


def build_sharegpt_row(example: ExportExample) -> ExportRow:
    """ShareGPT conversations."""
    names = {"system": "system", "user": "human"}
    asked = [{"from": names[turn["role"]], "value": turn["content"]} for turn in _build_prompt_messages(example)]
    return {"id": example.id, "conversations": [*asked, {"from": "gpt", "value": example.completion}]}


def read_sharegpt(row: Mapping[str, Any]) -> list[ExportTurn]:
    return _read_turns(row["conversations"], "conversations", "from", "value")


def _build_prompt_messages(example: ExportExample) -> list[dict[str, str]]:
    system = [_build_message("system", example.system)] if example.system else []
    return [*system, _build_message("user", example.prompt)]


def _build_message(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def _read_turns(value: Any, column: str, role_key: str, content_key: str) -> list[ExportTurn]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"'{column}' is no list of turns.")
    turns = []
    for number, turn in enumerate(value, 1):
        role = turn.get(role_key) if isinstance(turn, dict) else None
        content = turn.get(content_key) if isinstance(turn, dict) else None
        name = _SHAREGPT_ROLES.get(str(role))
        if name is None or not isinstance(content, str):
            raise ValueError(f"Turn {number} of '{column}' lacks a known '{role_key}' or a text in '{content_key}'.")
        turns.append(ExportTurn(name, _add_reasoning(turn, content, f"Turn {number} of '{column}'")))
    return turns


def _add_reasoning(turn: Mapping[str, Any], content: str, place: str) -> str:
    """A turn's text with the reasoning that it keeps apart, in think tags."""
    if turn.get("tool_calls"):
        raise ValueError(f"{place} has tool calls, which are not trained on.")
    thought = next((turn[key] for key in _REASONING_KEYS if isinstance(turn.get(key), str) and turn[key]), "")
    opening, closing = THINK_TAGS
    return f"{opening}\n{thought}\n{closing}\n\n{content}".rstrip() if thought else content


EXPORT_FORMATS.add(
    "messages",
    ExportFormat(
        build_messages_row,
        {"formatting": "sharegpt", "columns": {"messages": "messages"}, "tags": _CHAT_TAGS},
        ("messages",),
        read_messages,
    ),
)
EXPORT_FORMATS.add("reasoning-content", ExportFormat(build_reasoning_content_row, None, ("messages",), read_messages))
EXPORT_FORMATS.add(
    "prompt-completion",
    ExportFormat(build_prompt_completion_row, None, ("prompt", "completion"), read_prompt_completion),
)
EXPORT_FORMATS.add(
    "sharegpt",
    ExportFormat(
        build_sharegpt_row,
        {"formatting": "sharegpt", "columns": {"messages": "conversations"}},
        ("conversations",),
        read_sharegpt,
    ),
)
