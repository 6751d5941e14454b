"""Criteria that read a model's signals."""

from __future__ import annotations

from cotpress.criteria.evidence import Evidence
from cotpress.types import FloatArray


def nll(evidence: Evidence) -> FloatArray:
    """Negative log-likelihood: what the model found hard to predict is kept."""
    return evidence.reduce("nll")


def entropy(evidence: Evidence) -> FloatArray:
    """Entropy of the whole next-token distribution: where the model was undecided is kept."""
    return evidence.reduce("entropy")


def saliency(evidence: Evidence) -> FloatArray:
    """Learned saliency: the probability to keep, from a token classifier."""
    return evidence.reduce("keep_probability")
