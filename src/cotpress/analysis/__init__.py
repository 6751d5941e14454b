"""What a study found, as pure functions of its tables: data frames, and verdicts on the published findings."""

import warnings
from typing import Any

from cotpress.analysis.accuracy import tabulate_accuracy
from cotpress.analysis.agreement import tabulate_agreement
from cotpress.analysis.cost import tabulate_cost
from cotpress.analysis.deletions import tabulate_deletions
from cotpress.analysis.gauge_means import tabulate_gauges
from cotpress.analysis.plateaus import tabulate_at_ratio, tabulate_plateaus
from cotpress.analysis.recovery import tabulate_recovery
from cotpress.analysis.redundancy import tabulate_redundancy
from cotpress.analysis.restructuring import tabulate_monotonicity, tabulate_restructuring
from cotpress.analysis.selections import KEEP_RATIOS
from cotpress.analysis.verdicts import VERDICTS, FindingTest, StudyMeasurements, judge_findings
from cotpress.analysis.verdicts.judgement import FindingEvidence, FindingVerdict, PublishedFinding

__all__ = [
    "KEEP_RATIOS",
    "VERDICTS",
    "FindingEvidence",
    "FindingTest",
    "FindingVerdict",
    "PublishedFinding",
    "StudyMeasurements",
    "judge_findings",
    "tabulate_accuracy",
    "tabulate_agreement",
    "tabulate_at_ratio",
    "tabulate_cost",
    "tabulate_deletions",
    "tabulate_gauges",
    "tabulate_monotonicity",
    "tabulate_plateaus",
    "tabulate_recovery",
    "tabulate_redundancy",
    "tabulate_restructuring",
]


def __getattr__(name: str) -> Any:
    if name != "tabulate_frontier":  # the name of earlier versions: it works, with a warning, until the next one
        raise AttributeError(f"module 'cotpress.analysis' has no attribute '{name}'")
    warnings.warn("cotpress.analysis.tabulate_frontier is now tabulate_plateaus.", DeprecationWarning, stacklevel=2)
    return tabulate_plateaus
