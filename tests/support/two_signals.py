"""A criterion that reads signals of two sources, and the second source. Importable by worker processes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

import numpy as np

from cotpress.criteria import Criterion, Evidence
from cotpress.models import ModelSpec
from cotpress.pipeline import SourceKind
from cotpress.types import FloatArray, Rejected, Signals, Trace


class Lengths:
    """Says of each word how long it is."""

    provides = frozenset({"length"})
    identity: ClassVar[Mapping[str, str]] = {"model": "lengths"}
    reads = frozenset({"reasoning"})

    def score(self, traces: Sequence[Trace]) -> list[Signals]:
        return [self._score_trace(trace) for trace in traces]

    @staticmethod
    def _score_trace(trace: Trace) -> Signals:
        start, offsets = 0, []
        for word in trace.reasoning.split(" "):
            if word:
                offsets.append((start, start + len(word)))
            start += len(word) + 1
        spans = np.array(offsets, dtype=np.int64).reshape(-1, 2)
        return Signals(spans, {"length": (spans[:, 1] - spans[:, 0]).astype(float)})


def make_lengths(model: ModelSpec, rows: Iterable[Trace | Rejected]) -> Lengths:
    """The length of words: no model."""
    return Lengths()


def weigh(evidence: Evidence) -> FloatArray:
    """Surprise times length."""
    return evidence.reduce_signal("nll") * evidence.reduce_signal("length")


LENGTHS = SourceKind(Lengths.provides, make_lengths)
MODEL_LENGTHS = SourceKind(Lengths.provides, make_lengths, needs_model=True)  # as if a model said it
LONG_WORDS = Criterion("long-words", lambda evidence: evidence.reduce_signal("length"), needs=Lengths.provides)
BOTH = Criterion("both", weigh, needs=frozenset({"nll", "length"}))
