"""Messages in a column of any name, or inside an object."""

from __future__ import annotations

from collections.abc import Iterator

from cotpress.traces.fields.field_detection import (
    EXAMPLE_QUESTION,
    build_ambiguity_error,
    find_question_field,
    find_reasoning_columns,
    find_tagged_fields,
    get_question_text,
    get_system_text,
)
from cotpress.traces.format_definition import (
    CONVERSATION_FIELDS,
    MESSAGE_FIELDS,
    FieldNames,
    RawTrace,
    RowSample,
    RowSchema,
    TraceFormat,
    format_roles,
)
from cotpress.traces.format_registry import add_format
from cotpress.traces.messages.conversations import is_conversation, list_speakers, parse_messages, takes_turns
from cotpress.traces.messages.passages import Passage, extract_traces
from cotpress.traces.places import format_path, get_at, parse_json_text, resolve_field
from cotpress.traces.rows import MalformedRowError, RowData, describe_value
from cotpress.types import RowPath

_KNOWN_FIELDS = (*MESSAGE_FIELDS, *CONVERSATION_FIELDS, "contents")  # of other layouts
_SPAN_FIELDS = ("gen_ai.", "llm.")  # attributes of the layout "spans", where what was asked stands beside the reply
MAX_OBJECTS = 3  # objects within each other in which messages are looked for


def _recognise_anywhere(sample: RowSample, fields: FieldNames) -> RowSchema | None:
    path = _find_chat(sample, fields)
    if path is None or fields.answer:
        return None
    chats = [parse_json_text(get_at(row, path)) for row in sample]
    alone = not any("user" in list_speakers(chat) or takes_turns(chat, fields.tag_pairs) for chat in chats)
    question = find_question_field(sample, fields, (str(path[0]),)) if alone else None

    def extract(data: RowData) -> list[RawTrace]:
        chat = parse_json_text(get_at(data, path))
        if not isinstance(chat, list):
            raise MalformedRowError(
                "missing-field", f"There is no list of messages at '{format_path(path)}'; it is {describe_value(chat)}."
            )
        asked = [
            Passage("system", get_system_text(data, question)),
            Passage("user", get_question_text(data, question)),
        ]
        before = [passage for passage in asked if passage.text] if alone else []
        passages = [
            passage._replace(message=passage.message + len(before))
            for passage in parse_messages(chat, path, fields.tag_pairs)
        ]
        return extract_traces([*before, *passages], fields.turns)

    roles = format_roles(question=question, turns=format_path(path))
    return RowSchema(extract, roles, frozenset((str(path[0]), question or "")))


def _find_chat(sample: RowSample, fields: FieldNames) -> RowPath | None:
    """The path of the messages: the one named, else the only one that most rows have."""
    if fields.reasoning:
        paths = {resolve_field(row, fields.reasoning) for row in sample}
        return next((path for path in paths if any(_is_chat_at(row, path) for row in sample)), None)
    if find_reasoning_columns(sample, fields) or find_tagged_fields(sample, fields):
        return None
    found = [set(_list_chats(row, (), fields)) for row in sample]
    paths = {path for row in found for path in row if 2 * sum(path in each for each in found) >= len(sample)}
    if len(paths) > 1:
        raise build_ambiguity_error("the conversation", "reasoning", sorted(map(format_path, paths)))
    return next(iter(paths), None)


def _is_chat_at(data: RowData, path: RowPath) -> bool:
    return is_conversation(parse_json_text(get_at(data, path)))


def _list_chats(value: RowData, path: RowPath, fields: FieldNames) -> Iterator[RowPath]:
    for key, part in value.items():
        inner = parse_json_text(part)
        if (not path and key in _KNOWN_FIELDS and not isinstance(inner, dict)) or key.startswith(_SPAN_FIELDS):
            continue
        if is_conversation(inner) or takes_turns(inner, fields.tag_pairs):
            yield (*path, key)
        elif isinstance(inner, dict) and len(path) < MAX_OBJECTS:
            yield from _list_chats(inner, (*path, key), fields)


add_format(
    TraceFormat(
        "chat-anywhere",
        "messages in a column of any name, or inside an object",
        {
            "trajectory": [
                {"role": "user", "content": EXAMPLE_QUESTION},
                {"role": "assistant", "content": "<think>2 and 3 make 5.</think>5"},
            ]
        },
        _recognise_anywhere,
        rank=90,
    )
)
