"""What a budget keeps of a ranked trace."""

from __future__ import annotations

import numpy as np

from cotpress.prune.budget import Budget
from cotpress.prune.layout import kept_spans, rendered
from cotpress.prune.ranking import Ranking
from cotpress.prune.sheet import Ranked
from cotpress.tokens import TokenCounter
from cotpress.types import BoolArray, Compressed, IntArray


def cut_to(ranked: Ranked, budget: Budget) -> Compressed:
    """What one budget keeps of a ranked trace.

    Flags: "over-budget" where protected content alone exceeds the target; "empty" where nothing fits.
    """
    sheet, target = ranked.sheet, budget.target(ranked.ranking)
    chosen = _affordable(ranked.ranking, target, ranked.fill)
    if sheet.counter is None:
        spans, text = _render(ranked, chosen)
        tokens = int(ranked.ranking.costs[chosen].sum())
    else:
        spans, text, tokens = _recounted(ranked, chosen, target, sheet.counter)
    flags = [name for name, raised in (("over-budget", tokens > target), ("empty", not len(spans))) if raised]
    return Compressed(sheet.trace, text, spans, sheet.tokens, tokens, budget.ratio, tuple(flags))


def _affordable(ranking: Ranking, target: int, fill: bool) -> BoolArray:
    """The blocks that fit: the longest prefix of the ranking, protected ones in any case.

    With `fill`, also every later block that still fits, which gives nesting up.
    """
    chosen = np.cumsum(ranking.costs) <= target
    chosen[: ranking.protected] = True
    if fill:
        costs = ranking.costs
        left = target - int(costs[chosen].sum())
        for block in np.flatnonzero(~chosen):
            if costs[block] <= left:
                chosen[block] = True
                left -= int(costs[block])
    return chosen


def _render(ranked: Ranked, chosen: BoolArray) -> tuple[IntArray, str]:
    spans = kept_spans(ranked.layout, ranked.ranking.mask(chosen))
    return spans, rendered(ranked.layout, spans)


def _recounted(ranked: Ranked, chosen: BoolArray, target: int, counter: TokenCounter) -> tuple[IntArray, str, int]:
    """With a tokenizer the shortened text is counted again: at a cut, tokens can fall apart into more.

    What is too much goes from the end of the ranking, as many tokens' worth at a time as are over.
    """
    costs = ranked.ranking.costs
    while True:
        spans, text = _render(ranked, chosen)
        tokens = counter.count([text])[0]
        loose = np.flatnonzero(chosen[ranked.ranking.protected :]) + ranked.ranking.protected
        if tokens <= target or not len(loose):
            return spans, text, tokens
        relief = np.cumsum(costs[loose[::-1]])
        dropped = int(np.searchsorted(relief, tokens - target)) + 1
        chosen[loose[::-1][:dropped]] = False
