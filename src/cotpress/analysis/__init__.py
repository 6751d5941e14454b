"""What a study found, as pure functions of its tables: data frames, and verdicts on the published findings."""

from cotpress.analysis.accuracy import tabulate_accuracy
from cotpress.analysis.agreement import tabulate_agreement
from cotpress.analysis.cost import tabulate_cost
from cotpress.analysis.deletions import tabulate_deletions
from cotpress.analysis.frontier import tabulate_at_ratio, tabulate_frontier
from cotpress.analysis.gauge_means import tabulate_gauges
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
    "tabulate_frontier",
    "tabulate_gauges",
    "tabulate_monotonicity",
    "tabulate_recovery",
    "tabulate_redundancy",
    "tabulate_restructuring",
]
