"""The pruner: a compressor that keeps the most important steps or units of a trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cotpress.prune.budget import Budget
from cotpress.prune.fit import cut_to
from cotpress.prune.method import Method
from cotpress.prune.sheet import Ranked, prepare, rank_sheet
from cotpress.tokens import TokenCounter
from cotpress.types import Compressed, Signals, Trace

Scorer = Callable[[Sequence[Trace]], Sequence[Signals | None]]


def no_signals(traces: Sequence[Trace]) -> list[Signals | None]:
    """The scorer of criteria that read no signal."""
    return [None] * len(traces)


@dataclass(frozen=True, eq=False)
class Pruner:
    """A compressor made of a method, a budget for each trace, and a source of signals.

    `budget_of` gives a trace its budget (one for all, or several mixed); `score` gives signals, None
    where the criterion reads none.
    """

    method: Method
    budget_of: Callable[[Trace], Budget]
    score: Scorer = no_signals
    counter: TokenCounter | None = None

    def compress(self, traces: Sequence[Trace]) -> Iterator[Compressed]:
        """One outcome a trace, in the order given. Scores all of `traces` together."""
        for ranked in self.rank(traces):
            yield cut_to(ranked, self.budget_of(ranked.sheet.trace))

    def rank(self, traces: Sequence[Trace]) -> Iterator[Ranked]:
        """The traces ranked, before any budget."""
        for trace, signals in zip(traces, self.score(traces), strict=True):
            yield rank_sheet(prepare(trace, self.method.steps, self.counter), self.method, signals)
