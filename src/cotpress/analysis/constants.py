"""What the published study compared, by name, and the share of accuracy that it asks for."""

from __future__ import annotations

from typing import Final

PROBABILITY_CRITERIA: Final = ("entropy", "nll")
SALIENCY_CRITERION: Final = "saliency"
MODEL_CRITERIA: Final = (*PROBABILITY_CRITERIA, SALIENCY_CRITERION)
"""Criteria that read a model's signals."""
LEVEL_ORDER: Final = ("preserve", "edit", "fuse", "replace")
"""The levels from the least to the most restructured."""
RETENTION_THRESHOLD: Final = 0.9
"""Share of the uncompressed student's accuracy, 0..1: what keeps it is on the plateau."""
