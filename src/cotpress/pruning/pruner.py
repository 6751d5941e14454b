"""The pruner: a compressor that keeps the most important steps or units of a trace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from cotpress.pruning.block_selection import OVER_BUDGET
from cotpress.pruning.budget import Budget
from cotpress.pruning.method import Method
from cotpress.pruning.shared_budget import get_row, share_budget
from cotpress.pruning.shortfall import ACCEPT, prune_trace
from cotpress.pruning.trace_ranking import RankedTrace, prepare_trace, rank_trace
from cotpress.token_counting import TokenCounter
from cotpress.types import Compressed, Rejected, Signals, Trace

SignalScorer = Callable[[Sequence[Trace]], Sequence[Sequence[Signals] | Rejected]]
"""Gives what each source says of each trace: [traces][sources]; a `Rejected` for a trace that could not be scored."""

ScoredTrace = tuple[Trace, Sequence[Signals]]


def skip_scoring(traces: Sequence[Trace]) -> list[tuple[Signals, ...]]:
    """The scorer of criteria that read no signal.

    >>> skip_scoring([])
    []
    """
    return [()] * len(traces)


@dataclass(frozen=True, eq=False)
class Pruner:
    """A compressor made of a method, a budget for each trace, and a source of signals.

    `budget_of` gives a trace its budget (one for all, or several mixed); `score` gives the
    signals of every source, nothing where the criterion reads none; `shortfall` says what becomes of a trace whose
    whole steps miss its budget, a name of SHORTFALL_POLICIES. With `by_row` the traces of one row, such as the turns of
    a conversation, share the budget of the first, in whole steps; they must come one after the other, and in one call.
    `allow_empty` says whether one of them may then lose all.
    """

    method: Method
    budget_of: Callable[[Trace], Budget]
    score: SignalScorer = skip_scoring
    counter: TokenCounter | None = None
    shortfall: str = ACCEPT
    by_row: bool = False
    allow_empty: bool = False

    def compress(self, traces: Sequence[Trace]) -> Iterator[Compressed | Rejected]:
        """One outcome a trace, in the order given. Scores all of `traces` together."""
        scored = self.score(traces)
        outcomes = self._compress_scored(_select_scored(traces, scored))
        for said in scored:
            yield said if isinstance(said, Rejected) else next(outcomes)

    def _compress_scored(self, scored: Iterable[ScoredTrace]) -> Iterator[Compressed]:
        if self.by_row:
            yield from self._compress_rows(scored)
            return
        for ranked, signals in self._rank_scored(scored):
            budget = self.budget_of(ranked.prepared.trace)
            yield prune_trace(ranked, self.method, signals, budget, self.shortfall)

    def _compress_rows(self, scored: Iterable[ScoredTrace]) -> Iterator[Compressed]:
        for _, group in groupby(self._rank_scored(scored), key=lambda pair: get_row(pair[0].prepared.trace)):
            turns = list(group)
            budget = self.budget_of(turns[0][0].prepared.trace)
            if len(turns) == 1:
                yield prune_trace(turns[0][0], self.method, turns[0][1], budget, self.shortfall)
                continue
            shares = share_budget([ranked.ranking for ranked, _ in turns], budget, self.allow_empty)
            for (ranked, signals), share in zip(turns, shares, strict=True):
                outcome = prune_trace(ranked, self.method, signals, share.budget, ACCEPT)
                flags = (*outcome.flags, OVER_BUDGET) if share.exceeds else outcome.flags
                yield replace(outcome, flags=tuple(dict.fromkeys(flags)))

    def rank(self, traces: Sequence[Trace]) -> Iterator[RankedTrace]:
        """The traces ranked, before any budget; without those that could not be scored."""
        return (ranked for ranked, _ in self._rank_scored(_select_scored(traces, self.score(traces))))

    def _rank_scored(self, scored: Iterable[ScoredTrace]) -> Iterator[tuple[RankedTrace, Sequence[Signals]]]:
        for trace, signals in scored:
            yield rank_trace(prepare_trace(trace, self.method.steps, self.counter), self.method, signals), signals


def _select_scored(traces: Sequence[Trace], scored: Sequence[Sequence[Signals] | Rejected]) -> list[ScoredTrace]:
    pairs = zip(traces, scored, strict=True)
    return [(trace, signals) for trace, signals in pairs if not isinstance(signals, Rejected)]
