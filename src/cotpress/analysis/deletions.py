"""What is deleted: symbols, stopwords, other words. Both what the deletions are made of, and what each class lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cotpress.analysis.bootstrap_draws import compute_interval, draw_totals, quotient
from cotpress.analysis.frames import DataFrame, build_frame, check_keep_ratios
from cotpress.analysis.selections import (
    KEEP_RATIOS,
    UNIT_CLASSES,
    CriterionSelection,
    build_condition_units,
    build_selections,
)
from cotpress.tables import StudyTables
from cotpress.types import FloatArray

COLUMNS = (
    *("condition", "domain", "regime", "criterion", "granularity", "symbols", "keep", "realized", "unit_class"),
    *("composition", "rate", "low", "high", "traces"),
)


def tabulate_deletions(tables: StudyTables, keeps: Sequence[float] = KEEP_RATIOS) -> DataFrame:
    """One row for each criterion, keep ratio and class of units; `low`, `high` are of `rate`.

    composition: the class's share of the deleted units (the classes sum to 1). rate: share of the class's units that
    were deleted. All traces and seeds together.

    Raises:
        OptionError: a keep ratio is not in 0..1.

    >>> from cotpress.tables import build_study_tables
    >>> list(tabulate_deletions(build_study_tables({}), keeps=[0.5]).columns)[-4:]
    ['rate', 'low', 'high', 'traces']
    """
    ratios = check_keep_ratios(keeps)
    return build_frame(
        (row for selection in collect_selections(tables) for keep in ratios for row in _build_rows(selection, keep)),
        COLUMNS,
    )


def collect_selections(tables: StudyTables) -> Iterator[CriterionSelection]:
    """Every selection of every condition that ranked a trace."""
    for corpus in build_condition_units(tables):
        yield from (selection for selection in build_selections(tables, corpus) if selection.ranked_traces.any())


def count_deleted_by_class(selection: CriterionSelection, keep: float) -> dict[str, FloatArray]:
    """Draws of the deleted units of each class, and of all its units ("all symbol")."""
    gone, columns = ~selection.mark_kept(keep), {}
    for name in UNIT_CLASSES:
        members = selection.units.unit_classes == name
        columns[name] = selection.sum_per_trace(gone & members)
        columns[f"all {name}"] = selection.sum_per_trace(members)
    return draw_totals(columns)


def compute_realized_ratio(selection: CriterionSelection, keep: float) -> float:
    """Kept / all tokens."""
    tokens = selection.units.unit_tokens
    return float(
        selection.sum_per_trace(tokens * selection.mark_kept(keep)).sum() / selection.sum_per_trace(tokens).sum()
    )


def _build_rows(selection: CriterionSelection, keep: float) -> Iterator[dict[str, Any]]:
    drawn = count_deleted_by_class(selection, keep)
    gone = sum(float(drawn[name][0]) for name in UNIT_CLASSES)
    shared = {
        **selection.labels,
        "keep": keep,
        "realized": compute_realized_ratio(selection, keep),
        "traces": int(selection.ranked_traces.sum()),
    }
    for name in UNIT_CLASSES:
        rate, low, high = compute_interval(quotient(drawn[name], drawn[f"all {name}"]))
        composition = float(drawn[name][0]) / gone if gone else float("nan")
        yield {**shared, "unit_class": name, "composition": composition, "rate": rate, "low": low, "high": high}
