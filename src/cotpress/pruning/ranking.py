"""From importance to an order of deletion, and from the order to what a budget keeps."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cotpress.criteria import Order
from cotpress.pruning.group_tree import DelimiterGroups, GroupTree
from cotpress.types import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Segments, most important first, cut into blocks that can only be kept whole.

    A block is one segment with what must come with it: delimiters (`$`, `\\[`, a fence), or segments that require
    each other. `order` [n] holds segment indices; block b takes `block_sizes[b]` of them and costs `costs[b]` tokens.
    The first `protected_blocks` blocks stay whatever the budget. `importance` is per block, +inf for protected ones.
    `requires` are pairs of blocks (block, needed); the needed one comes first in the order.
    """

    order: IntArray
    block_sizes: IntArray
    costs: IntArray
    importance: FloatArray
    protected_blocks: int
    requires: IntArray = field(default_factory=lambda: np.empty((0, 2), dtype=np.int64))

    @property
    def tokens(self) -> int:
        """Tokens of the whole trace."""
        return int(self.costs.sum())

    def expand_to_segments(self, chosen: BoolArray) -> BoolArray:
        """Which segments stay, shape [n], when the chosen blocks, shape [blocks], do."""
        kept = np.empty(len(self.order), dtype=bool)
        kept[self.order] = np.repeat(chosen, self.block_sizes)
        return kept


def rank_segments(
    order: Order,
    costs: IntArray,
    protected: BoolArray,
    groups: DelimiterGroups = (),
    fill: bool = False,
    by_need: bool = False,
) -> Ranking:
    """Protected segments by position, then the others in the order given, bound to blocks.

    What survives a smaller budget survives a larger one, because a budget keeps a prefix of this one order.

    Args:
        order: all segments, the most important first, with what they require. A segment waits for what it needs: where
            it would come first, the two become one block.
        costs: [n], tokens of each segment.
        protected: [n], which segments stay whatever the budget; what they require stays with them.
        groups: delimiters that stand or fall with what they enclose, which take no part in what the order requires; and
            whole groups, such as code, which come by their middle member, a large one after as much as it costs.
        fill: whether blocks will be chosen out of order: then what delimiters enclose requires them, too.
        by_need: whether a whole group comes as soon as one of its members does, because that one is needed.

    >>> order = Order.from_importance(np.array([9.0, 1.0, 5.0]), requires=((0, 1),))
    >>> ranking = rank_segments(order, np.array([2, 3, 4]), np.zeros(3, dtype=bool))
    >>> ranking.order.tolist(), ranking.costs.tolist()
    ([2, 0, 1], [4, 5])
    """
    count, pairs = len(order), np.array(order.requires, dtype=np.int64).reshape(-1, 2)
    tree = GroupTree(groups, count)
    pairs = tree.translate_pairs(pairs)
    protected = tree.protect_whole(_protect_required(tree.protect_whole(protected), pairs))
    first = np.concatenate([np.flatnonzero(protected), order.segments[~protected[order.segments]]])
    worth = np.where(protected, np.inf, order.importance_or_rank)
    protected_count = int(np.count_nonzero(protected))
    if not groups and not len(pairs):
        return Ranking(first, np.ones(count, dtype=np.int64), costs[first], worth[first], protected_count)
    place = np.empty(count, dtype=np.int64)
    place[first] = np.arange(count)
    tree.place_whole(place, costs, protected_count, by_need)
    _wait_for_required(place, pairs)
    tree.place_delimiters(place)
    requires = np.concatenate([pairs, tree.find_enclosing()]) if fill else pairs
    return _join_equal_places(place, costs, worth[first], protected_count, requires)


def _join_equal_places(
    place: IntArray, costs: IntArray, worth: FloatArray, protected_count: int, requires: IntArray
) -> Ranking:
    """The ranking in which the segments of one place are a block.

    Args:
        place: [n], where each segment comes; the first `protected_count` places are those of protected segments.
        costs: [n], tokens of each segment.
        worth: [n], the importance of a block by its place.
        protected_count: how many segments are protected.
        requires: pairs of segments.
    """
    count = len(place)
    ranked = np.argsort(place, kind="stable")
    starts = np.flatnonzero(np.diff(place[ranked], prepend=-1))
    sizes, block_place = np.diff(starts, append=count), place[ranked[starts]]
    block_of = np.empty(count, dtype=np.int64)
    block_of[ranked] = np.repeat(np.arange(len(starts)), sizes)
    return Ranking(
        ranked,
        sizes,
        np.add.reduceat(costs[ranked], starts),
        worth[block_place],
        int(np.count_nonzero(block_place < protected_count)),
        _sort_pairs(block_of[requires], count),
    )


def _sort_pairs(pairs: IntArray, count: int) -> IntArray:
    """Each pair of two different numbers below `count` once, in order."""
    codes = np.unique(pairs[pairs[:, 0] != pairs[:, 1]] @ np.array([count, 1]))
    return np.stack(np.divmod(codes, count), axis=1)


def _protect_required(protected: BoolArray, pairs: IntArray) -> BoolArray:
    """The protected segments and, however indirectly, what they require."""
    needed: dict[int, list[int]] = {}
    for segment, other in pairs.tolist():
        needed.setdefault(segment, []).append(other)
    reached = protected.copy()
    waiting = [segment for segment in needed if reached[segment]]
    while waiting:
        for other in needed.get(waiting.pop(), ()):
            if not reached[other]:
                reached[other] = True
                waiting.append(other)
    return reached


def _wait_for_required(place: IntArray, pairs: IntArray) -> None:
    """Put each segment at the place of the last one that it requires, however indirectly, where that comes later."""
    dependents: dict[int, list[int]] = {}
    for segment, other in pairs.tolist():
        dependents.setdefault(other, []).append(segment)
    settled: set[int] = set()
    for other in sorted(dependents, key=place.__getitem__, reverse=True):  # whoever comes last holds up all behind it
        waiting, last = [other], place[other]
        while waiting:
            current = waiting.pop()
            if current not in settled:
                settled.add(current)
                place[current] = max(place[current], last)
                waiting += dependents.get(current, ())
