"""Rows with several replies to their question in one list: texts, or objects with a text or a message."""

from __future__ import annotations

from typing import Any

from cotpress.traces.extraction import get_field
from cotpress.traces.fields.field_detection import (
    EXAMPLE_QUESTION,
    find_question_field,
    find_reasoning_columns,
    find_tagged_fields,
    get_question_text,
    get_system_text,
)
from cotpress.traces.format_definition import (
    FieldNames,
    RawTrace,
    RowSample,
    RowSchema,
    TraceFormat,
    format_roles,
)
from cotpress.traces.format_registry import add_format
from cotpress.traces.messages.conversations import list_speakers, takes_turns
from cotpress.traces.messages.passages import Passage, PassageKind
from cotpress.traces.messages.replies import REPLY_TEXT_KEYS, extract_replies, list_replies, parse_reply
from cotpress.traces.places import get_at, parse_json_text, resolve_field
from cotpress.traces.rows import MalformedRowError, RowData, describe_value
from cotpress.traces.think_tags import has_think_tags

_RESPONSE_LISTS = ("choices", "outputs", "candidates", "segments")  # of other layouts


def _recognise_samples(sample: RowSample, fields: FieldNames) -> RowSchema | None:
    names = dict.fromkeys(name for row in sample for name in row if not _is_response(name, row[name]))
    columns = [name for name in names if _holds_replies(sample, name, fields)]
    columns = columns or [name for name in _list_inner_names(sample) if _holds_replies(sample, name, fields)]
    if fields.reasoning and not columns and _holds_texts(sample, fields.reasoning):
        columns = [fields.reasoning]
    if fields.reasoning:
        columns = [name for name in columns if name == fields.reasoning]
    elif set(find_tagged_fields(sample, fields)) - set(columns) or find_reasoning_columns(sample, fields):
        return None
    if not columns or fields.answer:
        return None
    field = columns[0]
    question = find_question_field(sample, fields, (field,))

    def extract(data: RowData) -> list[RawTrace]:
        replies = parse_json_text(get_field(data, field))
        if not isinstance(replies, list) or not replies:
            raise MalformedRowError(
                "wrong-type", f"The field '{field}' must be a list of replies; it holds {describe_value(replies)}."
            )
        asked = [
            Passage("system", get_system_text(data, question)),
            Passage("user", get_question_text(data, question)),
        ]
        at = resolve_field(data, field)
        found = [parse_reply(reply, (*at, *path), fields.tag_pairs) for path, reply in list_replies(replies)]
        return extract_replies(
            [passage for passage in asked if passage.text or passage.role == "user"], found, fields.turns
        )

    roles = format_roles(question=question, replies=field)
    marked = _holds_replies(sample, field, fields)
    return RowSchema(extract, roles, frozenset((field, question or "")), marked, question is not None)


def _holds_texts(sample: RowSample, name: str) -> bool:
    """Whether a column that was named has lists of objects with a reply each, none of which need mark its reasoning."""
    lists = [value for row in sample if isinstance(value := parse_json_text(row.get(name)), list) and value]
    return 2 * len(lists) >= len(sample) > 0 and all(
        isinstance(reply, dict) and any(isinstance(reply.get(key), str) for key in REPLY_TEXT_KEYS)
        for value in lists
        for _, reply in list_replies(value)
    )


def _list_inner_names(sample: RowSample) -> list[str]:
    """Dotted names of lists of texts in the objects of rows, as evaluations keep what a model said."""
    held = ((name, value) for row in sample for name, value in row.items() if isinstance(value, dict))
    inner = (f"{name}.{key}" for name, value in held for key, part in value.items() if _is_texts(key, part))
    return list(dict.fromkeys(inner))


def _is_texts(key: str, value: Any) -> bool:
    return not _is_response(key, value) and isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_response(name: str, value: Any) -> bool:
    """Whether a list is that of another layout, whose replies are objects."""
    return name in _RESPONSE_LISTS and not (isinstance(value, list) and all(isinstance(each, str) for each in value))


def _holds_replies(sample: RowSample, name: str, fields: FieldNames) -> bool:
    """Whether at least half of the rows have a list there of which a reply marks its reasoning."""
    return 2 * sum(_is_reply_list(get_at(row, resolve_field(row, name)), fields) for row in sample) >= len(sample) > 0


def _is_reply_list(value: Any, fields: FieldNames) -> bool:
    value = parse_json_text(value)
    if (
        not isinstance(value, list)
        or any(isinstance(reply, dict) and ("role" in reply or "from" in reply) for _, reply in list_replies(value))
        or list_speakers(value)
        or takes_turns(value, fields.tag_pairs)
    ):
        return False
    return any(_is_marked(reply, fields) for _, reply in list_replies(value) if isinstance(reply, str | dict))


def _is_marked(reply: str | dict[str, Any], fields: FieldNames) -> bool:
    if isinstance(reply, str):
        return has_think_tags(reply, fields.tag_pairs)
    passages = parse_reply(reply, (), fields.tag_pairs)
    return isinstance(passages, list) and any(passage.kind is PassageKind.REASONING for passage in passages)


add_format(
    TraceFormat(
        "samples",
        "several replies to a question in a list, such as generations or samples; each is a trace",
        {"question": EXAMPLE_QUESTION, "generations": ["<think>2 and 3 make 5.</think>5"]},
        _recognise_samples,
        rank=35,
    )
)
