"""What makes a level true: checks with a verdict and a reason, and figures of what a rewrite did."""

from cotpress.rewriting.checks.backbone import measure_backbone_kept
from cotpress.rewriting.checks.draft import Draft
from cotpress.rewriting.checks.numbers import measure_faithfulness, measure_number_support
from cotpress.rewriting.checks.registry import (
    CHECKS,
    COMMON_CHECKS,
    CheckFailure,
    DraftCheck,
    run_checks,
    validate_check_names,
)
from cotpress.rewriting.checks.restructuring import measure_restructuring, measure_restructuring_of_segmentations

__all__ = [
    "CHECKS",
    "COMMON_CHECKS",
    "CheckFailure",
    "Draft",
    "DraftCheck",
    "measure_backbone_kept",
    "measure_faithfulness",
    "measure_number_support",
    "measure_restructuring",
    "measure_restructuring_of_segmentations",
    "run_checks",
    "validate_check_names",
]
