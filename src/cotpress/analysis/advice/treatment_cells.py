"""Which cells of a study measured which treatment."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any, TypeAlias

from cotpress.analysis.advice.advice import AdviceRequest
from cotpress.tables import StudyTables

TreatmentKey: TypeAlias = tuple[str, str, str, bool, float]
"""Kind, method, granularity, whether symbols are protected, and the target ratio, -1 where there is none."""
TREATMENT_KEY_COLUMNS = ("kind", "method", "granularity", "symbols", "target")


def group_cells_by_treatment(question: AdviceRequest, tables: StudyTables) -> dict[TreatmentKey, tuple[str, ...]]:
    """The ids of the answered cells of the question's domain, regime and student, in the order of the table."""
    done = tables.cells[(tables.cells.state == "done") & tables.cells.cell.isin(tables.answers.cell)]
    answered = done.merge(tables.compressions, on="compression", suffixes=("", "_of_compression"))
    answered = answered[(answered.domain == question.domain) & (answered.regime == question.regime)]
    if question.student:
        answered = answered[answered.student == question.student]
    symbols = answered.symbols.fillna(False).astype(bool)
    answered = answered.assign(
        target=answered.keep.fillna(-1.0), granularity=answered.granularity.fillna(""), symbols=symbols
    )
    by_treatment: dict[TreatmentKey, list[str]] = {}
    for row in answered.itertuples():
        by_treatment.setdefault(read_treatment_key(row), []).append(str(row.cell))
    return {key: tuple(cells) for key, cells in by_treatment.items()}


def read_treatment_key(row: Any) -> TreatmentKey:
    """The treatment that a row of a frame is of."""
    return row.kind, row.method, row.granularity, bool(row.symbols), float(row.target)


def collect_cells(*frames: Any) -> tuple[str, ...]:
    """All cells of these frames, whose column `cells` holds a tuple a row: those of the first row first, none twice."""
    rows: Iterable[tuple[str, ...]] = chain.from_iterable(frame.cells for frame in frames)
    return tuple(dict.fromkeys(chain.from_iterable(rows)))
