"""Rows with several replies to their question in two lists: the reasonings in one, what follows each in the other."""

from __future__ import annotations

from typing import Any, Final

from cotpress.traces.copies import drop_repeated
from cotpress.traces.extraction import get_field
from cotpress.traces.field_words import names_reasoning
from cotpress.traces.fields.field_detection import (
    EXAMPLE_QUESTION,
    find_question_field,
    get_question_text,
    get_system_text,
)
from cotpress.traces.format_definition import (
    REASONING_FIELDS,
    REPLY_FIELDS,
    SOLUTION_FIELDS,
    FieldNames,
    RawTrace,
    RowSample,
    RowSchema,
    TraceFormat,
    format_roles,
)
from cotpress.traces.format_registry import add_format
from cotpress.traces.messages.message_reasoning import mark_reasoning
from cotpress.traces.messages.passages import Passage
from cotpress.traces.messages.replies import extract_replies
from cotpress.traces.messages.reply_text import split_reply
from cotpress.traces.places import parse_json_text, resolve_field
from cotpress.traces.rows import MalformedRowError, RowData, describe_value
from cotpress.traces.think_tags import ThinkTagPairs
from cotpress.types import RowPath

_REPLIES: Final = frozenset((*REPLY_FIELDS, *SOLUTION_FIELDS, "answer", "replie", "text"))  # each also with an s
_REASONINGS: Final = frozenset((*REASONING_FIELDS, "reasonings", "cots", "rationales"))


def _recognise_parallel(sample: RowSample, fields: FieldNames) -> RowSchema | None:
    names = list(dict.fromkeys(name for row in sample for name in row))
    thoughts = [name for name in names if _names_thoughts(name) and any(_is_texts(row.get(name)) for row in sample)]
    if len(thoughts) != 1 or fields.reasoning not in (None, thoughts[0]):
        return None
    thought = thoughts[0]
    replies = [
        name for name in names if name != thought and _names_replies(name) and _is_parallel(sample, name, thought)
    ]
    if len(replies) != 1 or fields.answer not in (None, replies[0]):
        return None
    reply = replies[0]
    question = find_question_field(sample, fields, (thought, reply))

    def extract(data: RowData) -> list[RawTrace]:
        reasonings, texts = _read_texts(data, thought), _read_texts(data, reply)
        if len(reasonings) != len(texts):
            problem = (
                f"'{thought}' has {len(reasonings)} texts, '{reply}' {len(texts)}: none is known to go with another."
            )
            raise MalformedRowError("wrong-type", problem)
        asked = [
            Passage("system", get_system_text(data, question)),
            Passage("user", get_question_text(data, question)),
        ]
        path = resolve_field(data, thought)
        found = [
            _read_pair(one, said, (*path, at), fields.tag_pairs)
            for at, (one, said) in enumerate(zip(reasonings, texts, strict=True))
        ]
        return extract_replies([part for part in asked if part.text or part.role == "user"], found, fields.turns)

    roles = format_roles(question=question, reasonings=thought, replies=reply)
    return RowSchema(extract, roles, frozenset((thought, reply, question or "")), True, question is not None)


def _names_thoughts(name: str) -> bool:
    return (name.lower() in _REASONINGS or names_reasoning(name)) and "step" not in name.lower()


def _names_replies(name: str) -> bool:
    return name.lower() in _REPLIES or name.lower().removesuffix("s") in _REPLIES


def _is_texts(value: Any) -> bool:
    value = parse_json_text(value)
    return isinstance(value, list) and bool(value) and all(isinstance(text, str) for text in value)


def _is_parallel(sample: RowSample, name: str, thought: str) -> bool:
    """Whether each row that has both has a text for each reasoning, and most rows have both."""
    both = [
        (parse_json_text(row.get(name)), parse_json_text(row.get(thought)))
        for row in sample
        if _is_texts(row.get(name)) and _is_texts(row.get(thought))
    ]
    return 2 * len(both) >= len(sample) and all(len(one) == len(other) for one, other in both)


def _read_texts(data: RowData, field: str) -> list[Any]:
    texts = parse_json_text(get_field(data, field))
    if not isinstance(texts, list):
        raise MalformedRowError(
            "wrong-type", f"The field '{field}' must be a list of texts; it holds {describe_value(texts)}."
        )
    return texts


def _read_pair(thought: Any, said: Any, path: RowPath, pairs: ThinkTagPairs) -> list[Passage] | MalformedRowError:
    if not isinstance(thought, str) or not isinstance(said, str):
        return MalformedRowError("wrong-type", "A reasoning or its reply is no text.")
    try:
        marked = mark_reasoning(thought, path, pairs)
        return [marked, *split_reply(drop_repeated(said, marked.text, pairs), (), ())]
    except MalformedRowError as bad:
        return bad


add_format(
    TraceFormat(
        "parallel-samples",
        "several replies to a question in two lists, the reasonings in one and what follows in the other",
        {"question": EXAMPLE_QUESTION, "reasoning": ["2 and 3 make 5."], "response": ["5"]},
        _recognise_parallel,
        rank=33,
    )
)
