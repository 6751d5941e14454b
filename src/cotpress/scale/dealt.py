"""The rows of a file that is cut to several shards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cotpress.traces import Reading
from cotpress.types import Rejected, Trace


@dataclass(frozen=True, slots=True, eq=False)
class Dealt:
    """Every `parts`-th of a file's traces and rejections, from number `part` on. Every iteration reads the whole file,
    so that ids and repeated ids are those of the file."""

    reading: Reading
    part: int = 0
    parts: int = 1

    @property
    def recognised(self) -> list[dict[str, Any]]:
        """What the file was taken for."""
        return self.reading.recognised

    def __iter__(self) -> Iterator[Trace | Rejected]:
        return (one for _, one in self.numbered())

    def numbered(self) -> Iterator[tuple[int, Trace | Rejected]]:
        """The same, each with its line in the file."""
        for at, row in enumerate(self.reading.numbered()):
            if at % self.parts == self.part:
                yield row
