"""A column of harmony text: system, user, analysis, calls and final reply in one."""

from __future__ import annotations

from cotpress.traces.extraction import get_text
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
from cotpress.traces.messages.passages import extract_traces
from cotpress.traces.rows import RowData


def _recognise_harmony(sample: RowSample, fields: FieldNames) -> RowSchema | None:
    names = dict.fromkeys(name for row in sample for name in row)
    columns = [name for name in names if _is_whole_conversation(sample, name)]
    if fields.reasoning:
        columns = [name for name in columns if name == fields.reasoning]
    if not columns:
        return None
    field = columns[0]

    def extract(data: RowData) -> list[RawTrace]:
        return extract_traces(parse_harmony(get_text(data, field), (field,)), fields.turns)

    return RowSchema(extract, format_roles(turns=field), frozenset((field,)))


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
