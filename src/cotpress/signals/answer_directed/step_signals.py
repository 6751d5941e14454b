"""Signals that say something of whole steps: where the steps are, and one value each."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from cotpress.text import segment
from cotpress.types import FloatArray, IntArray, Signals, Trace


def find_steps(trace: Trace, mode: str) -> IntArray:
    """The boundaries of the steps of the reasoning, [steps + 1], ascending characters.

    >>> find_steps(Trace("1", "2+3?", "Two and three.\\n\\n2+3=5."), "auto").tolist()
    [0, 14, 22]
    """
    return segment(trace.reasoning, mode).steps


def build_step_signals(name: str, bounds: IntArray, values: FloatArray) -> Signals:
    """One value a step as signals: each step stands where a token would, so that it is reduced as it is.

    >>> build_step_signals("pir", np.array([0, 14, 22]), np.array([0.0, 1.5])).offsets.tolist()
    [[0, 14], [14, 22]]
    """
    offsets = np.array(list(pairwise(bounds.tolist())), dtype=np.int64).reshape(-1, 2)
    return Signals(offsets, {name: np.asarray(values, dtype=np.float64)})
