"""Sessions of coding agents, all events of one in a row: rollouts of Codex, and the messages that Claude Code logs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from cotpress.traces.extraction import strip_span
from cotpress.traces.fields.field_detection import EXAMPLE_QUESTION
from cotpress.traces.files.sessions import EVENTS, is_session
from cotpress.traces.format_definition import FieldNames, RawTrace, RowSample, RowSchema, TraceFormat, format_roles
from cotpress.traces.format_registry import add_format
from cotpress.traces.messages.conversations import find_speaker, parse_message
from cotpress.traces.messages.passages import Passage, PassageKind, extract_traces
from cotpress.traces.messages.response_items import parse_item
from cotpress.traces.places import parse_json_text
from cotpress.traces.rows import MalformedRowError, RowData, describe_value
from cotpress.traces.think_tags import ThinkTagPairs
from cotpress.types import RowPath, TextPlace

_SHOWN_EVENTS: Final = 64  # by which a session is recognised
_REPEATED: Final = "agent_reasoning"  # Codex's event that says a reasoning again
_PLAIN_ITEMS: Final = ("message", "reasoning", "function_call", "function_call_output")  # of older rollouts
_ITEM: Final = "response_item"  # what Codex sent and got; its other events repeat that for people


def _parse_event(event: Any, path: RowPath, pairs: ThinkTagPairs) -> list[Passage]:
    if not isinstance(event, dict):
        raise MalformedRowError("wrong-type", f"An event must be an object; one is {describe_value(event)}.")
    payload = event.get("payload")
    if isinstance(payload, dict):
        return list(parse_item(payload, (*path, "payload"), pairs)) if event.get("type") == _ITEM else []
    if event.get("type") in _PLAIN_ITEMS:
        return list(parse_item(event, path, pairs))
    message = event.get("message")
    if isinstance(message, dict) and find_speaker(message) is not None:
        return parse_message(message, (*path, "message"), pairs)
    return []


def _extract_sides(events: list[Any], fields: FieldNames) -> list[RawTrace]:
    """The traces of a session, then those of its helpers: what one of them says is no context of the other."""
    sides: dict[bool, list[Passage]] = {False: [], True: []}
    for at, event in enumerate(events):
        said = _parse_event(event, (EVENTS, at), fields.tag_pairs)
        sides[event.get("isSidechain") is True] += [passage._replace(message=at) for passage in said]
    traces: list[RawTrace] = []
    problem = MalformedRowError("missing-field", "No event of the session holds a message.")
    for passages in filter(None, sides.values()):
        try:
            traces += extract_traces(_add_copies(passages, events), fields.turns, structured=True)
        except MalformedRowError as bad:
            problem = bad
    if not traces:
        raise problem
    return traces


def _add_copies(passages: list[Passage], events: list[Any]) -> list[Passage]:
    """The passages with the places of events that say a reasoning again, in whole or a part of it."""
    copies: dict[str, list[TextPlace]] = {}
    for at, event in enumerate(events):
        told = event.get("payload") if isinstance(event, dict) else None
        if isinstance(told, dict) and told.get("type") == _REPEATED and isinstance(text := told.get("text"), str):
            span = strip_span(text, 0, len(text))
            copies.setdefault(text.strip(), []).append(TextPlace((EVENTS, at, "payload", "text"), span))
    completed = []
    for passage in passages:
        places = passage.places
        if passage.kind is PassageKind.REASONING:
            parts = [(place.part, passage.text[slice(*place.part)] if place.part else passage.text) for place in places]
            found = [replace(copies[text].pop(0), part=part, stays=True) for part, text in parts if copies.get(text)]
            places = (*places, *found)
        completed.append(passage._replace(places=places))
    return completed


def _recognise_session(sample: RowSample, fields: FieldNames) -> RowSchema | None:
    read = [parse_json_text(row.get(EVENTS)) for row in sample]
    held = [events for events in read if isinstance(events, list) and all(isinstance(each, dict) for each in events)]
    if fields.reasoning or not any(is_session(events[:_SHOWN_EVENTS]) for events in held):
        return None

    def extract(data: RowData) -> list[RawTrace]:
        events = parse_json_text(data.get(EVENTS))
        if not isinstance(events, list):
            raise MalformedRowError("missing-field", f"There is no list of events; it is {describe_value(events)}.")
        return _extract_sides(events, fields)

    return RowSchema(extract, format_roles(turns=EVENTS), frozenset((EVENTS,)))


add_format(
    TraceFormat(
        "session",
        "sessions of coding agents: rollouts of Codex, logs of Claude Code; all lines of a session are one row",
        {
            "events": [
                {"type": "session_meta", "payload": {"id": "s1"}},
                {"type": "response_item", "payload": {"type": "message", "role": "user", "content": EXAMPLE_QUESTION}},
                {
                    "type": "response_item",
                    "payload": {
                        "type": "reasoning",
                        "summary": [{"type": "summary_text", "text": "2 and 3 make 5."}],
                    },
                },
                {"type": "response_item", "payload": {"type": "message", "role": "assistant", "content": "5"}},
            ]
        },
        _recognise_session,
        rank=11,
    )
)
