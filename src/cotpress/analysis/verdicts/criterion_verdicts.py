"""Findings on importance criteria, read from students: protection, and the baselines that criteria have to beat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from cotpress.analysis.bootstrap_draws import average_draws, quotient
from cotpress.analysis.constants import PROBABILITY_CRITERIA, SALIENCY_CRITERION
from cotpress.analysis.curves import AccuracyCurve, average_over_common_ratios, build_curves
from cotpress.analysis.evaluation_groups import EvaluationGroup
from cotpress.analysis.pooled_effects import PooledEffect, combine_all, combine_any
from cotpress.analysis.verdicts.judgement import (
    FindingEvidence,
    PublishedFinding,
    pool_group_effect,
    pool_group_evidence,
    select_enough_problems,
)
from cotpress.analysis.verdicts.registry import ACCURACY_SCALE, StudyMeasurements, register_verdict
from cotpress.tables import is_control
from cotpress.types import FloatArray

REFLECTION_CRITERION, REFLECTION_MARGIN = "reflection", 0.02
MethodKey = tuple[str, str, bool]  # method, granularity, symbols protected


@register_verdict(
    PublishedFinding(
        "symbol-protection",
        "Protecting symbols closes most of the accuracy gap of probability criteria on tokens.",
        "Forbidding the deletion of symbols closes most of the gap.",
        "Of the gap to saliency on tokens (without saliency: to the same criterion on steps) at the same realized "
        "ratios, protection closes more than half; where there is no gap it closes nothing. Decided on the gap, and on "
        "what is closed less half of the gap.",
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
    evidence = pool_group_evidence(
        [(panel, gap) for panel, gap, _ in comparisons], "entropy or nll on tokens, with and without symbols"
    )
    if evidence.draws is None:
        return evidence
    deficit, gained, beyond = (
        pool_group_effect(select_enough_problems(several))
        for several in (
            [(panel, gap) for panel, gap, _ in comparisons],
            [(panel, closed) for panel, _, closed in comparisons],
            [(panel, closed - 0.5 * gap) for panel, gap, closed in comparisons],
        )
    )
    share = np.where(deficit.draws > 0, np.nan_to_num(quotient(gained.draws, deficit.draws)), 0.0)
    holds = combine_all([deficit.compute_p_above(0.0), beyond.compute_p_above(0.0)])
    fails = combine_any([deficit.compute_p_below(0.0), beyond.compute_p_below(0.0)])
    return replace(evidence, draws=share, freedom=beyond.freedom, p_values=(holds, fails))


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
        position=12,
        published_in="arXiv 2607.28707",
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
        "In long regimes, accuracy with the criterion reflection less that of the best other order of steps (every "
        "criterion of the study, truncation and random pruning) at the same realized ratios is below 0.02; it does not "
        "hold where reflection is better than each of them by more.",
        ACCURACY_SCALE,
        REFLECTION_MARGIN,
        above=False,
        position=11,
        regimes=("long",),
    )
)
def measure_reflection_gain(study: StudyMeasurements) -> FindingEvidence:
    """Accuracy of deleting reflective steps first less that of the best other order of steps, in long regimes."""
    by_rival: dict[str, list[tuple[EvaluationGroup, FloatArray]]] = {}
    for panel in study.groups:
        if panel.regime.casefold() == "long":
            by_key = _map_curves_by_key(panel)
            for name in sorted({name for name, size, symbols in by_key if size == "step" and not symbols}):
                if name != REFLECTION_CRITERION and not is_control(name):
                    pair = ((REFLECTION_CRITERION, "step", False), (name, "step", False))
                    by_rival.setdefault(name, []).extend(_compute_differences(panel, by_key, [pair]))
    missing = "the criterion reflection beside others on steps of a long regime"
    rivals = {name: pool_group_evidence(compared, missing) for name, compared in by_rival.items()}
    measured = {name: evidence for name, evidence in rivals.items() if evidence.draws is not None}
    if not measured:
        return next(iter(rivals.values()), FindingEvidence(None, f"Needs {missing}."))
    return _compare_with_best(measured)


def _compare_with_best(rivals: Mapping[str, FindingEvidence]) -> FindingEvidence:
    """The evidence of the best rival; the finding holds where any rival is as good, and fails where none is.

    Rivals that lack comparisons decide nothing, where others do not.
    """
    full = {name: evidence for name, evidence in rivals.items() if not evidence.lacks} or rivals
    means = {name: float(evidence.draws[0]) for name, evidence in full.items() if evidence.draws is not None}
    best = min(means, key=lambda name: means[name])
    effects = [PooledEffect(one.draws, one.freedom) for one in full.values() if one.draws is not None]
    holds = combine_any(effect.compute_p_below(REFLECTION_MARGIN) for effect in effects)
    fails = combine_all(effect.compute_p_above(REFLECTION_MARGIN) for effect in effects)
    against = ", ".join(f"{name} {mean:+.2f}" for name, mean in sorted(means.items(), key=lambda pair: pair[1]))
    text = f"{full[best].text} Best of the others: {best}. Reflection less each: {against}."
    return replace(full[best], text=text, p_values=(holds, fails))


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
