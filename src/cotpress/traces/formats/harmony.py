"""A column of harmony text: system, user, analysis, calls and final reply in one."""

from __future__ import annotations

from cotpress.traces.extraction import get_text
from cotpress.traces.fields.field_detection import find_question_field, get_question_text, get_system_text
from cotpress.traces.format_definition import (
    FieldNames,
    RawTrace,
    RowSample,
    RowSchema,
    TraceFormat,
    format_roles,
)
from cotpress.traces.format_registry import add_format
from cotpress.traces.messages.harmony_text import is_harmony, parse_harmony
from cotpress.traces.messages.passages import Passage, extract_traces
from cotpress.traces.rows import RowData


def _recognise_harmony(sample: RowSample, fields: FieldNames) -> RowSchema | None:
    names = dict.fromkeys(name for row in sample for name in row)
    columns = [name for name in names if _is_whole_conversation(sample, name)]
    if fields.reasoning:
        columns = [name for name in columns if name == fields.reasoning]
    if not columns:
        return _recognise_replies(sample, fields)
    field = columns[0]

    def extract(data: RowData) -> list[RawTrace]:
        return extract_traces(parse_harmony(get_text(data, field), (field,)), fields.turns)

    return RowSchema(extract, format_roles(turns=field), frozenset((field,)))


def _recognise_replies(sample: RowSample, fields: FieldNames) -> RowSchema | None:
    """Replies in harmony in a column of any name, beside a column that asks."""
    names = dict.fromkeys(name for row in sample for name in row if name != "completion")  # prompt-completion has it
    columns = [name for name in names if 2 * sum(is_harmony(str(row.get(name))) for row in sample) >= len(sample)]
    columns = [name for name in columns if fields.reasoning in (None, name)]
    if len(columns) != 1 or fields.answer:
        return None
    field = columns[0]
    question = find_question_field(sample, fields, (field,))
    if question is None:
        return None

    def extract(data: RowData) -> list[RawTrace]:
        asked = [
            Passage("system", get_system_text(data, question)),
            Passage("user", get_question_text(data, question)),
        ]
        said = parse_harmony(get_text(data, field), (field,))
        numbered = (passage._replace(message=passage.message + len(asked)) for passage in said)
        return extract_traces([*(passage for passage in asked if passage.text), *numbered], fields.turns)

    roles = format_roles(question=question, turns=field)
    return RowSchema(extract, roles, frozenset((field, question)))


def _is_whole_conversation(sample: RowSample, field: str) -> bool:
    texts = [text for row in sample if isinstance(text := row.get(field), str)]
    whole = sum(is_harmony(text) and "<|start|>user" in text and "assistant" in text for text in texts)
    return 2 * whole >= len(sample) > 0


add_format(
    TraceFormat(
        "harmony",
        "harmony text of gpt-oss: reasoning in the channel analysis",
        {
            "text": "<|start|>user<|message|>What is 2 + 3?<|end|>"
            "<|start|>assistant<|channel|>analysis<|message|>2 and 3 make 5.<|end|>"
            "<|start|>assistant<|channel|>final<|message|>5<|return|>"
        },
        _recognise_harmony,
        rank=12,
    )
)
