"""From replies and grades to rows: outcome classes, lengths and reflective steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from cotpress.answers import find_statement_span
from cotpress.chat import FINISH_LENGTH, ChatReply
from cotpress.errors import ModelCallError
from cotpress.evaluation.grading import Grade, Grader, GradingInput
from cotpress.evaluation.row import EvaluationRow
from cotpress.evaluation.student import ChatStudent
from cotpress.text import segment
from cotpress.text.markers import mark_reflective
from cotpress.types import THINK_TAGS

if TYPE_CHECKING:
    from cotpress.evaluation.benchmarks import BenchmarkItem


@dataclass(frozen=True, slots=True)
class SampleReply:
    """What came back for one sample of one problem."""

    benchmark: str
    item: BenchmarkItem
    sample: int
    reply: ChatReply | ModelCallError


def make_rows(answered: Sequence[SampleReply], grader: Grader, student: ChatStudent) -> list[EvaluationRow]:
    """One row each, in the order given."""
    written = [(sample.item, sample.reply) for sample in answered if isinstance(sample.reply, ChatReply)]
    grades = iter(
        grader.grade([GradingInput(reply.text, item.gold, item.kind, item.options) for item, reply in written])
    )
    # A local model knows how many tokens it wrote, the one that ended it included; others count what they can.
    whole = [reply.completion_tokens for _, reply in written] if student.is_local else None
    generated = iter(whole or student.count_tokens([reply.text for _, reply in written]))
    reasoning = iter(student.count_tokens([extract_reasoning(reply.text) for _, reply in written]))
    return [
        _make_row(sample, sample.reply, next(grades), (next(generated), next(reasoning)))
        if isinstance(sample.reply, ChatReply)
        else _make_failed_row(sample, sample.reply)
        for sample in answered
    ]


def extract_reasoning(text: str) -> str:
    """The reasoning in a reply: what stands before the last end of thinking, where there is one; else all of
    it without the statement of the final answer."""
    thought, end, _ = text.rpartition(THINK_TAGS[1])
    if end:
        return thought.removeprefix(THINK_TAGS[0])
    span = find_statement_span(text)
    return text if span is None else text[: span[0]] + text[span[1] :]


def _make_row(sample: SampleReply, reply: ChatReply, grade: Grade, lengths: tuple[int, int]) -> EvaluationRow:
    steps = _split_steps(reply.text)
    return EvaluationRow(
        benchmark=sample.benchmark,
        id=sample.item.id,
        sample=sample.sample,
        prompt=sample.item.prompt,
        gold=sample.item.gold,
        text=reply.text,
        answer=grade.answer,
        outcome="truncated" if reply.finish == FINISH_LENGTH else grade.outcome,
        finish=reply.finish,
        prompt_tokens=reply.prompt_tokens,
        completion_tokens=reply.completion_tokens,
        generated_tokens=lengths[0],
        reasoning_tokens=lengths[1],
        steps=len(steps),
        reflective_steps=sum(mark_reflective(steps)),
        seconds=reply.seconds,
    )


def _make_failed_row(sample: SampleReply, error: ModelCallError) -> EvaluationRow:
    item = sample.item
    start = (sample.benchmark, item.id, sample.sample, item.prompt, item.gold)
    return EvaluationRow(*start, "", "", "failed", "", 0, 0, 0, 0, 0, 0, 0.0, error.message)


def _split_steps(text: str) -> list[str]:
    bounds = segment(text).steps
    return [text[start:end] for start, end in pairwise(bounds)]
