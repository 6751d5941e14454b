"""Events of the OpenHands SDK: messages, actions with their thought, and what was observed, each of a named kind."""

from __future__ import annotations

import json
from typing import Any, Final

from cotpress.traces.messages.conversations import parse_message
from cotpress.traces.messages.message_reasoning import join_pieces, mark_reasoning, parse_reasoning_keys
from cotpress.traces.messages.passages import Passage, PassageKind
from cotpress.traces.think_tags import ThinkTagPairs
from cotpress.types import RowPath

_KINDS: Final = ("SystemPromptEvent", "MessageEvent", "ActionEvent", "ObservationEvent", "AgentErrorEvent")
_SHOWN: Final = ("tool_name", "action")  # of an action


def is_sdk_event(step: Any) -> bool:
    """Whether a step of a list is an event that says its kind.

    >>> is_sdk_event({"kind": "MessageEvent", "llm_message": {"role": "user", "content": []}})
    True
    """
    return isinstance(step, dict) and step.get("kind") in _KINDS


def asks_user(step: dict[str, Any]) -> bool:
    """Whether an event is a message of the user's.

    >>> asks_user({"kind": "MessageEvent", "llm_message": {"role": "user", "content": []}})
    True
    """
    message = step.get("llm_message")
    return isinstance(message, dict) and message.get("role") == "user"


def thinks(step: dict[str, Any]) -> bool:
    """Whether an event has a thought.

    >>> thinks({"kind": "ActionEvent", "thought": [{"type": "text", "text": "2+3=5."}]})
    True
    """
    held = step.get("llm_message") if step["kind"] == "MessageEvent" else step
    if not isinstance(held, dict):
        return False
    return any(bool(held.get(key)) for key in ("reasoning_content", "thinking_blocks", "thought"))


def parse_sdk_event(step: dict[str, Any], path: RowPath, pairs: ThinkTagPairs) -> list[Passage]:
    """The passages of an event. What an agent says before it acts is its thought where it has no other.

    Args:
        step: an event; see `is_sdk_event`.
        path: where it stands.
        pairs: the think tags.

    Raises:
        MalformedRowError: as `parse_message`.

    >>> event = {"kind": "ActionEvent", "thought": [], "reasoning_content": "2+3=5.", "tool_name": "say"}
    >>> [passage.kind.value for passage in parse_sdk_event(event, (), ())]
    ['reasoning', 'other']
    """
    kind = step["kind"]
    if kind == "SystemPromptEvent":
        return [Passage("system", _flatten(step.get("system_prompt")))]
    if kind == "MessageEvent" and isinstance(step.get("llm_message"), dict):
        message = {key: value for key, value in step["llm_message"].items() if key != "thinking_blocks"}
        place = (*path, "llm_message")
        return _add_blocks(parse_message(message, place, pairs), step["llm_message"], place)
    if kind == "ActionEvent":
        return _parse_action(step, path, pairs)
    seen = step.get("observation") if kind == "ObservationEvent" else step.get("error")
    return [Passage("tool", _flatten(seen), PassageKind.OTHER)] if seen else []


def _parse_action(step: dict[str, Any], path: RowPath, pairs: ThinkTagPairs) -> list[Passage]:
    apart = parse_reasoning_keys({"reasoning_content": step.get("reasoning_content")}, path, pairs, "assistant")
    passages = _add_blocks(apart, step, path)
    for at, part in enumerate(told if isinstance(told := step.get("thought"), list) else ()):
        text = part.get("text") if isinstance(part, dict) else None
        if isinstance(text, str) and text.strip():
            place = (*path, "thought", at, "text")
            passages.append(Passage("assistant", text) if passages else mark_reasoning(text, place, pairs))
    shown = {key: step[key] for key in _SHOWN if step.get(key)}
    return [*passages, Passage("assistant", json.dumps(shown, ensure_ascii=False), PassageKind.OTHER)]


def _add_blocks(passages: list[Passage], held: dict[str, Any], path: RowPath) -> list[Passage]:
    """The passages with the thinking blocks beside them: copies of the reasoning, or the reasoning itself."""
    blocks = held.get("thinking_blocks")
    thoughts = [
        mark_reasoning(text, (*path, "thinking_blocks", at, "thinking"), ())
        for at, block in enumerate(blocks if isinstance(blocks, list) else ())
        if isinstance(block, dict) and isinstance(text := block.get("thinking"), str) and text.strip()
    ]
    at = next((at for at, said in enumerate(passages) if said.kind is PassageKind.REASONING and said.text), None)
    if at is None:
        return [*([join_pieces(thoughts)] if thoughts else []), *passages]
    copies = tuple(place for thought in thoughts if thought.text == passages[at].text for place in thought.places)
    return [*passages[:at], passages[at]._replace(places=(*passages[at].places, *copies)), *passages[at + 1 :]]


def _flatten(value: Any) -> str:
    """The text of a value: its own, that of its content, or all of it as JSON."""
    if isinstance(value, str):
        return value
    inner = value.get("text", value.get("content")) if isinstance(value, dict) else value
    if isinstance(inner, list) and all(isinstance(part, dict) and isinstance(part.get("text"), str) for part in inner):
        return "\n".join(part["text"] for part in inner)
    return inner if isinstance(inner, str) else json.dumps(value, ensure_ascii=False)
