"""Reasoning -> steps -> units, as spans that tile the text exactly."""

from cotpress.text.blocks.unit_blocks import FORMULA_MODES, find_unit_blocks
from cotpress.text.segmentation import (
    STEP_MODES,
    Segmentation,
    cut_finer,
    list_sentence_bounds,
    mark_covered,
    segment,
)
from cotpress.text.units.unit_kinds import UnitKind

__all__ = [
    "FORMULA_MODES",
    "STEP_MODES",
    "Segmentation",
    "UnitKind",
    "cut_finer",
    "find_unit_blocks",
    "list_sentence_bounds",
    "mark_covered",
    "segment",
]
