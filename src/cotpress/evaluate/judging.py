"""From replies and grades to rows: outcome classes, lengths and reflective steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from cotpress.answers import statement_span
from cotpress.chat import LENGTH, Reply
from cotpress.errors import CallFailed
from cotpress.evaluate.row import Row
from cotpress.evaluate.student import Student
from cotpress.grading import Attempt, Grade, Grader
from cotpress.markers import is_reflective
from cotpress.segment import segment

if TYPE_CHECKING:
    from cotpress.benchmarks import Item

THINK, END_OF_THINK = "<think>", "</think>"


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back for one sample of one problem."""

    benchmark: str
    item: Item
    sample: int
    reply: Reply | CallFailed


def judge(answered: Sequence[Answered], grader: Grader, student: Student) -> list[Row]:
    """One row each, in the order given."""
    written = [(one.item, one.reply) for one in answered if isinstance(one.reply, Reply)]
    grades = iter(grader.grade([Attempt(reply.text, item.gold, item.kind, item.options) for item, reply in written]))
    # A local model knows how many tokens it wrote, the one that ended it included; others count what they can.
    whole = [reply.completion_tokens for _, reply in written] if student.local else None
    generated = iter(whole or student.count([reply.text for _, reply in written]))
    reasoning = iter(student.count([reasoning_of(reply.text) for _, reply in written]))
    return [
        _row(one, one.reply, next(grades), (next(generated), next(reasoning)))
        if isinstance(one.reply, Reply)
        else _failed(one, one.reply)
        for one in answered
    ]


def reasoning_of(text: str) -> str:
    """The reasoning in a reply: what stands before the last end of thinking, where there is one; else all of
    it without the statement of the final answer."""
    thought, end, _ = text.rpartition(END_OF_THINK)
    if end:
        return thought.removeprefix(THINK)
    span = statement_span(text)
    return text if span is None else text[: span[0]] + text[span[1] :]


def _row(one: Answered, reply: Reply, grade: Grade, lengths: tuple[int, int]) -> Row:
    steps = _steps(reply.text)
    return Row(
        benchmark=one.benchmark,
        id=one.item.id,
        sample=one.sample,
        prompt=one.item.prompt,
        gold=one.item.gold,
        text=reply.text,
        answer=grade.answer,
        outcome="truncated" if reply.finish == LENGTH else grade.outcome,
        finish=reply.finish,
        prompt_tokens=reply.prompt_tokens,
        completion_tokens=reply.completion_tokens,
        generated_tokens=lengths[0],
        reasoning_tokens=lengths[1],
        steps=len(steps),
        reflective_steps=sum(map(is_reflective, steps)),
        seconds=reply.seconds,
    )


def _failed(one: Answered, error: CallFailed) -> Row:
    item = one.item
    start = (one.benchmark, item.id, one.sample, item.prompt, item.gold)
    return Row(*start, "", "", "failed", "", 0, 0, 0, 0, 0, 0, 0.0, error.message)


def _steps(text: str) -> list[str]:
    bounds = segment(text).steps
    return [text[start:end] for start, end in pairwise(bounds)]
