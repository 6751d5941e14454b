"""The criterion that targets reflection."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from cotpress.criteria.evidence import Evidence
from cotpress.markers import is_reflective
from cotpress.types import FloatArray


def reflection(evidence: Evidence) -> FloatArray:
    """Reflective steps go first (0), all others after them (1); ties are left to the position."""
    bounds = evidence.steps.tolist()
    reflective = [is_reflective(evidence.text[a:b]) for a, b in pairwise(bounds)]
    step_of = np.searchsorted(evidence.steps, evidence.segments[:-1], side="right") - 1
    return np.where(np.array(reflective, dtype=bool)[step_of], 0.0, 1.0)
