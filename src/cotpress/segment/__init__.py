"""Reasoning -> steps -> units, as spans that tile the text exactly."""

from cotpress.segment.kinds import UnitKind
from cotpress.segment.segmentation import STEP_MODES, Segmentation, segment

__all__ = ["STEP_MODES", "Segmentation", "UnitKind", "segment"]
