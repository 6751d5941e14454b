"""Which cells of a study measured which way to shorten."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any, TypeAlias

from cotpress.advice.advice import Question
from cotpress.tables import Tables

Way: TypeAlias = tuple[str, str, str, bool, float]
"""Kind, method, granularity, whether symbols are protected, and the target ratio, -1 where there is none."""
WAY = ("kind", "method", "granularity", "symbols", "target")


def cells_by_way(question: Question, tables: Tables) -> dict[Way, tuple[str, ...]]:
    """The ids of the answered cells of the question's domain, regime and student, in the order of the table."""
    done = tables.cells[(tables.cells.state == "done") & tables.cells.cell.isin(tables.answers.cell)]
    told = done.merge(tables.compressions, on="compression", suffixes=("", "_of_compression"))
    told = told[(told.domain == question.domain) & (told.regime == question.regime)]
    if question.student:
        told = told[told.student == question.student]
    symbols = told.symbols.fillna(False).astype(bool)
    told = told.assign(target=told.keep.fillna(-1.0), granularity=told.granularity.fillna(""), symbols=symbols)
    found: dict[Way, list[str]] = {}
    for row in told.itertuples():
        found.setdefault(way_of(row), []).append(str(row.cell))
    return {way: tuple(cells) for way, cells in found.items()}


def way_of(row: Any) -> Way:
    """The way that a row of a frame is of."""
    return row.kind, row.method, row.granularity, bool(row.symbols), float(row.target)


def cells_of(*frames: Any) -> tuple[str, ...]:
    """All cells of these frames, whose column `cells` holds a tuple a row: those of the first row first, none twice."""
    rows: Iterable[tuple[str, ...]] = chain.from_iterable(frame.cells for frame in frames)
    return tuple(dict.fromkeys(chain.from_iterable(rows)))
