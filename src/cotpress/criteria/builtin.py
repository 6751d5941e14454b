"""The criteria that come with cotpress: by a model's signals, by position, by chance, by reflection."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from cotpress.criteria.evidence import Evidence
from cotpress.criteria.random_stream import make_generator
from cotpress.criteria.registry import register_criterion
from cotpress.text.markers import mark_reflective
from cotpress.types import FloatArray


@register_criterion("nll", published_in="self-information: Selective Context, arXiv 2310.06201", needs=["nll"])
def nll(evidence: Evidence) -> FloatArray:
    """Negative log-likelihood: what the model found hard to predict is kept."""
    return evidence.reduce_signal("nll")


@register_criterion("entropy", published_in="step entropy: arXiv 2508.03346", needs=["entropy"], reduction="sum")
def entropy(evidence: Evidence) -> FloatArray:
    """Entropy of the whole next-token distribution, summed: where the model was undecided is kept."""
    return evidence.reduce_signal("entropy")


@register_criterion(
    "saliency",
    published_in="LLMLingua-2: arXiv 2403.12968; TokenSkip: arXiv 2502.12067",
    needs=["keep_probability"],
)
def saliency(evidence: Evidence) -> FloatArray:
    """Learned saliency: the probability to keep, from a token classifier."""
    return evidence.reduce_signal("keep_probability")


@register_criterion("random", published_in="baseline: arXiv 2607.28707", seeded=True)
def random(evidence: Evidence) -> FloatArray:
    """Uniform noise in 0..1, fixed by the seed and the trace: the level that a criterion must beat."""
    return make_generator(evidence.seed).random(len(evidence))


@register_criterion("head", published_in="baseline: truncation")
def head(evidence: Evidence) -> FloatArray:
    """Truncation: the beginning is kept."""
    return 1.0 - _compute_positions(evidence)


@register_criterion("tail", published_in="baseline: truncation")
def tail(evidence: Evidence) -> FloatArray:
    """Truncation: the end is kept."""
    return _compute_positions(evidence)


@register_criterion("middle-out", published_in="baseline: position")
def middle_out(evidence: Evidence) -> FloatArray:
    """Both ends are kept; deletion starts in the middle and works outwards."""
    return np.abs(2.0 * _compute_positions(evidence) - 1.0)


def _compute_positions(evidence: Evidence) -> FloatArray:
    """Centre of each segment among all, strictly between 0 and 1."""
    return (np.arange(len(evidence)) + 0.5) / max(len(evidence), 1)


@register_criterion("reflection", published_in="baseline: targeted reflection, arXiv 2606.21704")
def reflection(evidence: Evidence) -> FloatArray:
    """Reflective steps go first (0), all others after them (1); ties are left to the position."""
    bounds = evidence.steps.tolist()
    reflective = mark_reflective([evidence.text[a:b] for a, b in pairwise(bounds)])
    step_of = np.searchsorted(evidence.steps, evidence.segments[:-1], side="right") - 1
    return np.where(np.array(reflective, dtype=bool)[step_of], 0.0, 1.0)
