"""Which rows of the input are read, and in which order: the first so many, mixed within a buffer."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeVar

from cotpress.errors import OptionError
from cotpress.number_formatting import count_noun, inflect
from cotpress.traces.rows import MalformedRowError, TraceRow

DEFAULT_BUFFER_ROWS: Final = 10_000
MAX_BUFFER_CHARACTERS: Final = 1 << 28  # of the rows of the buffer; of longer rows fewer are held

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class RowSelection:
    """How many rows are read, and whether they are mixed.

    Args:
        limit: at most so many rows, 1 or more; a conversation is one row. None: all.
        shuffle: whether rows are mixed: each next one is drawn from a buffer that is refilled from the input, whose
            files come in a mixed order, too. Input that fits the buffer is mixed evenly.
        seed: of the mixing; the same input and the same selection give the same rows in the same order.
        buffer: how many rows the buffer holds, 1 or more.

    Raises:
        OptionError: on construction, for a number that is out of range, or a seed or a buffer without `shuffle`.

    >>> RowSelection(limit=2, shuffle=True).describe()
    'At most 2 rows are read, shuffled (seed 0, buffer of 10,000 rows).'
    """

    limit: int | None = None
    shuffle: bool = False
    seed: int = 0
    buffer: int = DEFAULT_BUFFER_ROWS

    def __post_init__(self) -> None:
        for name, number in (("limit", self.limit), ("shuffle-buffer", self.buffer)):
            if number is not None and number < 1:
                raise OptionError(f"--{name} is {number}.", "Give 1 or more.")
        if not self.shuffle and (self.seed or self.buffer != DEFAULT_BUFFER_ROWS):
            raise OptionError("--shuffle-seed and --shuffle-buffer go with --shuffle.", "Add --shuffle.")

    @property
    def is_everything(self) -> bool:
        """Whether all rows are read, in their order."""
        return self == RowSelection()

    def describe(self) -> str:
        """The selection in a sentence."""
        number = self.limit or 0
        most = f"At most {count_noun(number, 'row')} {inflect(number, 'is', 'are')} read"
        how = f", shuffled (seed {self.seed}, buffer of {count_noun(self.buffer, 'row')})" if self.shuffle else ""
        return f"{most if number else 'All rows are read'}{how}."

    def order_files(self, files: Iterable[Item]) -> list[Item]:
        """The files in the order in which they are read."""
        ordered = list(files)
        if self.shuffle:
            random.Random(f"files:{self.seed}").shuffle(ordered)
        return ordered

    def select(self, rows: Iterable[tuple[Item, TraceRow]]) -> Iterator[tuple[Item, TraceRow]]:
        """The rows that are read, in their order, each with what it came with."""
        return islice(self._mix(rows) if self.shuffle else iter(rows), self.limit)

    def _mix(self, rows: Iterable[tuple[Item, TraceRow]]) -> Iterator[tuple[Item, TraceRow]]:
        draw = random.Random(f"rows:{self.seed}")
        held: list[tuple[Item, TraceRow]] = []
        size = 0
        for row in rows:
            held.append(row)
            size += count_characters(row[1])
            while len(held) > self.buffer or (size > MAX_BUFFER_CHARACTERS and len(held) > 1):
                at = draw.randrange(len(held))
                held[at], held[-1] = held[-1], held[at]
                drawn = held.pop()
                size -= count_characters(drawn[1])
                yield drawn
        draw.shuffle(held)
        yield from held


def count_characters(row: TraceRow) -> int:
    """How long a row is: its bytes in the file, or the characters of its texts where the container keeps no text."""
    if row.raw is not None:
        return len(row.raw)
    return 0 if isinstance(row.data, MalformedRowError) else _count_value(row.data)


def _count_value(value: Any) -> int:
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, Mapping):
        return sum(map(_count_value, value.values()))
    return sum(map(_count_value, value)) if isinstance(value, list | tuple) else 1
