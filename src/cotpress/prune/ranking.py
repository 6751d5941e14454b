"""From importance to an order of deletion, and from the order to what a budget keeps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cotpress.types import BoolArray, FloatArray, IntArray

Groups = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Segments, most important first, cut into blocks that can only be kept whole.

    A block is one segment and the delimiters that must come with it (`$`, `\\[`, a fence). `order` [n]
    holds segment indices; block b takes `sizes[b]` of them and costs `costs[b]` tokens. The first
    `protected` blocks stay whatever the budget. `importance` is per block, +inf for protected ones.
    """

    order: IntArray
    sizes: IntArray
    costs: IntArray
    importance: FloatArray
    protected: int

    @property
    def tokens(self) -> int:
        """Tokens of the whole trace."""
        return int(self.costs.sum())

    def mask(self, chosen: BoolArray) -> BoolArray:
        """Which segments stay, shape [n], when the chosen blocks, shape [blocks], do."""
        kept = np.empty(len(self.order), dtype=bool)
        kept[self.order] = np.repeat(chosen, self.sizes)
        return kept


def rank(importance: FloatArray, costs: IntArray, protected: BoolArray, groups: Groups = ()) -> Ranking:
    """Order segments by protection, then importance, then position (earlier first).

    All arrays have shape [n]. What survives a smaller budget survives a larger one, because a budget
    keeps a prefix of this one order. A group's delimiters stand or fall with what they enclose.
    """
    count = len(importance)
    worth = np.where(protected, np.inf, importance)
    first = np.argsort(-worth, kind="stable")
    held = int(np.count_nonzero(protected))
    if not groups:
        return Ranking(first, np.ones(count, dtype=np.int64), costs[first], worth[first], held)
    place = np.empty(count, dtype=np.int64)
    place[first] = np.arange(count)
    _bind(place, groups, count)
    order = np.argsort(place, kind="stable")
    starts = np.flatnonzero(np.diff(place[order], prepend=-1))
    block_place = place[order[starts]]
    kept_always = int(np.count_nonzero(block_place < held))
    sizes = np.diff(starts, append=count)
    return Ranking(order, sizes, np.add.reduceat(costs[order], starts), worth[first[block_place]], kept_always)


def _bind(place: IntArray, groups: Groups, count: int) -> None:
    """Give each group's delimiters the place of the first-ranked segment between them."""
    for group in sorted(groups, key=lambda group: group[-1] - group[0]):
        delimiters = list(group)
        alone = int(place[delimiters].min())
        place[delimiters] = count
        inner = int(place[group[0] + 1 : group[-1]].min()) if group[-1] > group[0] + 1 else count
        place[delimiters] = inner if inner < count else alone
