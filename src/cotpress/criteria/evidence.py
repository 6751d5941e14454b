"""What a criterion is given, and how token signals become segment importance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cotpress.errors import ModelError, unknown_name
from cotpress.types import FloatArray, IntArray, Signals
from cotpress.wording import counted


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """One trace's reasoning, cut into the segments that are to be ranked.

    `segments` [n+1] and `steps` [m+1] are ascending character boundaries that tile `text`; at step
    granularity they are the same. `seed` names the random stream of this trace.
    """

    text: str
    segments: IntArray
    steps: IntArray
    signals: Signals | None = None
    reduction: str = "mean"
    seed: str = "0"

    def __len__(self) -> int:
        return len(self.segments) - 1

    def reduce(self, name: str) -> FloatArray:
        """The named signal as one value a segment, shape [n]."""
        if self.signals is None or name not in self.signals.values:
            raise ModelError(
                f"The signal '{name}' was not computed for this trace.", "Choose a source that provides it."
            )
        return reduce_tokens(self.signals.offsets, self.signals.values[name], self.segments, self.reduction)


def reduce_tokens(offsets: IntArray, values: FloatArray, bounds: IntArray, reduction: str = "mean") -> FloatArray:
    """Token values to segment values by character overlap, shape [segments].

    A token that straddles a boundary (merged tokens do) counts in each segment by the share of its
    characters that lie there. A segment that no token touches takes the value of the one before it.

    Raises:
        ModelError: the offsets do not lie in order within the text.
        OptionError: no such reduction.
    """
    if reduction not in REDUCTIONS:
        raise unknown_name("reduction", reduction, REDUCTIONS)
    if len(bounds) < 2:
        return np.zeros(0)
    _check(offsets, values, int(bounds[-1]))
    segment, token, weight = _overlaps(offsets, bounds)
    reduced = REDUCTIONS[reduction](segment, values[token].astype(np.float64), weight, len(bounds) - 1)
    covered = np.bincount(segment, minlength=len(bounds) - 1) > 0
    return _filled(reduced, covered)


def _check(offsets: IntArray, values: FloatArray, length: int) -> None:
    if offsets.ndim != 2 or len(offsets) != len(values):
        raise ModelError(f"Signals of {counted(len(values), 'token')} came with offsets of shape {offsets.shape}.")
    starts, ends = offsets[:, 0], offsets[:, 1]
    if len(offsets) and (
        starts.min() < 0 or ends.max() > length or (ends < starts).any() or (np.diff(starts) < 0).any()
    ):
        raise ModelError(
            f"Token offsets leave the text (0..{length}) or run backwards.", "Use a tokenizer with offsets."
        )


def _overlaps(offsets: IntArray, bounds: IntArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Every (segment, token) pair that shares characters, with the share of the token that lies there."""
    last_segment = len(bounds) - 2
    starts, ends = offsets[:, 0], offsets[:, 1]
    first = np.clip(np.searchsorted(bounds, starts, side="right") - 1, 0, last_segment)
    last = np.clip(np.searchsorted(bounds, np.maximum(ends - 1, starts), side="right") - 1, 0, last_segment)
    spread = last - first + 1
    token = np.repeat(np.arange(len(offsets)), spread)
    within = np.arange(len(token)) - np.repeat(np.cumsum(spread) - spread, spread)
    segment = first[token] + within
    shared = np.minimum(ends[token], bounds[segment + 1]) - np.maximum(starts[token], bounds[segment])
    length = ends[token] - starts[token]
    return segment, token, np.where(length > 0, shared / np.maximum(length, 1), 1.0)


def _mean(segment: IntArray, values: FloatArray, weight: FloatArray, count: int) -> FloatArray:
    total = np.bincount(segment, weight, minlength=count)
    return np.bincount(segment, weight * values, minlength=count) / np.where(total > 0, total, 1.0)


def _sum(segment: IntArray, values: FloatArray, weight: FloatArray, count: int) -> FloatArray:
    return np.bincount(segment, weight * values, minlength=count).astype(np.float64)


def _max(segment: IntArray, values: FloatArray, weight: FloatArray, count: int) -> FloatArray:
    out = np.full(count, -np.inf)
    np.maximum.at(out, segment, values)
    return out


def _min(segment: IntArray, values: FloatArray, weight: FloatArray, count: int) -> FloatArray:
    out = np.full(count, np.inf)
    np.minimum.at(out, segment, values)
    return out


REDUCTIONS: dict[str, Callable[[IntArray, FloatArray, FloatArray, int], FloatArray]] = {
    "mean": _mean,
    "sum": _sum,
    "max": _max,
    "min": _min,
}


def _filled(values: FloatArray, covered: np.ndarray) -> FloatArray:
    if covered.all():
        return values
    if not covered.any():
        return np.zeros(len(values))
    nearest = np.maximum.accumulate(np.where(covered, np.arange(len(values)), -1))
    return values[np.where(nearest >= 0, nearest, int(np.argmax(covered)))]
