"""The rewriter: a compressor that has new text written, checks it, and asks again until it fits the budget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from cotpress.errors import ModelCallError, OptionError
from cotpress.rewriting.attempt import REFUSED, RewriteAttempt, assess_draft, build_compressed, measure_draft
from cotpress.rewriting.checks import Draft, validate_check_names
from cotpress.rewriting.concurrency import map_in_order
from cotpress.rewriting.levels import Level
from cotpress.rewriting.policy import RewritePolicy
from cotpress.rewriting.task import RewriteTask, check_domain, make_rewrite_task
from cotpress.rewriting.writer import Feedback, Writer, WriterReply
from cotpress.token_counting import TokenCounter
from cotpress.types import Compressed, Compressor, ModelCall, Rejected, Trace

CALL_FAILED, OFF_BUDGET, LONGER = "call-failed", "off-budget", "longer-than-original"
# For each call that may be under way, so many traces are begun before the outcome of the first is there. A slow
# answer then delays no other trace, and memory stays bounded.
LOOKAHEAD_PER_CALL = 4


@dataclass(frozen=True, eq=False)
class Rewriter:
    """A compressor made of a level, a writer and a policy.

    Args:
        level: what the writer may change.
        writer: writes the drafts.
        ratio_of: gives the keep ratio of a trace, None for no budget.
        policy: how often the writer is asked and what it is told, and what happens when no draft is good enough.
        counter: counts tokens; None for units.
        domain: "math" or "general"; "auto" for that of each trace.
        concurrency: how many drafts may be under way at once.
        pruner: shortens a trace where the fallback is "prune".

    Raises:
        OptionError: on construction, for a level that names unknown checks, or a fallback without what it needs.
    """

    level: Level
    writer: Writer
    ratio_of: Callable[[Trace], float | None]
    policy: RewritePolicy = field(default_factory=RewritePolicy)
    counter: TokenCounter | None = None
    domain: str = "auto"
    concurrency: int = 8
    pruner: Compressor | None = None

    def __post_init__(self) -> None:
        check_domain(self.domain)
        validate_check_names(self.level)
        if self.concurrency < 1:
            raise OptionError(f"concurrency is {self.concurrency}.", "Give 1 or more.")
        if self.policy.fallback == "prune" and self.pruner is None:
            raise OptionError("The fallback 'prune' needs a budget.", "Give --keep RATIO, or another fallback.")

    def compress(self, traces: Iterable[Trace | Rejected]) -> Iterator[Compressed | Rejected]:
        """One outcome a trace, in the order given; rejections stay where they stand.

        The traces are read as they are needed.
        """
        return map_in_order(traces, self._rewrite_row, self.writer, LOOKAHEAD_PER_CALL * self.concurrency)

    async def _rewrite_row(self, row: Trace | Rejected) -> Compressed | Rejected:
        if isinstance(row, Rejected):
            return row
        outcome = await self.rewrite(row)
        return outcome.of_trace(row) if isinstance(outcome, Rejected) else outcome

    async def rewrite(self, trace: Trace) -> Compressed | Rejected:
        """The outcome of one trace.

        Raises:
            ModelError: the model answers no request at all.
            SpendLimitError: no more may be spent.
        """
        ratio = self.ratio_of(trace)
        task = make_rewrite_task(
            trace, self.level, domain=self.domain, ratio=ratio, counter=self.counter, hint=self.policy.hint
        )
        attempts: list[RewriteAttempt] = []
        earlier: list[Feedback] = []
        while len(attempts) < self.policy.tries:
            try:
                attempt = await self._make_attempt(task, earlier)
            except ModelCallError as error:
                return Rejected(CALL_FAILED, str(error), id=trace.id, calls=_collect_calls(attempts))
            attempts.append(attempt)
            near = attempt.ratio <= 1 and self.policy.is_within_tolerance(attempt.ratio, task.ratio)
            if near and not attempt.failures:
                return build_compressed(attempt, task.ratio, (), _collect_calls(attempts))
            if attempt.verdict == REFUSED or any(feedback.text == attempt.draft.text for feedback in earlier):
                break  # the writer would give the same draft again
            earlier.append(attempt.to_feedback(off_budget=not near))
        return self._apply_fallback(task, attempts)

    async def _make_attempt(self, task: RewriteTask, earlier: Sequence[Feedback]) -> RewriteAttempt:
        reply = await self.writer.write(task, earlier)
        attempt = assess_draft(task, reply, self.counter)
        self.writer.record_verdict(reply, attempt.verdict)
        return attempt

    def _apply_fallback(self, task: RewriteTask, attempts: Sequence[RewriteAttempt]) -> Compressed | Rejected:
        """The outcome of a trace for which no draft was good enough."""
        trace, target, calls = task.trace, task.ratio, _collect_calls(attempts)
        passed = [attempt for attempt in attempts if not attempt.failures]
        longer = passed and all(attempt.ratio > 1 for attempt in passed)
        verdict = LONGER if longer else OFF_BUDGET if passed else attempts[-1].verdict
        if passed and self.policy.fallback == "best":
            best = min(passed, key=lambda attempt: abs(attempt.ratio - (target or 0.0)))
            if best.ratio > 1 or (target is not None and abs(best.ratio - target) > abs(1 - target)):
                return self._keep_original(task, verdict, calls)
            return build_compressed(best, target, (OFF_BUDGET,), calls)
        if self.policy.fallback == "keep-original":
            return self._keep_original(task, verdict, calls)
        if self.policy.fallback == "prune" and self.pruner is not None:
            [pruned] = self.pruner.compress([trace])
            if isinstance(pruned, Rejected):
                return replace(pruned, calls=calls)
            draft = Draft(trace, pruned.text, self.level, task.domain, segmentation=task.segmentation)
            flags = ("pruned", verdict, *pruned.flags)
            return replace(pruned, flags=flags, measures=measure_draft(draft), calls=calls)
        return Rejected(
            verdict, _describe_failure(passed[-1] if passed else attempts[-1], attempts), id=trace.id, calls=calls
        )

    def _keep_original(self, task: RewriteTask, verdict: str, calls: tuple[ModelCall, ...]) -> Compressed:
        kept = assess_draft(task, WriterReply(task.trace.reasoning), self.counter)
        return build_compressed(kept, task.ratio, ("kept-original", verdict), calls)


def _collect_calls(attempts: Sequence[RewriteAttempt]) -> tuple[ModelCall, ...]:
    return tuple(replace(attempt.reply.call, verdict=attempt.verdict) for attempt in attempts if attempt.reply.call)


def _describe_failure(attempt: RewriteAttempt, attempts: Sequence[RewriteAttempt]) -> str:
    """What was wrong with a draft, and how many there were."""
    faults = " ".join(failure.reason for failure in attempt.failures)
    if not faults:
        faults = (
            f"The realized ratio of the draft that passed every check, {attempt.ratio:.2f}, is too far from the target."
        )
    return faults if len(attempts) == 1 else f"{faults} ({len(attempts)} drafts were tried.)"
