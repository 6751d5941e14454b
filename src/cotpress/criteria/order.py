"""The order of deletion that a criterion ends in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cotpress.types import BoolArray, FloatArray, IntArray

Requirements = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """All segments of a trace in one order. What comes last is deleted first, so smaller budgets nest in larger ones.

    Args:
        segments: [n], every segment's index once, the most important first.
        importance: [n], by segment, never rising along `segments`; it is compared between traces by corpus-wide
            thresholds. None: the rank decides, 1 for the first segment and 1/n for the last.
        requires: pairs (segment, needed): the first is never kept without the second.

    >>> Order(np.array([2, 0, 1])).importance_or_rank.round(2).tolist()
    [0.67, 0.33, 1.0]
    """

    segments: IntArray
    importance: FloatArray | None = None
    requires: Requirements = ()

    @classmethod
    def from_importance(cls, importance: FloatArray, requires: Requirements = ()) -> Order:
        """The order by importance, [n], higher first; equals by position, earlier first.

        >>> Order.from_importance(np.array([1.0, 3.0, 1.0])).segments.tolist()
        [1, 0, 2]
        """
        return cls(np.argsort(-importance, kind="stable"), importance, requires)

    def put_first(self, favoured: BoolArray) -> Order:
        """The same order with the segments in `favoured`, [n], before all others.

        Importance stays comparable between traces: it is mapped into -1..1, and into 1..3 for those that come first.

        >>> order = Order.from_importance(np.array([5.0, 1.0, 3.0])).put_first(np.array([False, True, True]))
        >>> order.segments.tolist(), order.importance_or_rank.round(2).tolist()
        ([2, 1, 0], [0.83, 2.5, 2.75])
        """
        if not favoured.any() or favoured.all():
            return self
        first = favoured[self.segments]
        values = self.importance_or_rank
        bounded = values / (1.0 + np.abs(values)) + np.where(favoured, 2.0, 0.0)
        return Order(np.concatenate([self.segments[first], self.segments[~first]]), bounded, self.requires)

    def __len__(self) -> int:
        return len(self.segments)

    @property
    def importance_or_rank(self) -> FloatArray:
        """The importance of each segment, [n]; by rank, in (0, 1], where the criterion gave none."""
        if self.importance is not None:
            return self.importance
        by_rank = np.empty(len(self))
        by_rank[self.segments] = 1.0 - np.arange(len(self)) / max(1, len(self))
        return by_rank


def find_order_fault(order: Order, count: int) -> str:
    """What is wrong with an order of `count` segments, in a few words; "" where it is sound.

    >>> find_order_fault(Order(np.array([0, 0])), 2)
    'its segments are not each of 0..1 once'
    """
    segments = np.asarray(order.segments)
    if segments.ndim != 1 or sorted(segments.tolist()) != list(range(count)):
        return f"its segments are not each of 0..{count - 1} once"
    if order.importance is not None:
        fault = find_importance_fault(order.importance, count)
        if fault:
            return fault
        if (np.diff(order.importance[segments]) > 0).any():
            return "its importance rises along its segments"
    if any(not (0 <= index < count) for pair in order.requires for index in pair):
        return f"it requires a segment outside 0..{count - 1}"
    return ""


def find_importance_fault(importance: FloatArray, count: int) -> str:
    """What is wrong with the importance of `count` segments, in a few words; "" where it is sound.

    >>> find_importance_fault(np.array([0.5, np.nan]), 2)
    'its importance is not finite'
    """
    values = np.asarray(importance)
    if values.shape != (count,) or values.dtype.kind not in "fiub":
        return f"its importance has shape {values.shape} and type {values.dtype}, not {count} numbers"
    return "" if np.isfinite(values).all() else "its importance is not finite"


def find_coverage_fault(importance: FloatArray | None) -> str:
    """What is wrong with importance that is to be 1 - (share covered before), in a few words; "" where it is sound.

    >>> find_coverage_fault(np.array([1.0, 3.0]))
    'it declares coverage, and its importance is not in 0..1'
    """
    if importance is None:
        return "it declares coverage, and gives no importance"
    outside = len(importance) and (importance.min() < 0 or importance.max() > 1)
    return "it declares coverage, and its importance is not in 0..1" if outside else ""
