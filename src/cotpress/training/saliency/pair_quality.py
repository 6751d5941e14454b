"""Which pairs are trusted: quality control as in LLMLingua-2 (arXiv 2403.12968, section 4.1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from cotpress.training.saliency.pairs import LabelledPair
from cotpress.types import FloatArray, Rejected

PairMetric = Callable[[LabelledPair], float]


def get_variation_rate(pair: LabelledPair) -> float:
    """The pair's variation rate, 0..1."""
    return pair.labels.variation_rate


def get_alignment_gap(pair: LabelledPair) -> float:
    """The pair's alignment gap, 0..1."""
    return pair.labels.alignment_gap


def filter_pairs(
    pairs: Sequence[LabelledPair], drop_variation: float, drop_gap: float
) -> tuple[list[LabelledPair], list[Rejected]]:
    """Reject the worst share of the pairs by variation rate, then of the others by alignment gap.

    Worst are those strictly above the share's quantile, so that equal pairs share a fate, and nothing is
    rejected where all are alike: exact deletions have 0 in both.
    """
    trusted, out = _drop_worst(pairs, drop_variation, get_variation_rate, "variation-rate", "words the original lacks")
    trusted, more = _drop_worst(trusted, drop_gap, get_alignment_gap, "alignment-gap", "words left without a place")
    return trusted, [*out, *more]


def summarize_distribution(values: Sequence[float]) -> dict[str, float]:
    """Mean and quantiles, rounded; empty without values."""
    if not len(values):
        return {}
    marks = np.quantile(values, (0.5, 0.9, 0.95, 1.0))
    named = zip(("median", "p90", "p95", "max"), marks.tolist(), strict=True)
    return {"mean": round(float(np.mean(values)), 4), **{name: round(value, 4) for name, value in named}}


def _drop_worst(
    pairs: Sequence[LabelledPair], share: float, figure: PairMetric, reason: str, what: str
) -> tuple[list[LabelledPair], list[Rejected]]:
    if not pairs or not share:
        return list(pairs), []
    values: FloatArray = np.array([figure(pair) for pair in pairs])
    limit = float(np.quantile(values, 1 - share, method="inverted_cdf"))
    detail = f"Among the worst {share:.0%} by {reason.replace('-', ' ')} ({what}): {{:.3f}}, above {limit:.3f}."
    out = [
        pair.reject(reason, detail.format(value)) for pair, value in zip(pairs, values, strict=True) if value > limit
    ]
    return [pair for pair, value in zip(pairs, values, strict=True) if value <= limit], out
