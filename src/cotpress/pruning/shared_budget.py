"""One budget for several traces, such as all thinking turns of a conversation: what is redundant anywhere goes first.

The blocks of all rankings are laid into one order by importance, each trace's own order kept, and the budget keeps a
prefix of that. So smaller budgets nest in larger ones, and a trace with more redundancy gives more. Blocks of the same
importance come evenly from all traces.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cotpress.pruning.budget import Budget, TokenCap
from cotpress.pruning.ranking import Ranking
from cotpress.types import FloatArray, IntArray, Trace


class BudgetShare(NamedTuple):
    """What one trace gets of a shared budget; `exceeds` says that it is more than the budget had left for it."""

    budget: TokenCap
    exceeds: bool


def get_row(trace: Trace) -> tuple[str, int] | str:
    """What the turns of one row have in common: where the row stands; of a trace that was not read, its id.

    >>> get_row(Trace("7", "2+3?", "2+3=5."))
    '7'
    """
    return trace.id if trace.origin is None else (trace.origin.source, trace.origin.line)


def share_budget(rankings: Sequence[Ranking], budget: Budget, allow_empty: bool = False) -> list[BudgetShare]:
    """Each trace's share of one budget.

    Args:
        rankings: of the traces, whose importance is compared.
        budget: how much may be kept of all of them together.
        allow_empty: whether a trace may get nothing; else each keeps its most important block, whatever the budget.

    >>> first = Ranking(np.array([0, 1]), np.array([1, 1]), np.array([3, 4]), np.array([1.0, 0.9]), 0)
    >>> second = Ranking(np.array([0, 1]), np.array([1, 1]), np.array([3, 4]), np.array([1.0, 0.1]), 0)
    >>> [share.budget.tokens for share in share_budget([first, second], TokenCap(10))]
    [7, 3]
    """
    firm = [max(ranking.protected_blocks, 0 if allow_empty else 1) for ranking in rankings]
    joint, turn = _join_rankings(rankings, firm)
    fits = np.cumsum(joint.costs) <= budget.compute_target(joint)
    kept = fits.copy()
    kept[: joint.protected_blocks] = True
    tokens = np.bincount(turn[kept], joint.costs[kept], len(rankings)).astype(np.int64).tolist()
    beyond = set(turn[kept & ~fits].tolist())
    return [BudgetShare(TokenCap(share), number in beyond) for number, share in enumerate(tokens)]


def _join_rankings(rankings: Sequence[Ranking], firm: Sequence[int]) -> tuple[Ranking, IntArray]:
    """All blocks in one ranking, the `firm` first ones of each trace before all others; and of which trace each is."""
    worth: list[FloatArray] = []
    progress: list[FloatArray] = []
    for ranking, count in zip(rankings, firm, strict=True):
        importance = np.minimum.accumulate(ranking.importance)  # a block that waits for another comes after it
        importance[:count] = np.inf
        worth.append(importance)
        progress.append(np.cumsum(ranking.costs) / max(1, ranking.tokens))
    turn = np.repeat(np.arange(len(rankings)), [len(ranking.costs) for ranking in rankings])
    order = np.lexsort((turn, np.concatenate(progress), -np.concatenate(worth)))  # stable: the last key counts most
    costs = np.concatenate([ranking.costs for ranking in rankings])[order]
    sizes = np.concatenate([ranking.block_sizes for ranking in rankings])[order]
    return Ranking(order, sizes, costs, np.concatenate(worth)[order], sum(firm)), turn[order]
