"""Ids that several parts of an input share (scale-out), found without holding them all in memory.

Each part is read by itself, by whatever process, and leaves its ids as sorted numbers. These are then compared, a
slice of the numbers at a time, so that memory is bounded by the slice and not by the corpus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cotpress.traces.fields.ids import hash_id
from cotpress.types import IntArray

UInt64Array = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class SortedIds:
    """The ids of one part, ascending by `high`, then `low`; arrays [rows].

    `high` and `low` are the halves of an id's key (`hash_id`), `line` its line in the file.
    """

    high: UInt64Array
    low: UInt64Array
    line: IntArray

    def __len__(self) -> int:
        return len(self.line)

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[int, str]]) -> SortedIds:
        """From (line, id) of each trace."""
        pairs = list(rows)
        keys = b"".join(hash_id(row_id) for _, row_id in pairs)
        halves = np.frombuffer(keys, ">u8").astype(np.uint64).reshape(-1, 2)
        line = np.array([line for line, _ in pairs], np.int64)
        order = np.lexsort((halves[:, 1], halves[:, 0]))
        return cls(halves[order, 0], halves[order, 1], line[order])


@dataclass(frozen=True, slots=True, eq=False)
class DuplicateIds:
    """Ids that a part before had: `part` [n] has them again, the first to have them is `first` [n], at `line` [n]."""

    high: UInt64Array
    low: UInt64Array
    part: IntArray
    first: IntArray
    line: IntArray


def find_duplicate_ids(
    parts: int, rows: int, load: Callable[[int, int, int], SortedIds], together: int = 1 << 22
) -> Iterator[DuplicateIds]:
    """The ids that a part shares with one before it, in slices of about `together` of all `rows`.

    Within a part an id comes once.

    Args:
        parts: how many parts there are.
        rows: how many ids they have together, at most.
        load: `load(part, low, high)` gives the ids of a part whose upper half is in low <= half < high.
        together: how many ids are compared at a time, about; bounds the memory.

    >>> loaded = [SortedIds.from_rows([(1, "a"), (2, "b")]), SortedIds.from_rows([(1, "b")])]
    >>> [shared] = find_duplicate_ids(2, 3, lambda part, low, high: loaded[part])
    >>> shared.part.tolist(), shared.first.tolist(), shared.line.tolist()
    ([1], [0], [2])
    """
    slices = max(1, -(-rows // together))
    bounds = [(number << 64) // slices for number in range(slices + 1)]
    for low, high in pairwise(bounds):
        loaded = [load(part, low, high) for part in range(parts)]
        owner = np.repeat(np.arange(parts), [len(ids) for ids in loaded])
        yield _find_in_slice(
            np.concatenate([ids.high for ids in loaded]),
            np.concatenate([ids.low for ids in loaded]),
            owner,
            np.concatenate([ids.line for ids in loaded]),
        )


def _find_in_slice(high: UInt64Array, low: UInt64Array, owner: IntArray, line: IntArray) -> DuplicateIds:
    order = np.lexsort((owner, low, high))
    high, low, owner, line = high[order], low[order], owner[order], line[order]
    again = np.zeros(len(high), np.bool_)
    again[1:] = (high[1:] == high[:-1]) & (low[1:] == low[:-1])
    starts = np.maximum.accumulate(np.where(again, 0, np.arange(len(high))))[again]
    return DuplicateIds(high[again], low[again], owner[again], owner[starts], line[starts])
