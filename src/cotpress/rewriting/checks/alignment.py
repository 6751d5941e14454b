"""Aligning the steps of two texts: how much each pair shares, and the best pairing in order.

The longest common subsequence is computed bit by bit: one Python integer holds a column of the usual table for
all steps of the original at once (H. Hyyrö, "Bit-parallel LCS-length computation revisited", 2004). Each step has
a field of whole bytes with at least one spare bit at its top, which catches the carry of the addition, so that
steps do not disturb each other and counting is a count of set bits in runs of bytes.
"""

from __future__ import annotations

import numpy as np

from cotpress.rewriting.checks.content import ContentUnits
from cotpress.types import IntArray

_CHUNK_BYTES = 1 << 22  # bytes of columns that are counted at once


def count_common_units(original: ContentUnits, rewritten: ContentUnits) -> IntArray:
    """How many units the longest common subsequence of each pair of steps has, [original steps, rewritten steps]."""
    fields = [(end - start) // 8 + 1 for start, end in zip(original.bounds, original.bounds[1:], strict=False)]
    if not fields or not rewritten.step_count:
        return np.zeros((len(fields), rewritten.step_count), np.int64)
    starts = np.concatenate(([0], np.cumsum(fields)))
    size = int(starts[-1])
    full, places = _find_unit_positions(original, starts.tolist(), size, frozenset(rewritten.units))
    counts = np.empty((rewritten.step_count, len(fields)), np.int64)
    chunk = max(1, _CHUNK_BYTES // size)
    for first in range(0, rewritten.step_count, chunk):
        numbers = range(first, min(first + chunk, rewritten.step_count))
        columns = b"".join(
            _compute_column(rewritten.step_units(number), full, places).to_bytes(size, "little") for number in numbers
        )
        bits = np.bitwise_count(np.frombuffer(columns, np.uint8)).reshape(len(numbers), size)
        np.add.reduceat(bits, starts[:-1], axis=1, dtype=np.int64, out=counts[numbers.start : numbers.stop])
    return counts.T


def _find_unit_positions(
    original: ContentUnits, starts: list[int], size: int, units: frozenset[str]
) -> tuple[int, dict[str, int]]:
    """All bits that stand for a unit, and for each of `units` the bits where the original has it."""
    everywhere = bytearray(size)
    places: dict[str, bytearray] = {}
    for number, start in enumerate(starts[:-1]):
        for bit, unit in enumerate(original.step_units(number), start * 8):
            everywhere[bit >> 3] |= 1 << (bit & 7)
            if unit in units:
                if unit not in places:
                    places[unit] = bytearray(size)
                places[unit][bit >> 3] |= 1 << (bit & 7)
    return int.from_bytes(everywhere, "little"), {unit: int.from_bytes(bits, "little") for unit, bits in places.items()}


def _compute_column(step: tuple[str, ...], full: int, places: dict[str, int]) -> int:
    """The set bits in each field count what that step of the original has in common with `step_units`."""
    row = full
    for unit in step:
        place = places.get(unit)
        if place is not None:
            meets = row & place
            row = ((row + meets) | (row ^ meets)) & full
    return full ^ row


def compute_best_ordered_sum(shared: IntArray) -> int:
    """The greatest sum of `shared` over pairs of steps, one to one and strictly ascending on both sides."""
    best = np.zeros(shared.shape[0] + 1, np.int64)
    for column in shared.T:
        np.maximum(best[1:], best[:-1] + column, out=best[1:])
        np.maximum.accumulate(best, out=best)
    return int(best[-1])
