"""A column of conversations that a chat template has rendered to text."""

from __future__ import annotations

from cotpress.traces.extraction import get_text
from cotpress.traces.fields.field_detection import find_reasoning_columns, find_tagged_fields
from cotpress.traces.format_definition import (
    FieldNames,
    RawTrace,
    RowSample,
    RowSchema,
    TraceFormat,
    format_roles,
)
from cotpress.traces.format_registry import add_format
from cotpress.traces.messages.passages import extract_traces
from cotpress.traces.messages.rendered_chats import find_style, parse_rendered_chat
from cotpress.traces.rows import MalformedRowError, RowData


def _recognise_rendered(sample: RowSample, fields: FieldNames) -> RowSchema | None:
    columns = [name for name in dict.fromkeys(key for row in sample for key in row) if _is_rendered(sample, name)]
    if fields.reasoning:
        columns = [name for name in columns if name == fields.reasoning]
    if not columns or fields.answer:
        return None
    field = columns[0]
    if find_reasoning_columns(sample, fields) and field not in find_tagged_fields(sample, fields):
        return None  # the reasoning stands apart

    def extract(data: RowData) -> list[RawTrace]:
        text = get_text(data, field)
        style = find_style(text)
        if style is None:
            raise MalformedRowError("missing-field", f"No chat template has marked turns in the field '{field}'.")
        return extract_traces(parse_rendered_chat(text, style, (field,), fields.tag_pairs), fields.turns)

    return RowSchema(extract, format_roles(turns=field), frozenset((field,)))


def _is_rendered(sample: RowSample, field: str) -> bool:
    texts = [text for row in sample if isinstance(text := row.get(field), str)]
    return 2 * sum(find_style(text) is not None for text in texts) >= len(sample) > 0


add_format(
    TraceFormat(
        "rendered",
        "conversations that a chat template has rendered to one text: ChatML, Llama, DeepSeek, Gemma, Mistral",
        {
            "text": "<|im_start|>user\nWhat is 2 + 3?<|im_end|>\n"
            "<|im_start|>assistant\n<think>\n2 and 3 make 5.\n</think>\n\n5<|im_end|>\n"
        },
        _recognise_rendered,
        rank=34,
    )
)
