"""What is deleted: symbols, stopwords, other words. Both what the deletions are made of, and what each class lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cotpress.analyze.bootstrap import interval_of, quotient, totals
from cotpress.analyze.corpus import CLASSES, KEEPS, Selection, corpora, selections
from cotpress.analyze.frames import Frame, frame
from cotpress.analyze.ratios import fractions_kept
from cotpress.tables import Tables
from cotpress.types import FloatArray

COLUMNS = (
    *("condition", "domain", "regime", "criterion", "granularity", "symbols", "keep", "realized", "unit_class"),
    *("composition", "rate", "low", "high", "traces"),
)


def deletions(tables: Tables, keeps: Sequence[float] = KEEPS) -> Frame:
    """One row for each criterion, keep ratio and class of units; `low`, `high` are of `rate`.

    composition: the class's share of the deleted units (the classes sum to 1). rate: share of the class's units that
    were deleted. All traces and seeds together.

    Raises:
        OptionError: a keep ratio is not in 0..1.
    """
    told = fractions_kept(keeps)
    return frame((row for one in ranked(tables) for keep in told for row in _rows(one, keep)), COLUMNS)


def ranked(tables: Tables) -> Iterator[Selection]:
    """Every selection of every condition that ranked a trace."""
    for corpus in corpora(tables):
        yield from (one for one in selections(tables, corpus) if one.present.any())


def by_class(one: Selection, keep: float) -> dict[str, FloatArray]:
    """Draws of the deleted units of each class, and of all its units ("all symbol")."""
    gone, columns = ~one.kept(keep), {}
    for name in CLASSES:
        members = one.corpus.classes == name
        columns[name] = one.per_trace(gone & members)
        columns[f"all {name}"] = one.per_trace(members)
    return totals(columns)


def realized(one: Selection, keep: float) -> float:
    """Kept / all tokens."""
    tokens = one.corpus.tokens
    return float(one.per_trace(tokens * one.kept(keep)).sum() / one.per_trace(tokens).sum())


def _rows(one: Selection, keep: float) -> Iterator[dict[str, Any]]:
    drawn = by_class(one, keep)
    gone = sum(float(drawn[name][0]) for name in CLASSES)
    shared = {**one.labels, "keep": keep, "realized": realized(one, keep), "traces": int(one.present.sum())}
    for name in CLASSES:
        rate, low, high = interval_of(quotient(drawn[name], drawn[f"all {name}"]))
        composition = float(drawn[name][0]) / gone if gone else float("nan")
        yield {**shared, "unit_class": name, "composition": composition, "rate": rate, "low": low, "high": high}
