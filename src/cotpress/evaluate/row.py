"""One row a problem and sample, and the table of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

# A reply that ran into the budget is "truncated" whatever it says; "failed" is a call without a reply.
OUTCOMES = ("right", "wrong", "truncated", "unparsed", "empty", "timed-out", "failed")
Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one sample of one problem.

    `answer` is what the text states, "" where it states none. `generated_tokens` are all that were written,
    `reasoning_tokens` those without the final answer (see `judging`), both as counted by the run's counter;
    `completion_tokens` is the model's or endpoint's own count. `seconds` is from asking to the reply, so that rows
    of one batch share it. `error` says why a call failed.
    """

    benchmark: str
    id: str
    sample: int
    prompt: str
    gold: str
    text: str
    answer: str
    outcome: str
    finish: str
    prompt_tokens: int
    completion_tokens: int
    generated_tokens: int
    reasoning_tokens: int
    steps: int
    reflective_steps: int
    seconds: float
    error: str = ""

    @property
    def key(self) -> Key:
        """The problem."""
        return self.benchmark, self.id


_TYPES = {"str": pa.string(), "int": pa.int64(), "float": pa.float64()}
SCHEMA = pa.schema([pa.field(one.name, _TYPES[str(one.type)]) for one in fields(Row)])


def write_rows(path: Path, rows: Sequence[Row]) -> None:
    """Write a Parquet file."""
    pq.write_table(pa.Table.from_pylist([asdict(row) for row in rows], SCHEMA), path, compression="zstd")


def read_rows(path: Path) -> tuple[Row, ...]:
    """Read what `write_rows` wrote."""
    return tuple(Row(**row) for row in pq.read_table(path, schema=SCHEMA).to_pylist())


def finished_keys(rows: Iterable[Row], samples: int) -> set[Key]:
    """The problems that have all their samples, none of which failed."""
    found: dict[Key, set[int]] = {}
    for row in rows:
        if row.outcome != "failed":
            found.setdefault(row.key, set()).add(row.sample)
    return {key for key, numbers in found.items() if numbers >= set(range(samples))}
