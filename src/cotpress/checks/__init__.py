"""What makes a level true: checks with a verdict and a reason, and figures of what a rewrite did."""

from cotpress.checks.draft import Draft
from cotpress.checks.examination import CHECKS, COMMON, Check, Verdict, check_names, examine
from cotpress.checks.numbers import faithfulness, supported_numbers
from cotpress.checks.restructuring import restructuring, restructuring_of

__all__ = [
    "CHECKS",
    "COMMON",
    "Check",
    "Draft",
    "Verdict",
    "check_names",
    "examine",
    "faithfulness",
    "restructuring",
    "restructuring_of",
    "supported_numbers",
]
