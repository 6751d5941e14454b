"""Rows with the fields of a `Trace`, as `cotpress world` and Python callers write them."""

from __future__ import annotations

from cotpress.traces.extraction import get_scalar, get_text, locate_text
from cotpress.traces.fields.field_detection import EXAMPLE_QUESTION
from cotpress.traces.format_definition import (
    FieldNames,
    RawTrace,
    RowSample,
    RowSchema,
    TraceFormat,
    format_roles,
    is_mostly,
)
from cotpress.traces.format_registry import add_format
from cotpress.traces.rows import RowData

_TRACE_FIELDS = ("question", "reasoning", "answer", "gold")


def _recognise_trace(sample: RowSample, fields: FieldNames) -> RowSchema | None:
    if any(fields.to_flags().values()) or not all(is_mostly(sample, part, str) for part in _TRACE_FIELDS):
        return None

    def raw(data: RowData) -> RawTrace:
        gold = None if data.get("tagged") else get_scalar(data, "gold")
        question, answer, place = get_text(data, "question"), get_text(data, "answer"), locate_text(data, "reasoning")
        return RawTrace(question, answer, get_text(data, "reasoning"), gold, places=(place,))

    return RowSchema(
        raw, format_roles(question="question", reasoning="reasoning", answer="answer"), frozenset(_TRACE_FIELDS[:3])
    )


add_format(
    TraceFormat(
        "trace",
        "the fields of a trace: question, reasoning, answer, gold",
        {"question": EXAMPLE_QUESTION, "reasoning": "2 and 3 make 5.", "answer": "The answer is 5.", "gold": "5"},
        _recognise_trace,
        rank=10,
    )
)
