"""The pruner: a compressor that keeps the most important steps or units of a trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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

ScoredRanking = tuple[RankedTrace, Sequence[Signals]]
"""A ranked trace, and what each source says of it: finer pieces of it may have to be ranked again."""


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
        ranked = self._rank_traces(traces)
        if self.by_row:
            pairs = zip(traces, ranked, strict=True)
            for _, turns in groupby(pairs, key=lambda pair: get_row(pair[0])):
                yield from self._prune_row([turn for _, turn in turns])
            return
        for trace in ranked:
            yield trace if isinstance(trace, Rejected) else self._prune(*trace)

    def rank(self, traces: Sequence[Trace]) -> Iterator[RankedTrace | Rejected]:
        """The traces ranked, before any budget; a rejection for one that could not be scored."""
        return (trace if isinstance(trace, Rejected) else trace[0] for trace in self._rank_traces(traces))

    def _rank_traces(self, traces: Sequence[Trace]) -> Iterator[ScoredRanking | Rejected]:
        for trace, signals in zip(traces, self.score(traces), strict=True):
            if isinstance(signals, Rejected):
                yield signals
            else:
                yield rank_trace(prepare_trace(trace, self.method.steps, self.counter), self.method, signals), signals

    def _prune(self, ranked: RankedTrace, signals: Sequence[Signals]) -> Compressed:
        return prune_trace(ranked, self.method, signals, self.budget_of(ranked.prepared.trace), self.shortfall)

    def _prune_row(self, turns: Sequence[ScoredRanking | Rejected]) -> Iterator[Compressed | Rejected]:
        """The turns of a row, which share the budget of the first that could be scored."""
        scored = [turn for turn in turns if not isinstance(turn, Rejected)]
        outcomes = self._share_budget(scored)
        for turn in turns:
            yield turn if isinstance(turn, Rejected) else next(outcomes)

    def _share_budget(self, turns: Sequence[ScoredRanking]) -> Iterator[Compressed]:
        if len(turns) == 1:
            yield self._prune(*turns[0])
            return
        budget = self.budget_of(turns[0][0].prepared.trace)
        shares = share_budget([ranked.ranking for ranked, _ in turns], budget, self.allow_empty)
        for (ranked, signals), share in zip(turns, shares, strict=True):
            outcome = prune_trace(ranked, self.method, signals, share.budget, ACCEPT)
            flags = (*outcome.flags, OVER_BUDGET) if share.exceeds else outcome.flags
            yield replace(outcome, flags=tuple(dict.fromkeys(flags)))
