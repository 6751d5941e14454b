"""Rows with the fields of a `Trace`, as `cotpress world sample` writes them."""

from __future__ import annotations

from cotpress.traces.asking import ASKED
from cotpress.traces.rows import Data
from cotpress.traces.shape import Fields, Format, Raw, Sample, Shape, holds, said
from cotpress.traces.text import scalar_of, text_of

_PARTS = ("question", "reasoning", "answer", "gold")


def _recognise(sample: Sample, fields: Fields) -> Shape | None:
    if any(fields.named().values()) or not all(holds(sample, part, str) for part in _PARTS):
        return None

    def raw(data: Data) -> Raw:
        gold = None if data.get("tagged") else scalar_of(data, "gold")
        return Raw(text_of(data, "question"), text_of(data, "answer"), text_of(data, "reasoning"), gold)

    return Shape(raw, said(question="question", reasoning="reasoning", answer="answer"), frozenset(_PARTS[:3]))


TRACE = Format(
    "trace",
    "the fields of a trace: question, reasoning, answer, gold",
    {"question": ASKED, "reasoning": "2 and 3 make 5.", "answer": "The answer is 5.", "gold": "5"},
    _recognise,
)
