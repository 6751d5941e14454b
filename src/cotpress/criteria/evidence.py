"""What a criterion is given, and how token signals become segment importance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from cotpress.errors import ModelError, build_unknown_name_error
from cotpress.number_formatting import count_noun
from cotpress.text import Segmentation
from cotpress.types import BoolArray, FloatArray, IntArray, Signals, Trace


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """All that a criterion may look at: one trace, and how its reasoning is cut into the segments to be ranked.

    Args:
        trace: question, reasoning, answer and gold answer. Only the reasoning is ever shortened.
        segmentation: steps, units and kinds of the reasoning.
        granularity: "step" or "token": whether a segment is a step or a unit.
        costs: [n], tokens of each segment.
        protected: [n], which segments are kept whatever their importance.
        signals: by the name of a signal, the numbers that hold it; several models may have given them.
        reduction: how token values become a segment's: a name of REDUCTIONS.
        seed: names the random stream of this trace.
    """

    trace: Trace
    segmentation: Segmentation
    granularity: str
    costs: IntArray
    protected: BoolArray
    signals: Mapping[str, Signals] = field(default_factory=dict)
    reduction: str = "mean"
    seed: str = "0"

    def __len__(self) -> int:
        return len(self.costs)

    @property
    def text(self) -> str:
        """The reasoning."""
        return self.segmentation.text

    @property
    def steps(self) -> IntArray:
        """[steps + 1], ascending character boundaries of the steps."""
        return self.segmentation.steps

    @property
    def segments(self) -> IntArray:
        """[n + 1], ascending character boundaries of the segments; they tile the text."""
        return self.segmentation.steps if self.granularity == "step" else self.segmentation.units

    @property
    def content_starts(self) -> IntArray:
        """[n], the first character of each segment that is no white space: a segment owns the white space before it."""
        pieces = (self.text[start:end] for start, end in pairwise(self.segments.tolist()))
        blank = np.array([len(piece) - len(piece.lstrip()) for piece in pieces], dtype=np.int64)
        return np.asarray(self.segments[:-1] + blank)

    def reduce_signal(self, name: str) -> FloatArray:
        """The named signal as one value a segment, [n].

        The first token of a segment is the one that its first character other than white space is in.

        Raises:
            ModelError: no source gave that signal.
        """
        if name not in self.signals:
            raise ModelError(
                f"The signal '{name}' was not computed for this trace.", "Choose a source that provides it."
            )
        offsets, values, bounds = self.signals[name].offsets, self.signals[name].values[name], self.segments
        if self.reduction == "first" and len(self):
            # white space goes to the segment before it: a token of a line break says nothing of what begins there
            bounds = np.append(self.content_starts, bounds[-1])
            begun = offsets[:, 1] > bounds[0]
            offsets, values = offsets[begun], values[begun]
        return reduce_token_values(offsets, values, bounds, self.reduction)


def reduce_token_values(offsets: IntArray, values: FloatArray, bounds: IntArray, reduction: str = "mean") -> FloatArray:
    """Token values to segment values by character overlap, shape [segments].

    A token that straddles a boundary (merged tokens do) counts in each segment by the share of its
    characters that lie there. A segment that no token touches takes the value of the one before it.

    Args:
        offsets: [tokens, 2], the characters of each token, in order.
        values: [tokens], a signal.
        bounds: [segments + 1], ascending boundaries of the segments; they tile the text.
        reduction: a name of REDUCTIONS.

    Raises:
        ModelError: the offsets do not lie in order within the text.
        OptionError: no such reduction.

    >>> offsets = np.array([[0, 2], [2, 4], [4, 8]])
    >>> reduce_token_values(offsets, np.array([1.0, 3.0, 5.0]), np.array([0, 4, 8])).tolist()
    [2.0, 5.0]
    """
    if reduction not in REDUCTIONS:
        raise build_unknown_name_error("reduction", reduction, REDUCTIONS)
    if len(bounds) < 2:
        return np.zeros(0)
    _check_offsets(offsets, values, int(bounds[-1]))
    segment, token, weight = _find_overlaps(offsets, bounds)
    reduced = REDUCTIONS[reduction](segment, values[token].astype(np.float64), weight, len(bounds) - 1)
    covered = np.bincount(segment, minlength=len(bounds) - 1) > 0
    return _fill_gaps(reduced, covered)


def _check_offsets(offsets: IntArray, values: FloatArray, length: int) -> None:
    if offsets.ndim != 2 or len(offsets) != len(values):
        raise ModelError(f"Signals of {count_noun(len(values), 'token')} came with offsets of shape {offsets.shape}.")
    starts, ends = offsets[:, 0], offsets[:, 1]
    if len(offsets) and (
        starts.min() < 0 or ends.max() > length or (ends < starts).any() or (np.diff(starts) < 0).any()
    ):
        raise ModelError(
            f"Token offsets leave the text (0..{length}) or run backwards.", "Use a tokenizer with offsets."
        )


def _find_overlaps(offsets: IntArray, bounds: IntArray) -> tuple[IntArray, IntArray, FloatArray]:
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


def _first(segment: IntArray, values: FloatArray, weight: FloatArray, count: int) -> FloatArray:
    out = np.zeros(count)
    present, at = np.unique(segment, return_index=True)
    out[present] = values[at]
    return out


REDUCTIONS: dict[str, Callable[[IntArray, FloatArray, FloatArray, int], FloatArray]] = {
    "mean": _mean,
    "sum": _sum,
    "max": _max,
    "min": _min,
    "first": _first,
}


def _fill_gaps(values: FloatArray, covered: np.ndarray) -> FloatArray:
    if covered.all():
        return values
    if not covered.any():
        return np.zeros(len(values))
    nearest = np.maximum.accumulate(np.where(covered, np.arange(len(values)), -1))
    return values[np.where(nearest >= 0, nearest, int(np.argmax(covered)))]
