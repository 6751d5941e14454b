"""One row a problem and sample, and the table of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

# A reply that ran into the budget is "truncated" whatever it says; "failed" is a call without a reply.
EVALUATION_OUTCOMES = ("right", "wrong", "truncated", "unparsed", "empty", "timed-out", "failed")
ProblemKey: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class EvaluationRow:
    """What became of one sample of one problem.

    `answer` is what the text states, "" where it states none. `generated_tokens` are all that were written,
    `reasoning_tokens` those without the final answer (see `reply_rows`), both as counted by the run's counter;
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
    def problem_key(self) -> ProblemKey:
        """The problem."""
        return self.benchmark, self.id


_ARROW_TYPES = {"str": pa.string(), "int": pa.int64(), "float": pa.float64()}
SCHEMA = pa.schema([pa.field(one.name, _ARROW_TYPES[str(one.type)]) for one in fields(EvaluationRow)])


def write_evaluation_rows(path: Path, rows: Sequence[EvaluationRow]) -> None:
    """Write a Parquet file."""
    pq.write_table(pa.Table.from_pylist([asdict(row) for row in rows], SCHEMA), path, compression="zstd")


def read_rows(path: Path) -> tuple[EvaluationRow, ...]:
    """Read what `write_evaluation_rows` wrote."""
    return tuple(EvaluationRow(**row) for row in pq.read_table(path, schema=SCHEMA).to_pylist())


def find_finished_problems(rows: Iterable[EvaluationRow], samples: int) -> set[ProblemKey]:
    """The problems that have all their samples, none of which failed."""
    finished: dict[ProblemKey, set[int]] = {}
    for row in rows:
        if row.outcome != "failed":
            finished.setdefault(row.problem_key, set()).add(row.sample)
    return {key for key, numbers in finished.items() if numbers >= set(range(samples))}
