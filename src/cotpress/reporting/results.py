"""All that analysis says about a study, gathered once: figures, tables and the page read from here."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cotpress import analysis
from cotpress.analysis.advice import StudyModels
from cotpress.reporting.condition_advice import ConditionAdvice, advise_conditions
from cotpress.tables import StudyTables


@dataclass(frozen=True, slots=True, eq=False)
class AnalysisResults:
    """Data frames of `cotpress.analysis`, by the name of the function that made them, the verdicts and the advice."""

    agreement: Any
    deletions: Any
    recovery: Any
    redundancy: Any
    accuracy: Any
    plateaus: Any
    restructuring: Any
    monotonicity: Any
    cost: Any
    gauges: Any
    verdicts: Sequence[Any]
    advice: Sequence[ConditionAdvice] = ()

    @property
    def frontier(self) -> Any:
        """The plateaus by their name of earlier versions: it works, with a warning, until the next one."""
        warnings.warn("AnalysisResults.frontier is now plateaus.", DeprecationWarning, stacklevel=2)
        return self.plateaus


def analyze_tables(tables: StudyTables, models: StudyModels | None = None) -> AnalysisResults:
    """Everything that analysis has to say about the tables; `models` are what the study measured with."""
    verdicts = analysis.judge_findings(tables)
    return AnalysisResults(
        agreement=analysis.tabulate_agreement(tables),
        deletions=analysis.tabulate_deletions(tables),
        recovery=analysis.tabulate_recovery(tables),
        redundancy=analysis.tabulate_redundancy(tables),
        accuracy=analysis.tabulate_accuracy(tables),
        plateaus=analysis.tabulate_plateaus(tables),
        restructuring=analysis.tabulate_restructuring(tables),
        monotonicity=analysis.tabulate_monotonicity(tables),
        cost=analysis.tabulate_cost(tables),
        gauges=analysis.tabulate_gauges(tables),
        verdicts=verdicts,
        advice=advise_conditions(tables, verdicts, models),
    )
