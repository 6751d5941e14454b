"""Findings on importance criteria, read from students: protection, and the baselines that criteria have to beat."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cotpress.analysis.bootstrap_draws import average_draws, quotient
from cotpress.analysis.constants import MODEL_CRITERIA, PROBABILITY_CRITERIA, SALIENCY_CRITERION
from cotpress.analysis.curves import AccuracyCurve, average_over_common_ratios, build_curves
from cotpress.analysis.evaluation_groups import EvaluationGroup
from cotpress.analysis.verdicts.judgement import FindingEvidence, PublishedFinding, pool_group_evidence
from cotpress.analysis.verdicts.registry import ACCURACY_SCALE, StudyMeasurements, register_verdict
from cotpress.types import FloatArray

GENERAL_CRITERIA = (*MODEL_CRITERIA, "random")
MethodKey = tuple[str, str, bool]  # method, granularity, symbols protected


@register_verdict(
    PublishedFinding(
        "symbol-protection",
        "Protecting symbols closes most of the accuracy gap of probability criteria on tokens.",
        "Forbidding the deletion of symbols closes most of the gap.",
        "Of the gap to saliency on tokens (without saliency: to the same criterion on steps) at the same realized "
        "ratios, protection closes more than half; where there is no gap it closes nothing.",
        "share of the gap",
        0.5,
        position=4,
    )
)
def measure_protection_gain(study: StudyMeasurements) -> FindingEvidence:
    """The share of probability criteria's deficit on tokens that protecting symbols makes good; 0 where there is none.

    The deficit is against saliency on tokens, or, where there is no saliency, against the same criterion on steps.
    """
    comparisons = []
    for panel in study.groups:
        by_key = _map_curves_by_key(panel)
        gains = [gain for name in PROBABILITY_CRITERIA if (gain := _compare_protection(by_key, name)) is not None]
        if gains:
            gap, closed = (average_draws(np.stack(part)) for part in zip(*gains, strict=True))
            comparisons.append((panel, gap, closed))
    deficit = pool_group_evidence(
        [(panel, gap) for panel, gap, _ in comparisons], "entropy or nll on tokens, with and without symbols"
    )
    gained = pool_group_evidence([(panel, closed) for panel, _, closed in comparisons], "")
    if deficit.draws is None or gained.draws is None:
        return deficit
    return FindingEvidence(
        np.where(deficit.draws > 0, np.nan_to_num(quotient(gained.draws, deficit.draws)), 0.0), deficit.text
    )


def _compare_protection(by_key: dict[MethodKey, AccuracyCurve], name: str) -> tuple[FloatArray, FloatArray] | None:
    """Draws of the deficit, and of how much of it protection makes good, at the same realized ratios."""
    bare, guarded = by_key.get((name, "token", False)), by_key.get((name, "token", True))
    reference = by_key.get((SALIENCY_CRITERION, "token", False)) or by_key.get((name, "step", False))
    if bare is None or guarded is None or reference is None:
        return None
    read = average_over_common_ratios(bare, guarded, reference)
    return None if read is None else (read[2] - read[0], read[1] - read[0])


@register_verdict(
    PublishedFinding(
        "over-random",
        "Entropy and NLL pruning beat random pruning.",
        "Entropy pruning has to be held against random pruning; numerals explain much of its merit (arXiv 2607.28707).",
        "Accuracy of entropy and NLL pruning less that of random pruning at the same realized ratios is above 0.",
        ACCURACY_SCALE,
        position=11,
        source="arXiv 2607.28707",
    )
)
def measure_gain_over_random(study: StudyMeasurements) -> FindingEvidence:
    """Accuracy of entropy and NLL pruning less that of random pruning, at the same realized ratio."""
    comparisons = []
    for panel in study.groups:
        by_key = _map_curves_by_key(panel)
        pairs = [
            ((name, size, False), ("random", size, False))
            for name in PROBABILITY_CRITERIA
            for size in ("step", "token")
        ]
        comparisons += _compute_differences(panel, by_key, pairs)
    return pool_group_evidence(comparisons, "random pruning beside entropy or nll")


@register_verdict(
    PublishedFinding(
        "diffuse-redundancy",
        "Redundancy is diffuse: deleting reflective steps first has no advantage.",
        "Reflective steps are 30.2% of Long-CoT steps, yet targeting them gave no advantage.",
        "In long regimes, accuracy with the criterion reflection less that of entropy, NLL, saliency and random "
        "pruning at the same realized ratios is below 0.02.",
        ACCURACY_SCALE,
        0.02,
        above=False,
        position=10,
    )
)
def measure_reflection_gain(study: StudyMeasurements) -> FindingEvidence:
    """Accuracy of deleting reflective steps first less that of the general criteria, in long regimes."""
    comparisons = []
    for panel in study.groups:
        if panel.regime.casefold() == "long":
            pairs = [(("reflection", "step", False), (name, "step", False)) for name in GENERAL_CRITERIA]
            comparisons += _compute_differences(panel, _map_curves_by_key(panel), pairs)
    return pool_group_evidence(comparisons, "the criterion reflection beside others on steps of a long regime")


def _compute_differences(
    panel: EvaluationGroup, by_key: dict[MethodKey, AccuracyCurve], pairs: Sequence[tuple[MethodKey, MethodKey]]
) -> list[tuple[EvaluationGroup, FloatArray]]:
    """The mean over pairs of methods of the first's accuracy less the second's; nothing where no pair is there."""
    read = [
        average_over_common_ratios(by_key[first], by_key[second])
        for first, second in pairs
        if first in by_key and second in by_key
    ]
    differences = [both[0] - both[1] for both in read if both is not None]
    return [(panel, average_draws(np.stack(differences)))] if differences else []


def _map_curves_by_key(panel: EvaluationGroup) -> dict[MethodKey, AccuracyCurve]:
    return {
        (curve.method, curve.granularity, curve.symbols): curve for curve in build_curves(panel) if curve.granularity
    }
