"""The rewriter: a compressor that has new text written, checks it, and steers it to its budget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from cotpress.checks import Draft, check_names
from cotpress.errors import CallFailed, OptionError
from cotpress.levels import Level
from cotpress.rewriting.assignment import Assignment, assign, check_domain
from cotpress.rewriting.attempt import REFUSED, Attempt, accepted, attempt, measured
from cotpress.rewriting.in_order import in_order
from cotpress.rewriting.steering import Steering
from cotpress.rewriting.writer import Turn, Writer, Written
from cotpress.tokens import TokenCounter
from cotpress.types import Call, Compressed, Compressor, Rejected, Trace

CALL_FAILED, OFF_BUDGET = "call-failed", "off-budget"
# So many traces are taken in hand ahead of the one whose outcome is due, for each call that may be under way:
# a slow answer then holds up nobody, and memory stays bounded.
AHEAD = 4


@dataclass(frozen=True, eq=False)
class Rewriter:
    """A compressor made of a level, a writer, a keep ratio for each trace, and how both are held to it.

    `ratio_of` gives a trace's target, None for no budget; `concurrency` is how many drafts may be under way;
    `pruner` serves the fallback "prune".

    Raises:
        OptionError: on construction, for a level that names unknown checks, or a fallback without what it needs.
    """

    level: Level
    writer: Writer
    ratio_of: Callable[[Trace], float | None]
    steering: Steering = field(default_factory=Steering)
    counter: TokenCounter | None = None
    domain: str = "auto"
    concurrency: int = 8
    pruner: Compressor | None = None

    def __post_init__(self) -> None:
        check_domain(self.domain)
        check_names(self.level)
        if self.concurrency < 1:
            raise OptionError(f"concurrency is {self.concurrency}.", "Give 1 or more.")
        if self.steering.fallback == "prune" and self.pruner is None:
            raise OptionError("The fallback 'prune' needs a budget.", "Give --keep RATIO, or another fallback.")

    def compress(self, traces: Iterable[Trace | Rejected]) -> Iterator[Compressed | Rejected]:
        """One outcome a trace, in the order given; rejections stay where they stand.

        The traces are read as they are needed.
        """
        return in_order(traces, self._outcome, self.writer, AHEAD * self.concurrency)

    async def _outcome(self, row: Trace | Rejected) -> Compressed | Rejected:
        return row if isinstance(row, Rejected) else await self.rewrite(row)

    async def rewrite(self, trace: Trace) -> Compressed | Rejected:
        """The outcome of one trace.

        Raises:
            ModelError: no trace would get an answer.
            LimitReached: no more may be spent.
        """
        ratio = self.ratio_of(trace)
        assignment = assign(trace, self.level, domain=self.domain, ratio=ratio, counter=self.counter)
        attempts: list[Attempt] = []
        turns: list[Turn] = []
        while len(attempts) < self.steering.tries:
            try:
                one = await self._attempt(assignment, turns)
            except CallFailed as error:
                return Rejected(CALL_FAILED, str(error), id=trace.id, calls=_calls(attempts))
            attempts.append(one)
            near = self.steering.near(one.ratio, assignment.ratio)
            if near and not one.failed:
                return accepted(one, assignment.ratio, (), _calls(attempts))
            if one.verdict == REFUSED or any(turn.text == one.draft.text for turn in turns):
                break  # asking again would bring the same
            turns.append(one.turn(off_budget=not near))
        return self._settled(assignment, attempts)

    async def _attempt(self, assignment: Assignment, turns: Sequence[Turn]) -> Attempt:
        written = await self.writer.write(assignment, turns)
        one = attempt(assignment, written, self.counter)
        self.writer.judge(written, one.verdict)
        return one

    def _settled(self, assignment: Assignment, attempts: Sequence[Attempt]) -> Compressed | Rejected:
        """What becomes of a trace of which no draft was near enough."""
        trace, target, calls = assignment.trace, assignment.ratio, _calls(attempts)
        passed = [one for one in attempts if not one.failed]
        if passed and self.steering.fallback == "best":
            best = min(passed, key=lambda one: abs(one.ratio - (target or 0.0)))
            return accepted(best, target, (OFF_BUDGET,), calls)
        verdict = OFF_BUDGET if passed else attempts[-1].verdict
        if self.steering.fallback == "keep-original":
            kept = attempt(assignment, Written(trace.reasoning), self.counter)
            return accepted(kept, target, ("kept-original", verdict), calls)
        if self.steering.fallback == "prune" and self.pruner is not None:
            [pruned] = self.pruner.compress([trace])
            if isinstance(pruned, Rejected):
                return replace(pruned, calls=calls)
            draft = Draft(trace, pruned.text, self.level, assignment.domain, cut=assignment.cut)
            flags = ("pruned", verdict, *pruned.flags)
            return replace(pruned, flags=flags, measures=measured(draft), calls=calls)
        return Rejected(verdict, _why(passed[-1] if passed else attempts[-1], attempts), id=trace.id, calls=calls)


def _calls(attempts: Sequence[Attempt]) -> tuple[Call, ...]:
    return tuple(replace(one.written.call, verdict=one.verdict) for one in attempts if one.written.call)


def _why(one: Attempt, attempts: Sequence[Attempt]) -> str:
    """What was wrong with a draft, and how many there were."""
    faults = " ".join(verdict.reason for verdict in one.failed)
    if not faults:
        faults = (
            f"The realized ratio of the draft that passed every check, {one.ratio:.2f}, is too far from the target."
        )
    return faults if len(attempts) == 1 else f"{faults} ({len(attempts)} drafts were tried.)"
