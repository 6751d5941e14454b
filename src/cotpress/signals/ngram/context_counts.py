"""What came before each token of its trace, counted for contexts of several lengths by sorting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from cotpress.types import IntArray


@dataclass(frozen=True, slots=True, eq=False)
class ContextCounts:
    """Counts for contexts of one length; arrays [n], by position unless said otherwise.

    `seen`: how often this token followed this context before; `total`: how often any token did;
    `distinct`: how many different tokens did. `by_context`: positions sorted by context, then position,
    so that the earlier positions of a context stand right before; `next_occurrence`: the next position where
    the same token follows the same context, n where there is none.
    """

    seen: IntArray
    total: IntArray
    distinct: IntArray
    by_context: IntArray
    next_occurrence: IntArray


def count_contexts(tokens: IntArray, starts: IntArray, orders: int) -> list[ContextCounts]:
    """One `ContextCounts` for each context length 0 .. orders - 1.

    `tokens` [n] are ids below n, of one or several traces in a row; `starts` are the positions where a
    trace begins, 0 among them. Nothing is counted across traces.
    """
    size = len(tokens)
    begins = np.zeros(size + 1, np.bool_)
    begins[starts] = begins[size] = True
    context = np.cumsum(begins[:size]) - 1
    total, by_context = np.arange(size) - starts[context], np.arange(size)
    priors = []
    for _ in range(orders):
        gram, position, first = _group_keys(context * size + tokens)
        seen, again, distinct = np.empty((3, size), np.int64)
        seen[position] = np.arange(size) - np.maximum.accumulate(np.where(first, np.arange(size), 0))
        again[position] = np.append(np.where(first[1:], size, position[1:]), size)
        new = (seen == 0)[by_context]
        earlier = np.cumsum(new) - new
        distinct[by_context] = earlier - earlier[np.arange(size) - total[by_context]]
        priors.append(ContextCounts(seen, total, distinct, by_context, again))
        # The next longer context of a position is the gram that ends right before it; each trace's start has its own.
        context, total = np.roll(gram, 1), np.roll(seen, 1)
        context[starts], total[starts] = size + np.arange(len(starts)), 0
        by_context = np.concatenate([(position + 1)[~begins[position + 1]], starts])
    return priors


def count_recent(tokens: IntArray, starts: IntArray, reach: int) -> IntArray:
    """[n]: how often each token was among the `reach` tokens before it, in the same trace."""
    size = len(tokens)
    begins = np.zeros(size, np.bool_)
    begins[starts] = True
    key = ((np.cumsum(begins) * size + tokens) << _compute_bit_width(size)) + np.arange(size)
    ordered = np.sort(key)
    back = np.minimum(np.arange(size), reach)
    return np.searchsorted(ordered, key) - np.searchsorted(ordered, key - back)


class LatestOccurrences:
    """Which earlier occurrences each position of a trace sees, the latest of each token, for one context length.

    Sorted by context, the positions that see an occurrence as the latest of its token are a run: those
    after it, up to the token's next occurrence in that context.
    """

    def __init__(self, prior: ContextCounts) -> None:
        size = len(prior.seen)
        slots = np.arange(size)
        place = np.empty(size + 1, np.int64)
        place[prior.by_context] = slots
        (starts,) = np.nonzero(prior.total[prior.by_context] == 0)
        group = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, size)))
        self._counts, self._start, self._end = prior, starts[group], np.append(starts[1:], size)[group]
        again = prior.next_occurrence[prior.by_context]
        place[size] = size
        self._run_end = np.minimum(place[again] + 1, self._end)

    def find_pairs(self, begin: int, end: int) -> tuple[IntArray, IntArray]:
        """Pairs (position in begin .. end - 1, the position of an occurrence it sees), of arrays of one length."""
        order = self._counts.by_context
        first = np.maximum(np.arange(len(order)) + 1, self._find_slots(begin))
        length = np.maximum(np.minimum(self._run_end, self._find_slots(end)) - first, 0)
        return order[concatenate_ranges(first, length)], np.repeat(order, length)

    def _find_slots(self, position: int) -> IntArray:
        """By slot: the first slot of its context that stands at `position` or later."""
        earlier = np.append(0, np.cumsum(self._counts.by_context < position))
        return cast(IntArray, self._start + earlier[self._end] - earlier[self._start])


def concatenate_ranges(starts: IntArray, lengths: IntArray) -> IntArray:
    """starts[0], starts[0] + 1, ... (lengths[0] of them), then those from starts[1], and so on."""
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + lengths, lengths)


def _group_keys(keys: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Dense ids of equal keys [n]; positions sorted by key, then position; where a new key begins there.

    The position rides in the low bits: sorting numbers is several times faster than sorting places.
    """
    size = len(keys)
    bits = _compute_bit_width(size)
    packed = np.sort((keys << bits) | np.arange(size))
    position, ordered = packed & ((1 << bits) - 1), packed >> bits
    first = np.append(True, ordered[1:] != ordered[:-1])[:size]
    gram = np.empty(size, np.int64)
    gram[position] = np.cumsum(first) - 1
    return gram, position, first


def _compute_bit_width(size: int) -> int:
    """Enough for a position."""
    return max(size - 1, 1).bit_length()
