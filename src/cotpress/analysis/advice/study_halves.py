"""A study in two halves: what is chosen on the one is reported on the other.

The best of many ways looks better than it is, on the data that it was chosen on. Of problems and seeds that had no say
in the choice the figures are as they are.
"""

from __future__ import annotations

import zlib
from dataclasses import replace

import numpy as np

from cotpress.analysis.evaluation_groups import TREATMENT_COLUMNS
from cotpress.analysis.verdicts.judgement import MIN_SEEDS
from cotpress.tables import StudyTables
from cotpress.types import BoolArray


def split_study(tables: StudyTables) -> tuple[StudyTables, StudyTables]:
    """The half to choose on and the half to report on: other problems, and where a way has three seeds or more other
    seeds too, the larger part of them in the second half. Of fewer seeds both halves have all.

    >>> from cotpress.tables import build_study_tables
    >>> [len(half.answers) for half in split_study(build_study_tables({}))]
    [0, 0]
    """
    first_problems, first_seeds, last_seeds = _mark_first_problems(tables), *_split_cells(tables)
    answers = tables.answers
    halves = (
        answers[first_problems & answers.cell.isin(first_seeds)],
        answers[~first_problems & answers.cell.isin(last_seeds)],
    )
    first, second = (
        replace(tables, answers=half, cells=tables.cells[tables.cells.cell.isin(cells)])
        for half, cells in zip(halves, (first_seeds, last_seeds), strict=True)
    )
    return first, second


def _mark_first_problems(tables: StudyTables) -> BoolArray:
    """Which answers are to problems of the first half: every other one of a benchmark's, in an order by hash."""
    problems = tables.answers[["benchmark", "problem"]].drop_duplicates()
    hashes = [zlib.crc32(f"{row.benchmark}\n{row.problem}".encode()) for row in problems.itertuples()]
    ordered = problems.assign(order=hashes).sort_values(["order", "problem"])
    place = ordered.groupby("benchmark", sort=False).cumcount()
    first = set(zip(ordered.benchmark[place % 2 == 0], ordered.problem[place % 2 == 0], strict=True))
    pairs = zip(tables.answers.benchmark, tables.answers.problem, strict=True)
    return np.array([pair in first for pair in pairs], dtype=bool)


def _split_cells(tables: StudyTables) -> tuple[set[str], set[str]]:
    """The cells of each half."""
    cells = tables.cells[tables.cells.state == "done"]
    runs = cells.merge(tables.compressions, on="compression", suffixes=("", "_of_compression"))
    first: set[str] = set()
    second: set[str] = set()
    for _, own in runs.groupby(["condition", "student", *TREATMENT_COLUMNS], dropna=False):
        ordered = own.sort_values("seed").cell.tolist()
        apart = len(ordered) // 2 if len(ordered) >= MIN_SEEDS else 0
        first.update(ordered[:apart] if apart else ordered)
        second.update(ordered[apart:])
    return first, second
