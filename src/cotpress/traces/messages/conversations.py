"""Messages of a conversation as passages, of whatever vendor: who says what, and which of it is reasoning, where."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from cotpress.traces.extraction import strip_span
from cotpress.traces.messages.message_parts import CONTENT_KEYS, parse_part
from cotpress.traces.messages.message_reasoning import (
    THOUGHT_KEY,
    mark_reasoning,
    parse_reasoning_keys,
)
from cotpress.traces.messages.message_shapes import (
    ShapedMessage,
    find_named_role,
    shape_list,
    shape_messages,
    unwrap_message,
)
from cotpress.traces.messages.object_replies import holds_answer, keeps_both
from cotpress.traces.messages.passages import Passage, PassageKind
from cotpress.traces.messages.reply_text import parse_object_reply, split_reply
from cotpress.traces.places import format_path, parse_json_text
from cotpress.traces.rows import MalformedRowError, RowData, describe_value
from cotpress.traces.think_tags import ThinkTagPairs, has_think_tags
from cotpress.types import RowPath, TextPlace

_ROLE_NAMES = {
    "system": "system", "developer": "system",
    "user": "user", "human": "user",
    "gemini": "assistant",
    "assistant": "assistant", "gpt": "assistant", "chatgpt": "assistant", "bot": "assistant", "model": "assistant",
    "ai": "assistant",
    "tool": "tool", "function": "tool", "observation": "tool", "ipython": "tool", "function_response": "tool",
    "tool_response": "tool", "environment": "tool",
    "function_call": "assistant", "tool_call": "assistant",
    "reasoning": "assistant", "thinking": "assistant", "thought": "assistant",
}  # fmt: skip
_CALL_ROLES = ("function_call", "tool_call")
_REASONING_ROLES = ("reasoning", "thinking", "thought")
_ANALYSIS, _COMMENTARY = "analysis", "commentary"  # harmony's channels beside the final one


def parse_messages(value: Any, path: RowPath, pairs: ThinkTagPairs) -> list[Passage]:
    """The passages of a list of messages, or of JSON text of one, as CSV holds it.

    Args:
        value: what stands in the row.
        path: where it stands.
        pairs: the think tags that mark reasoning inside a text.

    Raises:
        MalformedRowError: "wrong-type", "missing-field", "unknown-role", or a code of think tags.

    >>> [message] = parse_messages([{"role": "user", "content": "2+3?"}], ("messages",), ())
    >>> message.role, message.text
    ('user', '2+3?')
    """
    field = format_path(path)
    value = parse_json_text(value)
    if isinstance(value, str):
        raise MalformedRowError("wrong-type", f"The field '{field}' holds text that is no JSON list of messages.")
    if not isinstance(value, list):
        raise MalformedRowError(
            "wrong-type", f"The field '{field}' must be a list of messages; it holds {describe_value(value)}."
        )
    return [
        passage._replace(message=index)
        for index, shaped in enumerate(shape_list(value, path))
        for passage in _parse_shaped(shaped, pairs)
    ]


def parse_message(message: Any, path: RowPath, pairs: ThinkTagPairs) -> list[Passage]:
    """The passages of one message; reasoning that has a key of its own comes first. Raises as `parse_messages`."""
    return [passage for shaped in shape_messages(message, path) for passage in _parse_shaped(shaped, pairs)]


def _parse_shaped(shaped: ShapedMessage, pairs: ThinkTagPairs) -> list[Passage]:
    message, path, _ = shaped
    place = format_path(path)
    if not isinstance(message, dict):
        raise MalformedRowError("wrong-type", f"'{place}' must be a message; it is {describe_value(message)}.")
    name = find_named_role(message)
    if name is None:
        raise MalformedRowError("missing-field", f"'{place}' has neither 'role' nor 'from'.")
    if not isinstance(name, str) or name.lower() not in _ROLE_NAMES:
        known = ", ".join(_ROLE_NAMES)
        raise MalformedRowError("unknown-role", f"'{place}' has the role {describe_value(name)}; known are {known}.")
    name = name.lower()
    apart = parse_reasoning_keys(message, path, pairs, _ROLE_NAMES[name])
    content = _parse_content(shaped, _ROLE_NAMES[name], pairs, apart)  # which may add places to what is apart
    passages = [*apart, *content]
    if name in _CALL_ROLES:
        passages = [_as_call(passage) for passage in passages]
    if name in _REASONING_ROLES:
        passages = [_as_reasoning(passage) for passage in passages]
    calls = message.get("tool_calls") or message.get("function_call")
    if calls:
        passages.append(Passage("assistant", json.dumps(calls, ensure_ascii=False), PassageKind.OTHER))
    return passages


def find_speaker(message: RowData) -> str | None:
    """Who says a message: "system", "user", "assistant" or "tool"; None for what is no message.

    >>> find_speaker({"from": "human", "value": "2+3?"}), find_speaker({"text": "2+3?"})
    ('user', None)
    """
    return _name_speaker(unwrap_message(message, constructed=True))


def _name_speaker(message: Mapping[str, Any]) -> str | None:
    name = find_named_role(message)
    return _ROLE_NAMES.get(name.lower()) if isinstance(name, str) else None


def list_speakers(chat: Any) -> set[str | None]:
    """Who speaks in a list of messages; nobody where it is none.

    >>> list_speakers([{"role": "human", "content": "2+3?"}]), list_speakers([{"text": "2+3?"}])
    ({'user'}, set())
    """
    if isinstance(chat, list) and len(chat) == 1 and isinstance(chat[0], list):
        chat = chat[0]
    if not isinstance(chat, list) or not all(isinstance(message, dict) for message in chat):
        return set()
    speakers = {find_speaker(message) for message in chat}
    if None in speakers:  # events that hold a message each; the choices of a reply do, too, but no user's
        speakers = {_name_speaker(unwrap_message(message)) for message in chat}
        return speakers if {"user", "assistant"} <= speakers and None not in speakers else set()
    return speakers


def is_conversation(value: Any) -> bool:
    """Whether a value is a list of messages, one of them the assistant's.

    >>> is_conversation([{"role": "assistant", "content": "5"}])
    True
    """
    return "assistant" in list_speakers(value)


def takes_turns(value: Any, pairs: ThinkTagPairs) -> bool:
    """Whether a value is a list of texts of which every second one thinks, and no other: requests and replies in turn.

    >>> takes_turns(["2+3?", "<think>2+3=5.</think>5"], (("<think>", "</think>"),))
    True
    """
    if not isinstance(value, list) or not value or len(value) % 2 or not all(isinstance(text, str) for text in value):
        return False
    return [has_think_tags(text, pairs) for text in value] == [False, True] * (len(value) // 2)


def _parse_content(shaped: ShapedMessage, role: str, pairs: ThinkTagPairs, apart: list[Passage]) -> list[Passage]:
    message, path, kept_as = shaped
    names = [name for name in CONTENT_KEYS if name in message]
    # a table gives every message every key, most of them null
    key = next((name for name in names if message[name] is not None), next(iter(names), None))
    if key is None:
        if message.get("tool_calls") or message.get("function_call"):
            return []
        raise MalformedRowError("missing-field", f"'{format_path(path)}' has neither 'content' nor 'value'.")
    content, path = message[key], (*path, key if kept_as is None else kept_as)
    if content is None:  # a message of tool calls, or of reasoning alone
        return []
    if isinstance(content, str):
        if role != "assistant":
            return [Passage(role, content)]
        channel, recipient = message.get("channel"), message.get("recipient")
        if recipient not in (None, "", "all") or channel == _COMMENTARY:
            return [Passage(role, content, PassageKind.OTHER)]
        if channel == _ANALYSIS:
            return [mark_reasoning(content, path, pairs)]
        if apart and message.get(THOUGHT_KEY) and begins_with(content, message[THOUGHT_KEY]):
            return _skip_thought(apart, content, len(message[THOUGHT_KEY].rstrip()), path)
        return _join_repeated(apart, split_reply(content, path, pairs), message, path)
    if role == "assistant" and (keeps_both(content) or holds_answer(content)):
        return parse_object_reply(content, path, pairs)
    parts = content if isinstance(content, list) else [content]
    passages = _join_texts(
        passage
        for index, part in enumerate(parts)
        for passage in parse_part(part, (*path, index) if isinstance(content, list) else path, role, pairs)
    )
    channel = message.get("channel") if role == "assistant" else None
    if channel == _COMMENTARY or (role == "assistant" and message.get("recipient") not in (None, "", "all")):
        return [_as_call(passage) for passage in passages]
    return [_as_reasoning(passage) for passage in passages] if channel == _ANALYSIS else passages


def begins_with(text: Any, thought: str) -> bool:
    """Whether a text is a thought, perhaps with the action below it.

    >>> begins_with("I look.\\nls", "I look."), begins_with("I look around.", "I look")
    (True, False)
    """
    return isinstance(text, str) and (text == thought or text.startswith(f"{thought.rstrip()}\n"))


def _skip_thought(apart: list[Passage], content: str, until: int, path: RowPath) -> list[Passage]:
    """What a content says below the thought that it repeats; the thought gets a place there."""
    copy = TextPlace(path, strip_span(content, 0, until))
    apart[0] = apart[0]._replace(places=(*apart[0].places, copy))
    start, end = strip_span(content, until, len(content))
    return [Passage("assistant", content[start:end], places=(TextPlace(path, (start, end)),))] if end > start else []


def _join_repeated(apart: list[Passage], reply: list[Passage], message: RowData, path: RowPath) -> list[Passage]:
    """A reply without the reasoning that is given apart, too; copies of it in the message get the same places."""
    inside = [passage for passage in reply if passage.kind is PassageKind.REASONING]
    if apart and inside:
        if any(passage.text not in ("", apart[0].text) for passage in inside):
            raise MalformedRowError(
                "repeated-think", "The reasoning is given apart, and another one in think tags as well."
            )
        copies = tuple(place for passage in inside if passage.text for place in passage.places)
        apart[0] = apart[0]._replace(places=apart[0].places + copies)
        return [passage for passage in reply if passage.kind is not PassageKind.REASONING]
    info = message.get("info")  # AM-Thinking keeps a copy of the reasoning there
    copy = info.get("think_content") if isinstance(info, dict) else None
    if inside and isinstance(copy, str) and copy.strip() == inside[0].text:
        place = TextPlace((*path[:-1], "info", "think_content"), strip_span(copy, 0, len(copy)))
        return [
            passage._replace(places=(*passage.places, place)) if passage in inside else passage for passage in reply
        ]
    return reply


def _join_texts(passages: Iterator[Passage]) -> list[Passage]:
    """Text parts that follow one another as one text; a text of several parts has no place of its own."""
    joined: list[Passage] = []
    for passage in passages:
        last = joined[-1] if joined else None
        if last and passage.kind is last.kind is PassageKind.TEXT and passage.role == last.role:
            joined[-1] = last._replace(text=last.text + passage.text, places=())
        else:
            joined.append(passage)
    return joined


def _as_call(passage: Passage) -> Passage:
    return passage._replace(kind=PassageKind.OTHER) if passage.kind is PassageKind.TEXT else passage


def _as_reasoning(passage: Passage) -> Passage:
    return passage._replace(kind=PassageKind.REASONING) if passage.kind is PassageKind.TEXT else passage
