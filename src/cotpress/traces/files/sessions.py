"""Logs of sessions, an event or a message a line: all lines of one are a row, so that each turn has its context."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from cotpress.traces.files.sources import TraceSource
from cotpress.traces.format_definition import RowSample
from cotpress.traces.rows import MalformedRowError, TraceRow

EVENTS: Final = "events"  # the key of a session's lines
MESSAGES: Final = "messages"  # the same, of lines that are messages
_CHAT_NAMES: Final = ("conversation_id", "conversationId", "session_id", "sessionId", "chat_id", "thread_id")
MIN_SHARE: Final = 2  # rows for each that is a heading, and no message
_SAID: Final = ("content", "parts", "text", "value", "tool_calls")
MAX_EVENTS: Final = 200_000  # of a session; more is a session of its own
MAX_CHARACTERS: Final = 1 << 28  # of its events as JSON
_ROLLOUT_TYPES: Final = ("session_meta", "response_item", "event_msg", "turn_context", "compacted")
_MARKERS: Final = 2  # events of a sample that must be a session's
_ITEM_TYPES: Final = ("message", "reasoning", "function_call", "function_call_output")  # of rollouts without payloads
_NOTE_TYPES: Final = ("summary", "file-history-snapshot", "queue-operation")  # of which a log may have nothing else


def is_session(sample: RowSample) -> bool:
    """Whether rows are events of sessions: those of Codex, or of Claude Code.

    Args:
        sample: the first rows of a file.

    >>> is_session([{"type": "session_meta", "payload": {}}, {"type": "response_item", "payload": {}}])
    True
    >>> is_session([{"type": "user", "message": {"role": "user", "content": "2+3?"}}])
    False
    """
    rollouts = sum(row.get("type") in _ROLLOUT_TYPES and isinstance(row.get("payload"), dict) for row in sample)
    if rollouts >= _MARKERS or _are_items(sample):
        return True
    if not all("type" in row for row in sample):
        return False
    notes = all(row["type"] in _NOTE_TYPES for row in sample) and any("leafUuid" in row for row in sample)
    return notes or (any(map(_is_logged_message, sample)) and any("parentUuid" in row for row in sample))


def is_chat_log(sample: RowSample) -> bool:
    """Whether rows are the messages of conversations one by one, those of several speakers.

    Args:
        sample: the first rows of a file.

    >>> is_chat_log([{"role": "user", "content": "2+3?"}, {"role": "assistant", "content": "5"}])
    True
    """
    said = [row for row in sample if row.get("role") is not None]
    headings = [row for row in sample if row.get("role") is None]  # before the messages of each conversation
    if headings and (sample[0] is not headings[0] or len(sample) < MIN_SHARE * len(headings)):
        return False
    if any(key in row for row in headings for key in (*_SAID, MESSAGES)):
        return False
    speakers = {str(row["role"]) for row in said}
    return {"user", "assistant"} <= speakers and all(any(key in row for key in _SAID) for row in said)


def _are_items(sample: RowSample) -> bool:
    """Whether rows are items of OpenAI's Responses one by one, as older rollouts have them."""
    kinds = [str(row.get("type")) for row in sample]
    items = [row for row, kind in zip(sample, kinds, strict=True) if kind in _ITEM_TYPES and "payload" not in row]
    return {"message", "reasoning"} <= set(kinds) and 2 * len(items) >= len(sample)


def _is_logged_message(row: Mapping[str, Any]) -> bool:
    return row.get("type") in ("user", "assistant") and isinstance(row.get("message"), dict) and "sessionId" in row


def open_sessions(source: TraceSource, key: str = EVENTS) -> TraceSource:
    """The source whose rows are sessions, `{"events": [...]}` each.

    Args:
        source: a source of events; see `is_session`.
        key: the key of the list; `MESSAGES` for messages, see `is_chat_log`.

    >>> rows = [TraceRow(at, {"type": "user", "sessionId": name}) for at, name in enumerate("aab", 1)]
    >>> outer = TraceSource("a.jsonl", "a", "JSONL", lambda: iter(rows), ())
    >>> [len(row.data["events"]) for row in open_sessions(outer).read_rows()]
    [2, 1]
    """
    what = "conversations" if key == MESSAGES else "sessions"
    return replace(source, container=f"{source.container} of {what}", read_rows=partial(_read, source.read_rows, key))


def _read(read_rows: Callable[[], Iterator[TraceRow]], key: str) -> Iterator[TraceRow]:
    events: list[Any] = []
    name: str | None = None
    find = _find_chat if key == MESSAGES else _find_session
    number = size = 0
    for row in read_rows():
        if isinstance(row.data, MalformedRowError):
            number += 1
            yield TraceRow(number, row.data, row.raw)
            continue
        starts, named = find(row.data)
        starts = starts and not (key == MESSAGES and _is_told(events))
        full = len(events) >= MAX_EVENTS or size >= MAX_CHARACTERS
        if events and (starts or (named and name and named != name) or full):
            number += 1
            yield TraceRow(number, _build_row(events, key))
            events, name, size = [], None, 0
        events.append(row.data)
        size += len(row.raw or b"")
        name = named or name
    if events:
        yield TraceRow(number + 1, _build_row(events, key))


def _build_row(events: list[Any], key: str) -> dict[str, Any]:
    """The row of a session; a heading before its messages stays beside them."""
    headed = key == MESSAGES and "role" not in events[0]
    return {**events[0], key: events[1:]} if headed else {key: events}


def _find_session(event: Mapping[str, Any]) -> tuple[bool, str | None]:
    """Whether an event begins a session, and the name of the session where the event says it."""
    named = event.get("sessionId")
    return event.get("type") == "session_meta" or _begins_items(event), named if isinstance(named, str) else None


def _find_chat(message: Mapping[str, Any]) -> tuple[bool, str | None]:
    """Whether a message may begin a conversation, and the name of its conversation where it says it."""
    named = next((message[key] for key in _CHAT_NAMES if message.get(key) is not None), None)
    return "role" not in message or (named is None and message["role"] == "system"), None if named is None else str(
        named
    )


def _is_told(messages: list[Any]) -> bool:
    """Whether nothing but a heading and a system prompt was said so far."""
    return all(message.get("role", "system") == "system" for message in messages)


def _begins_items(event: Mapping[str, Any]) -> bool:
    """Whether an event is the first line of an older rollout, which has no type."""
    return "type" not in event and "record_type" not in event and "timestamp" in event and "id" in event
