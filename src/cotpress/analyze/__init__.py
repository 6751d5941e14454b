"""What a study found, as pure functions of its tables: data frames, and verdicts on the published findings."""

from cotpress.analyze.accuracy import accuracy
from cotpress.analyze.agreement import agreement
from cotpress.analyze.corpus import KEEPS
from cotpress.analyze.cost import cost
from cotpress.analyze.deletions import deletions
from cotpress.analyze.frontier import at_ratio, frontier
from cotpress.analyze.recovery import recovery
from cotpress.analyze.redundancy import redundancy
from cotpress.analyze.restructuring import monotonicity, restructuring
from cotpress.analyze.verdict import Verdict
from cotpress.analyze.verdicts import verdicts

__all__ = [
    "KEEPS",
    "Verdict",
    "accuracy",
    "agreement",
    "at_ratio",
    "cost",
    "deletions",
    "frontier",
    "monotonicity",
    "recovery",
    "redundancy",
    "restructuring",
    "verdicts",
]
