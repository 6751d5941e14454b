"""Rows gathered by problem: the arrays that every figure is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from cotpress.evaluate.row import OUTCOMES, Key, Row
from cotpress.types import FloatArray

COLUMNS = ("samples", "answered", "generated", "reasoning", "steps", "reflective", *OUTCOMES, "cut_with_answer")


@dataclass(frozen=True, slots=True, eq=False)
class Problems:
    """`columns` maps each of COLUMNS to an array [problems] of sums over a problem's samples, in the order of `keys`.

    "answered" are samples that did not fail; lengths and steps are theirs. "cut_with_answer" are truncated replies
    that state an answer nevertheless. `golds` [problems] are the problems and their gold answers.
    """

    keys: tuple[Key, ...]
    golds: tuple[str, ...]
    columns: Mapping[str, FloatArray]

    def __len__(self) -> int:
        return len(self.keys)

    def only(self, keys: Iterable[Key]) -> Problems:
        """Those problems alone, in the order of the keys given."""
        place = {key: at for at, key in enumerate(self.keys)}
        chosen = [place[key] for key in keys]
        columns = {name: column[chosen] for name, column in self.columns.items()}
        return Problems(tuple(self.keys[at] for at in chosen), tuple(self.golds[at] for at in chosen), columns)


def by_problem(rows: Iterable[Row]) -> Problems:
    """Gather rows, in whatever order they come; problems are in the order of their keys."""
    sums: dict[Key, FloatArray] = {}
    golds: dict[Key, str] = {}
    for row in rows:
        sums[row.key] = sums.get(row.key, np.zeros(len(COLUMNS))) + _values(row)
        golds[row.key] = f"{row.prompt}\n{row.gold}"  # two seeds may ask other problems under the same id
    keys = tuple(sorted(sums))
    table = np.array([sums[key] for key in keys]).reshape(-1, len(COLUMNS))
    columns = {name: table[:, at].copy() for at, name in enumerate(COLUMNS)}
    return Problems(keys, tuple(golds[key] for key in keys), columns)


def _values(row: Row) -> FloatArray:
    lengths = (row.generated_tokens, row.reasoning_tokens, row.steps, row.reflective_steps)
    classes = [row.outcome == name for name in OUTCOMES]
    cut = row.outcome == "truncated" and bool(row.answer)
    return np.array([1, row.outcome != "failed", *lengths, *classes, cut], dtype=np.float64)
