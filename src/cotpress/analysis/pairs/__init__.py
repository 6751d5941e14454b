"""Pairs of an output: the original and what became of it, with what was kept, deleted and inserted marked."""

from cotpress.analysis.pairs.marked_text import PART_KINDS, MarkedPart, PartKind, join_kinds, mark_pair
from cotpress.analysis.pairs.output_pairs import OutputPairs, Pair, PairFigures, open_pairs
from cotpress.analysis.pairs.pair_order import (
    COMMON_NAMES,
    SortFigure,
    compute_means,
    find_pairs,
    list_sort_figures,
    list_values,
    order_pairs,
)
from cotpress.analysis.pairs.rejected_rows import read_rejected_rows
from cotpress.analysis.pairs.step_texts import StepKind, StepText, split_into_steps

__all__ = [
    "COMMON_NAMES",
    "PART_KINDS",
    "MarkedPart",
    "OutputPairs",
    "Pair",
    "PairFigures",
    "PartKind",
    "SortFigure",
    "StepKind",
    "StepText",
    "compute_means",
    "find_pairs",
    "join_kinds",
    "list_sort_figures",
    "list_values",
    "mark_pair",
    "open_pairs",
    "order_pairs",
    "read_rejected_rows",
    "split_into_steps",
]
