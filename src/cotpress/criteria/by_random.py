"""The random baseline."""

from __future__ import annotations

import hashlib

import numpy as np

from cotpress.criteria.evidence import Evidence
from cotpress.types import FloatArray


def random(evidence: Evidence) -> FloatArray:
    """Uniform noise in 0..1, fixed by the seed and the trace: the level that a criterion must beat."""
    digest = hashlib.blake2b(evidence.seed.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big"))).random(len(evidence))
