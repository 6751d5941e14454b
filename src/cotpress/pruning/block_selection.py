"""What a budget keeps of a ranked trace, and the flags that say where it could not be met."""

from __future__ import annotations

from typing import Final

import numpy as np

from cotpress.pruning.budget import Budget
from cotpress.pruning.early_answers import remove_early_statements
from cotpress.pruning.ranking import Ranking
from cotpress.pruning.reassembly import compute_kept_spans, render_spans
from cotpress.pruning.trace_ranking import RankedTrace
from cotpress.token_counting import TokenCounter
from cotpress.types import BoolArray, Compressed, IntArray

OVER_BUDGET: Final = "over-budget"  # a flag: protected content alone is more than the budget


def apply_budget(ranked: RankedTrace, budget: Budget) -> Compressed:
    """What one budget keeps of a ranked trace.

    Where the method drops restatements, steps that state the answer early are removed after that.

    Flags: "over-budget" where protected content alone exceeds the target; "empty" where nothing fits.

    >>> from cotpress import Method, Trace
    >>> from cotpress.pruning import parse_keep_ratio, prepare_trace, rank_trace
    >>> prepared = prepare_trace(Trace('1', '2+3?', 'Two and three.\\n\\n2 + 3 = 5.', '5'))
    >>> apply_budget(rank_trace(prepared, Method('tail', protect=())), parse_keep_ratio(0.7)).text.strip()
    '2 + 3 = 5.'
    """
    prepared, limit = ranked.prepared, budget.compute_limit(ranked.ranking)
    chosen = select_blocks(ranked.ranking, budget.compute_target(ranked.ranking), ranked.fill)
    if prepared.counter is None:
        spans, text = _render(ranked, chosen)
        tokens = int(ranked.ranking.costs[chosen].sum())
    else:
        spans, text, tokens = _drop_until_fits(ranked, chosen, limit, prepared.counter)
    flags = [name for name, raised in ((OVER_BUDGET, tokens > limit), ("empty", not len(spans))) if raised]
    outcome = Compressed(prepared.trace, text, spans, prepared.tokens, tokens, budget.ratio, tuple(flags))
    return remove_early_statements(prepared, outcome) if ranked.drop_restatements else outcome


def select_blocks(ranking: Ranking, target: int, fill: bool) -> BoolArray:
    """The blocks that fit: the longest prefix of the ranking, protected ones in any case.

    With `fill`, also every later block that still fits and whose required blocks are chosen, which gives nesting up.
    """
    chosen = np.cumsum(ranking.costs) <= target
    chosen[: ranking.protected_blocks] = True
    if fill:
        costs = ranking.costs
        left = target - int(costs[chosen].sum())
        needed: dict[int, list[int]] = {}
        for block, other in ranking.requires.tolist():
            needed.setdefault(block, []).append(other)
        for block in np.flatnonzero(~chosen).tolist():
            if costs[block] <= left and chosen[needed.get(block, [])].all():
                chosen[block] = True
                left -= int(costs[block])
    return chosen


def _render(ranked: RankedTrace, chosen: BoolArray) -> tuple[IntArray, str]:
    whole = ranked.prepared.segmentation.text
    if chosen.all() and (text := whole.lstrip()):
        return np.array([[len(whole) - len(text), len(whole)]]), text
    spans = compute_kept_spans(ranked.layout, ranked.ranking.expand_to_segments(chosen))
    return spans, render_spans(ranked.layout, spans)


def _drop_until_fits(
    ranked: RankedTrace, chosen: BoolArray, limit: int, counter: TokenCounter
) -> tuple[IntArray, str, int]:
    """With a tokenizer the shortened text is counted again: at a cut, tokens can fall apart into more.

    What is too much goes from the end of the ranking, as many tokens' worth at a time as are over.
    """
    costs = ranked.ranking.costs
    while True:
        spans, text = _render(ranked, chosen)
        tokens = counter.count([text])[0]
        loose = np.flatnonzero(chosen[ranked.ranking.protected_blocks :]) + ranked.ranking.protected_blocks
        if tokens <= limit or not len(loose):
            return spans, text, tokens
        relief = np.cumsum(costs[loose[::-1]])
        dropped = int(np.searchsorted(relief, tokens - limit)) + 1
        chosen[loose[::-1][:dropped]] = False
