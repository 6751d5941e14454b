"""What a problem is, and what a benchmark is."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from cotpress.deprecation import rename_fields
from cotpress.traces import RowData


@dataclass(frozen=True, slots=True)
class BenchmarkItem:
    """One problem. `prompt` is what a student reads as the user's turn.

    `kind` is how the answer is graded: "math" (`gold` is a number or LaTeX), "choice" (an option's letter), "truth"
    ("True" or "False") or "text" (words). `options` are the texts of a choice in the order shown, A first. `id` is
    unique within its benchmark.
    """

    id: str
    prompt: str
    gold: str
    kind: str
    options: tuple[str, ...] = ()
    domain: str = ""


ItemReader: TypeAlias = Callable[[RowData, int, random.Random], BenchmarkItem]


@dataclass(frozen=True, slots=True)
class HubDataset:
    """Where a benchmark is on the hub: dataset id, config and split."""

    dataset: str
    config: str | None = None
    split: str | None = None

    @property
    def name(self) -> str:
        """As it is opened: "org/name/config:split"."""
        return self.dataset + (f"/{self.config}" if self.config else "") + (f":{self.split}" if self.split else "")


@rename_fields(source="published_in")
@dataclass(frozen=True, slots=True)
class Benchmark:
    """A set of problems, and how a row of it is read.

    Args:
        name: as users type it.
        domain: "math" or "general".
        hub: where it is on the hub; None for problems that are read from elsewhere or drawn.
        read_item: reads a row: (the row, its place from 0, a seeded generator) -> its problem, without an instruction.
        published_in: a link to where the benchmark was published.
        summary: what it asks.
        required_fields: the fields that a row must have, for people.
        skips_unanswered: whether rows without an answer are passed over, as nobody could grade them; elsewhere they
            are an error.
        load_rows: gives the rows themselves, for a benchmark that brings them along.
    """

    name: str
    domain: str
    hub: HubDataset | None
    read_item: ItemReader
    published_in: str
    summary: str
    required_fields: str = ""
    skips_unanswered: bool = False
    load_rows: Callable[[], Iterable[RowData]] | None = None
