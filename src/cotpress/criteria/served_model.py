"""A criterion from what a server says of each token: it gives a few alternatives, not the whole distribution."""

from __future__ import annotations

from cotpress.criteria.evidence import Evidence
from cotpress.criteria.registry import register_criterion
from cotpress.types import FloatArray


@register_criterion(
    "top-k-entropy",
    published_in="step entropy, arXiv 2508.03346, of the few most probable tokens that a server gives",
    needs=["top_k_entropy"],
    reduction="sum",
)
def top_k_entropy(evidence: Evidence) -> FloatArray:
    """Entropy of the most probable tokens and of all others as one, summed: never above `entropy`, nor equal to it."""
    return evidence.reduce_signal("top_k_entropy")
