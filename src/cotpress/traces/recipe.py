"""How the rows of one file become traces: its shape, the gold answer's field, the id's field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cotpress.traces.rows import Data, Malformed
from cotpress.traces.shape import GOLDS, Fields, Raw, Sample, Shape, columns
from cotpress.traces.text import (
    check_finished,
    has_tags,
    optional_text,
    scalar_of,
    split_hash,
    split_stated,
    split_think,
    text_of,
)
from cotpress.types import Trace


@dataclass(frozen=True, slots=True)
class Recipe:
    """Row -> trace for one file. `thinks`: a row without reasoning of its own or think tags is refused."""

    shape: Shape
    fields: Fields
    thinks: bool
    gold: str | None
    row_id: Callable[[Data, int], str]

    def trace(self, data: Data, line: int) -> Trace:
        """The trace in a row.

        Raises:
            Malformed: there is none, and why.
        """
        check_finished(data)
        raw = self.shape.raw(data)
        reasoning, answer, tagged = _parted(raw, self.thinks)
        reasoning = reasoning.strip()
        if not reasoning:
            raise Malformed("empty-reasoning", "The reasoning is empty.")
        question = text_of(data, self.fields.question) if self.fields.question else raw.question
        if self.shape.has_question and not question.strip():
            raise Malformed("empty-question", "The question is empty.")
        return Trace(
            self.row_id(data, line),
            question,
            reasoning,
            text_of(data, self.fields.answer) if self.fields.answer else answer,
            scalar_of(data, self.gold) if self.gold else raw.gold,
            raw.system or optional_text(data, "system") or optional_text(data, "system_prompt") or "",
            optional_text(data, "domain"),
            optional_text(data, "regime"),
            tagged or self.fields.answer is not None,
        )


def recipe(sample: Sample, shape: Shape, fields: Fields, row_id: Callable[[Data, int], str]) -> Recipe:
    """The recipe for rows like these."""
    thinks = shape.thinks if shape.thinks is not None else _most_think(sample, shape)
    return Recipe(shape, fields, thinks, gold_field(sample, shape, fields), row_id)


def gold_field(sample: Sample, shape: Shape, fields: Fields) -> str | None:
    """The field of the gold answer: the one named, else the best known name that holds text or numbers."""
    if fields.gold:
        return fields.gold
    taken = {*shape.used, *fields.named().values()}
    found = columns(sample, GOLDS, (str, int, float))
    return next((field for field in found if field not in taken), None)


def _most_think(sample: Sample, shape: Shape) -> bool:
    """Whether at least half of the rows mark their reasoning; then the others are not reasoning as a whole."""
    thinking = 0
    for data in sample:
        try:
            raw = shape.raw(data)
        except Malformed:
            continue
        thinking += has_tags(raw.text) or bool(raw.reasoning)
    return bool(sample) and 2 * thinking >= len(sample)


def _parted(raw: Raw, thinks: bool) -> tuple[str, str, bool]:
    """(reasoning, the text after it, whether the source keeps them apart) of a row."""
    if raw.reasoning is not None and (thinks or raw.reasoning.strip()):
        return _apart(raw.reasoning, raw.text) if raw.gold is None else (raw.reasoning, raw.text, False)
    parts = split_think(raw.text)
    if parts is not None:
        return (*parts, True)
    if thinks:
        detail = "There is no reasoning apart and no <think> tag, as most rows of this file have."
        raise Malformed("missing-think", detail)
    return (*_last_line_apart(raw.text), False)


def _last_line_apart(text: str) -> tuple[str, str]:
    """(reasoning, answer) of text whose last line states the answer and nothing else, as exports write it."""
    ending = split_hash(text) or split_stated(text)
    alone = ending and ending[0] and text.rstrip().rpartition("\n")[2].strip() == ending[1].strip()
    return (ending[0], ending[1]) if ending and alone else (text, "")


def _apart(reasoning: str, text: str) -> tuple[str, str, bool]:
    """Reasoning with a field of its own. Think tags there are taken off; in the text they may only repeat it."""
    inner, again = split_think(reasoning), split_think(text)
    inside, after = inner or (reasoning, "")
    if again is not None and again[0].strip() not in ("", inside.strip()):
        raise Malformed("repeated-think", "The reasoning is given apart, and another one in think tags as well.")
    reply = again[1] if again is not None else text
    return inside, reply if after == reply.strip() else "\n\n".join(filter(None, (after, reply))), True
