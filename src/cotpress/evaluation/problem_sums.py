"""Rows gathered by problem: the arrays that every figure is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from cotpress.evaluation.row import EVALUATION_OUTCOMES, EvaluationRow, ProblemKey
from cotpress.types import FloatArray

SUM_COLUMNS = (
    "samples",
    "answered",
    "generated",
    "reasoning",
    "steps",
    "reflective",
    *EVALUATION_OUTCOMES,
    "cut_with_answer",
)


@dataclass(frozen=True, slots=True, eq=False)
class ProblemSums:
    """`columns` maps each of COLUMNS to an array [problems] of sums over a problem's samples, in the order of `keys`.

    "answered" are samples that did not fail; lengths and steps are theirs. "cut_with_answer" are truncated replies
    that state an answer nevertheless. `golds` [problems] are the problems and their gold answers.
    """

    keys: tuple[ProblemKey, ...]
    golds: tuple[str, ...]
    columns: Mapping[str, FloatArray]

    def __len__(self) -> int:
        return len(self.keys)

    def select(self, keys: Iterable[ProblemKey]) -> ProblemSums:
        """Those problems alone, in the order of the keys given."""
        place = {key: at for at, key in enumerate(self.keys)}
        chosen = [place[key] for key in keys]
        columns = {name: column[chosen] for name, column in self.columns.items()}
        return ProblemSums(tuple(self.keys[at] for at in chosen), tuple(self.golds[at] for at in chosen), columns)


def sum_by_problem(rows: Iterable[EvaluationRow]) -> ProblemSums:
    """Gather rows, in whatever order they come; problems are in the order of their keys."""
    sums: dict[ProblemKey, FloatArray] = {}
    golds: dict[ProblemKey, str] = {}
    for row in rows:
        sums[row.problem_key] = sums.get(row.problem_key, np.zeros(len(SUM_COLUMNS))) + _extract_values(row)
        golds[row.problem_key] = f"{row.prompt}\n{row.gold}"  # two seeds may ask other problems under the same id
    keys = tuple(sorted(sums))
    table = np.array([sums[key] for key in keys]).reshape(-1, len(SUM_COLUMNS))
    columns = {name: table[:, at].copy() for at, name in enumerate(SUM_COLUMNS)}
    return ProblemSums(keys, tuple(golds[key] for key in keys), columns)


def _extract_values(row: EvaluationRow) -> FloatArray:
    lengths = (row.generated_tokens, row.reasoning_tokens, row.steps, row.reflective_steps)
    classes = [row.outcome == name for name in EVALUATION_OUTCOMES]
    cut = row.outcome == "truncated" and bool(row.answer)
    return np.array([1, row.outcome != "failed", *lengths, *classes, cut], dtype=np.float64)
