"""A draft, measured and checked."""

from __future__ import annotations

from dataclasses import dataclass

from cotpress.rewriting.checks import (
    CheckFailure,
    Draft,
    measure_faithfulness,
    measure_restructuring_of_segmentations,
    run_checks,
)
from cotpress.rewriting.task import RewriteTask
from cotpress.rewriting.writer import Feedback, WriterReply
from cotpress.token_counting import TokenCounter
from cotpress.types import Compressed, ModelCall

REFUSED = "refused"


@dataclass(frozen=True)
class RewriteAttempt:
    """A draft with its length and the checks that it failed."""

    draft: Draft
    reply: WriterReply
    tokens: int
    tokens_original: int
    failures: tuple[CheckFailure, ...]

    @property
    def ratio(self) -> float:
        """The draft's tokens per token of the original."""
        return self.tokens / self.tokens_original

    @property
    def verdict(self) -> str:
        """ "ok", or the code of the first check that it failed."""
        return self.failures[0].check if self.failures else "ok"

    def to_feedback(self, off_budget: bool) -> Feedback:
        """What the writer needs to know about this draft to write a better one."""
        faults = [failure.reason for failure in self.failures]
        if self.ratio > 1:
            faults.append("It is longer than the original.")
        return Feedback(self.reply.text, tuple(faults), self.ratio, off_budget)


def assess_draft(task: RewriteTask, reply: WriterReply, counter: TokenCounter | None) -> RewriteAttempt:
    """Measure and check a draft."""
    draft = Draft(task.trace, reply.text, task.level, task.domain, reply.finish, task.segmentation)
    if reply.finish == REFUSED:
        failures: tuple[CheckFailure, ...] = (CheckFailure(REFUSED, "The endpoint refused to answer."),)
    else:
        failures = run_checks(draft)
    return RewriteAttempt(draft, reply, *_count_tokens(draft, counter), failures)


def _count_tokens(draft: Draft, counter: TokenCounter | None) -> tuple[int, int]:
    if counter is None:
        return len(draft.rewritten.kinds), len(draft.original.kinds)
    rewritten, original = counter.count([draft.text, draft.trace.reasoning])
    return rewritten, max(original, 1)


def measure_draft(draft: Draft) -> dict[str, float]:
    """Two figures of a rewrite: how much it restructures, and which share of its numbers occurs in the trace."""
    return {
        "restructuring": measure_restructuring_of_segmentations(draft.original, draft.rewritten),
        "faithfulness": measure_faithfulness(draft),
    }


def build_compressed(
    attempt: RewriteAttempt, target: float | None, flags: tuple[str, ...], calls: tuple[ModelCall, ...]
) -> Compressed:
    """The attempt as an outcome, with what was measured of it."""
    draft = attempt.draft
    return Compressed(
        trace=draft.trace,
        text=draft.text,
        kept_spans=None,
        tokens_original=attempt.tokens_original,
        tokens_kept=attempt.tokens,
        target_ratio=target,
        flags=(*flags, *attempt.reply.flags),
        measures=measure_draft(draft),
        calls=calls,
    )
