"""Ids that several parts of an input share, found without holding them all in memory.

Each part is read by itself, by whatever process, and leaves its ids as sorted numbers. They are then laid together a
slice of the numbers at a time, so that memory is bounded by the slice and not by the corpus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cotpress.traces.ids import id_key
from cotpress.types import IntArray

U64 = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class Ids:
    """The ids of one part, ascending by `high`, then `low`; arrays [rows].

    `high` and `low` are the halves of an id's key (`id_key`), `line` its line in the file.
    """

    high: U64
    low: U64
    line: IntArray

    def __len__(self) -> int:
        return len(self.line)

    @classmethod
    def of(cls, rows: Iterable[tuple[int, str]]) -> Ids:
        """From (line, id) of each trace."""
        pairs = list(rows)
        keys = b"".join(id_key(one) for _, one in pairs)
        halves = np.frombuffer(keys, ">u8").astype(np.uint64).reshape(-1, 2)
        line = np.array([line for line, _ in pairs], np.int64)
        order = np.lexsort((halves[:, 1], halves[:, 0]))
        return cls(halves[order, 0], halves[order, 1], line[order])


@dataclass(frozen=True, slots=True, eq=False)
class Repeats:
    """Ids that a part before had: `part` [n] has them again, the first to have them is `first` [n], at `line` [n]."""

    high: U64
    low: U64
    part: IntArray
    first: IntArray
    line: IntArray


def repeats(parts: int, rows: int, load: Callable[[int, int, int], Ids], together: int = 1 << 22) -> Iterator[Repeats]:
    """The ids that a part shares with one before it, in slices of about `together` of all `rows`.

    `load(part, low, high)` gives the ids of a part whose upper half is in low <= half < high. Within a part an id
    comes once.
    """
    slices = max(1, -(-rows // together))
    bounds = [(number << 64) // slices for number in range(slices + 1)]
    for low, high in pairwise(bounds):
        found = [load(part, low, high) for part in range(parts)]
        owner = np.repeat(np.arange(parts), [len(one) for one in found])
        yield _within(
            np.concatenate([one.high for one in found]),
            np.concatenate([one.low for one in found]),
            owner,
            np.concatenate([one.line for one in found]),
        )


def _within(high: U64, low: U64, owner: IntArray, line: IntArray) -> Repeats:
    order = np.lexsort((owner, low, high))
    high, low, owner, line = high[order], low[order], owner[order], line[order]
    again = np.zeros(len(high), np.bool_)
    again[1:] = (high[1:] == high[:-1]) & (low[1:] == low[:-1])
    starts = np.maximum.accumulate(np.where(again, 0, np.arange(len(high))))[again]
    return Repeats(high[again], low[again], owner[again], owner[starts], line[starts])
