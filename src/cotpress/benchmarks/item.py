"""What a problem is, and what a benchmark is."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from cotpress.traces import Data


@dataclass(frozen=True, slots=True)
class Item:
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


Reader: TypeAlias = Callable[[Data, int, random.Random], Item]


@dataclass(frozen=True, slots=True)
class Hub:
    """Where a benchmark is on the hub: dataset id, config and split."""

    dataset: str
    config: str | None = None
    split: str | None = None

    @property
    def name(self) -> str:
        """As it is opened: "org/name/config:split"."""
        return self.dataset + (f"/{self.config}" if self.config else "") + (f":{self.split}" if self.split else "")


@dataclass(frozen=True, slots=True)
class Benchmark:
    """`item` reads a row: (the row, its place from 0, a seeded generator) -> its problem, without an instruction.

    `domain` is "math" or "general". `hub` is None for problems that the micro world draws. `source` is a link to
    where the benchmark was published, `needs` the fields that a row must have, for people. Of a benchmark with
    `gaps`, rows without an answer are passed over, as nobody could grade them; elsewhere they are an error.
    """

    name: str
    domain: str
    hub: Hub | None
    item: Reader
    source: str
    summary: str
    needs: str = ""
    gaps: bool = False
