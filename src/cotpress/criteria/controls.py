"""Baselines that use the form of a trace alone: one block of it, and how much of each segment is formal."""

from __future__ import annotations

import numpy as np

from cotpress.criteria.evidence import Evidence
from cotpress.criteria.random_stream import make_generator
from cotpress.criteria.registry import register_criterion
from cotpress.types import FloatArray


@register_criterion("random-block", published_in="baseline: a chunk at random", seeded=True)
def random_block(evidence: Evidence) -> FloatArray:
    """One contiguous block is kept; where it lies is drawn at random, fixed by the seed and the trace.

    With p drawn from 0..1, the block of a share k of the tokens covers (1 - k) p .. (1 - k) p + k. So every place is as
    likely as every other at each budget, and the block of a smaller budget lies in that of a larger one. The importance
    of a segment is 1 minus the smallest k whose block covers it.
    """
    place = float(make_generator(f"block:{evidence.seed}").random())
    ends = np.cumsum(np.maximum(evidence.costs, 1.0))
    if not len(ends):
        return ends
    starts, ends = np.append(0.0, ends[:-1]) / ends[-1], ends / ends[-1]
    to_start = 1.0 - starts / max(place, 1e-300)
    to_end = (ends - place) / (1.0 - place)
    return np.asarray(1.0 - np.clip(np.maximum(to_start, to_end), 0.0, 1.0))


@register_criterion("density", published_in="baseline: formal symbols per token")
def density(evidence: Evidence) -> FloatArray:
    """Formal symbols per token: numbers, operators, variables, LaTeX and code are kept, prose goes."""
    segmentation = evidence.segmentation
    formal = np.append(0, np.cumsum(segmentation.formal))
    bounds = np.searchsorted(segmentation.units, evidence.segments)
    return np.asarray(np.diff(formal[bounds]) / np.maximum(evidence.costs, 1))
