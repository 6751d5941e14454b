"""Baselines that look only at where a segment stands. Values lie in 0..1, so that traces compare."""

from __future__ import annotations

import numpy as np

from cotpress.criteria.evidence import Evidence
from cotpress.types import FloatArray


def head(evidence: Evidence) -> FloatArray:
    """Truncation: the beginning is kept."""
    return 1.0 - _place(evidence)


def tail(evidence: Evidence) -> FloatArray:
    """Truncation: the end is kept."""
    return _place(evidence)


def middle_out(evidence: Evidence) -> FloatArray:
    """Both ends are kept; deletion starts in the middle and works outwards."""
    return np.abs(2.0 * _place(evidence) - 1.0)


def _place(evidence: Evidence) -> FloatArray:
    """Centre of each segment among all, strictly between 0 and 1."""
    return (np.arange(len(evidence)) + 0.5) / max(len(evidence), 1)
