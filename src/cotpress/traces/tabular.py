"""Rows with a field for each part: reasoning and reply, or question, solution and answer."""

from __future__ import annotations

from cotpress.traces.asking import ASKED, question_field, question_text, reasoning_flags, several, text_fields
from cotpress.traces.rows import Data
from cotpress.traces.shape import (
    REPLIES,
    SOLUTIONS,
    THOUGHTS,
    Ambiguous,
    Fields,
    Format,
    Raw,
    Sample,
    Shape,
    columns,
    said,
)
from cotpress.traces.text import text_of


def _recognise_thinking(sample: Sample, fields: Fields) -> Shape | None:
    thoughts = columns(sample, THOUGHTS)
    replies = [field for field in columns(sample, REPLIES) if field not in (fields.question, fields.gold)]
    if fields.reasoning:
        thoughts = [field for field in thoughts if field == fields.reasoning]
    if not thoughts or not replies or fields.answer:
        return None
    solutions = [field for field in columns(sample, SOLUTIONS) if field not in replies]
    candidates = [*thoughts, *([] if fields.reasoning else solutions)]
    if len(candidates) > 1:
        raise several("the reasoning", "reasoning", candidates)
    if len(replies) > 1:
        raise several("what follows the reasoning", "answer", replies, f"--reasoning {thoughts[0]} ")
    thought, reply = thoughts[0], replies[0]
    question = question_field(sample, fields, (thought, reply))

    def raw(data: Data) -> Raw:
        return Raw(question_text(data, question), text_of(data, reply), text_of(data, thought))

    roles = said(question=question, reasoning=thought, answer=reply)
    return Shape(raw, roles, frozenset((thought, reply, question or "")), True, question is not None)


def _recognise_columns(sample: Sample, fields: Fields) -> Shape | None:
    reasoning = fields.reasoning or _only_reasoning(sample, fields)
    question = question_field(sample, fields, (reasoning,))

    def raw(data: Data) -> Raw:
        return Raw(question_text(data, question), text_of(data, reasoning))

    used = frozenset((reasoning, question or "", fields.answer or ""))
    return Shape(raw, said(question=question, reasoning=reasoning), used, None, question is not None)


def _only_reasoning(sample: Sample, fields: Fields) -> str:
    named = (fields.question, fields.answer, fields.gold, fields.id)
    known = columns(sample, (*THOUGHTS, *SOLUTIONS))
    alike = [field for field in text_fields(sample) if _sounds_like_reasoning(field) and field not in known]
    found = [field for field in (*known, *alike) if field not in named]
    if not found:
        raise Ambiguous("no field is known to hold reasoning", reasoning_flags(sample, fields))
    if len(found) > 1:
        raise several("the reasoning", "reasoning", found)
    return found[0]


def _sounds_like_reasoning(field: str) -> bool:
    return any(word in field.lower() for word in ("thinking", "reasoning", "rationale", "trajectory"))


THINKING_CONTENT = Format(
    "thinking-content",
    "reasoning and reply in two fields, such as thinking and content",
    {"question": ASKED, "thinking": "2 and 3 make 5.", "content": "The sum is 5."},
    _recognise_thinking,
)
COLUMNS = Format(
    "columns",
    "a field each for question, reasoning and gold answer, as LIMO has question, solution, answer",
    {"question": ASKED, "solution": "2 and 3 make \\boxed{5}.", "answer": "5"},
    _recognise_columns,
)
