"""One draft, measured and checked."""

from __future__ import annotations

from dataclasses import dataclass

from cotpress.checks import Draft, Verdict, examine, faithfulness, restructuring_of
from cotpress.rewriting.assignment import Assignment
from cotpress.rewriting.writer import Turn, Written
from cotpress.tokens import TokenCounter
from cotpress.types import Call, Compressed

REFUSED = "refused"


@dataclass(frozen=True)
class Attempt:
    """A draft with its length and the checks that it failed."""

    draft: Draft
    written: Written
    tokens: int
    tokens_original: int
    failed: tuple[Verdict, ...]

    @property
    def ratio(self) -> float:
        """Its realized ratio."""
        return self.tokens / self.tokens_original

    @property
    def verdict(self) -> str:
        """ "ok", or the code of the first check that it failed."""
        return self.failed[0].check if self.failed else "ok"

    def turn(self, off_budget: bool) -> Turn:
        """What the writer is told of it."""
        return Turn(self.written.text, tuple(one.reason for one in self.failed), self.ratio, off_budget)


def attempt(assignment: Assignment, written: Written, counter: TokenCounter | None) -> Attempt:
    """Measure and check a draft."""
    draft = Draft(assignment.trace, written.text, assignment.level, assignment.domain, written.finish, assignment.cut)
    if written.finish == REFUSED:
        failed: tuple[Verdict, ...] = (Verdict(REFUSED, "The endpoint refused to answer."),)
    else:
        failed = examine(draft)
    return Attempt(draft, written, *_tokens(draft, counter), failed)


def _tokens(draft: Draft, counter: TokenCounter | None) -> tuple[int, int]:
    if counter is None:
        return len(draft.rewritten.kinds), len(draft.original.kinds)
    rewritten, original = counter.count([draft.text, draft.trace.reasoning])
    return rewritten, max(original, 1)


def measured(draft: Draft) -> dict[str, float]:
    """The figures of a rewrite: how much it restructures, and how many of its numbers the trace bears out."""
    return {"restructuring": restructuring_of(draft.original, draft.rewritten), "faithfulness": faithfulness(draft)}


def accepted(one: Attempt, target: float | None, flags: tuple[str, ...], calls: tuple[Call, ...]) -> Compressed:
    """The attempt as an outcome, with what was measured of it."""
    draft = one.draft
    return Compressed(
        trace=draft.trace,
        text=draft.text,
        kept_spans=None,
        tokens_original=one.tokens_original,
        tokens_kept=one.tokens,
        target_ratio=target,
        flags=flags,
        measures=measured(draft),
        calls=calls,
    )
