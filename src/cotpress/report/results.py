"""All that analysis says about a study, gathered once: figures, tables and the page read from here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cotpress import analyze
from cotpress.tables import Tables


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """Data frames of `cotpress.analyze`, by the name of the function that made them, and the verdicts."""

    agreement: Any
    deletions: Any
    recovery: Any
    redundancy: Any
    accuracy: Any
    frontier: Any
    restructuring: Any
    monotonicity: Any
    cost: Any
    verdicts: Sequence[Any]


def analysed(tables: Tables) -> Results:
    """Everything that analysis has to say about the tables."""
    return Results(
        agreement=analyze.agreement(tables),
        deletions=analyze.deletions(tables),
        recovery=analyze.recovery(tables),
        redundancy=analyze.redundancy(tables),
        accuracy=analyze.accuracy(tables),
        frontier=analyze.frontier(tables),
        restructuring=analyze.restructuring(tables),
        monotonicity=analyze.monotonicity(tables),
        cost=analyze.cost(tables),
        verdicts=analyze.verdicts(tables),
    )
