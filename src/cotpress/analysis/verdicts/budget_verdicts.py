"""Findings on budgets: the plateau, the drop, and what the student then writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from cotpress.analysis.bootstrap_draws import average_draws, quotient
from cotpress.analysis.constants import MODEL_CRITERIA, RETENTION_THRESHOLD
from cotpress.analysis.curves import AccuracyCurve, build_curves
from cotpress.analysis.evaluation_groups import EvaluationGroup
from cotpress.analysis.plateaus import find_plateau_edges
from cotpress.analysis.pooled_effects import PooledEffect, combine_all, combine_any
from cotpress.analysis.verdicts.judgement import FindingEvidence, PublishedFinding, pool_group_evidence
from cotpress.analysis.verdicts.registry import RETENTION_SCALE, StudyMeasurements, register_verdict
from cotpress.number_formatting import count_noun
from cotpress.types import FloatArray

MIN_COMPLETE_SHARE = 0.5  # of replies that end with an answer; a student with fewer is broken, and the rest no sample
MAX_LOST_SAVING = 0.25  # of the saving intended
MAX_DROP_RATIO = 0.3  # a curve has to reach down to this realized ratio to show a drop


def _describe_plateau(domain: str, position: int) -> PublishedFinding:
    return PublishedFinding(
        f"plateau-{domain}",
        f"In {domain}, accuracy is a plateau over a wide interval of ratios.",
        "Within 90% of the baseline over a wide interval.",
        "Down from 1, every point keeps 90% of the baseline's accuracy over an interval wider than 0.3. It ends "
        "between the last ratio that keeps it and the next one measured: holds where the former is far enough down, "
        "does not hold where the latter is not. Symbols are not protected.",
        "width in realized ratio (at least)",
        0.3,
        position=position,
        domains=(domain,),
        bounds=(0.0, 1.0),
    )


@register_verdict(_describe_plateau("math", 8))
def measure_math_plateau(study: StudyMeasurements) -> FindingEvidence:
    """The width of the plateau of entropy, NLL and saliency pruning, in math."""
    return _measure_plateau(study, "math")


@register_verdict(_describe_plateau("general", 9))
def measure_general_plateau(study: StudyMeasurements) -> FindingEvidence:
    """The width of the plateau of entropy, NLL and saliency pruning, in general domains."""
    return _measure_plateau(study, "general")


def _measure_plateau(study: StudyMeasurements, domain: str) -> FindingEvidence:
    """The least width of the plateau and the most, the mean over a group's curves; protected curves beside them."""
    groups = [group for group in study.groups if group.domain.casefold() == domain]
    least, most = (
        _average_over_curves(groups, figure, "an uncompressed student and a curve")
        for figure in (_compute_least_width, _compute_most_width)
    )
    guarded = _average_over_curves(groups, _compute_least_width, "", symbols=True)
    beside = "" if guarded.draws is None else f" With symbols protected: at least {guarded.draws[0]:.2f}."
    if least.draws is None or most.draws is None:
        return least
    known = f" Less than {most.draws[0]:.2f}." if most.draws[0] < 1 else " No ratio trained loses it."
    freedom = min(least.freedom, most.freedom)
    return replace(least, text=f"{least.text}{known}{beside}", upper_draws=most.draws, freedom=freedom)


def _compute_least_width(curve: AccuracyCurve) -> FloatArray:
    return 1 - find_plateau_edges(curve, RETENTION_THRESHOLD)[0]


def _compute_most_width(curve: AccuracyCurve) -> FloatArray:
    return 1 - find_plateau_edges(curve, RETENTION_THRESHOLD)[1]


@register_verdict(
    PublishedFinding(
        "drop",
        "Beyond the plateau, accuracy drops.",
        "Then a drop.",
        "At the smallest ratio (at most 0.3) more than a tenth of the baseline's accuracy is lost. Symbols are not "
        "protected.",
        RETENTION_SCALE,
        0.1,
        position=10,
    )
)
def measure_accuracy_drop(study: StudyMeasurements) -> FindingEvidence:
    """The share of the baseline's accuracy that is lost at the smallest ratio."""
    return _average_over_curves(
        study.groups, _compute_lost_share, f"a curve that reaches down to a realized ratio of {MAX_DROP_RATIO}"
    )


def _compute_lost_share(curve: AccuracyCurve) -> FloatArray | None:
    if curve.baseline_accuracy is None or curve.ratios[0] > MAX_DROP_RATIO:
        return None
    return 1 - quotient(curve.accuracy[0], curve.baseline_accuracy)


def _average_over_curves(
    panels: Sequence[EvaluationGroup],
    figure: Callable[[AccuracyCurve], FloatArray | None],
    missing: str,
    symbols: bool = False,
) -> FindingEvidence:
    """The mean of a figure over a panel's curves by the published criteria, with symbols protected or without."""
    comparisons = []
    for panel in panels:
        curves = [curve for curve in build_curves(panel) if curve.granularity and curve.method in MODEL_CRITERIA]
        read = [figure(curve) for curve in curves if _has_usable_baseline(curve) and curve.symbols is symbols]
        known = [draws for draws in read if draws is not None]
        comparisons += [(panel, average_draws(np.stack(known)))] if known else []
    return pool_group_evidence(comparisons, f"{missing} of entropy, nll or saliency")


def _has_usable_baseline(curve: AccuracyCurve) -> bool:
    """Whether there is a curve, and a baseline that gets anything right: nothing can be lost of nothing."""
    return len(curve.ratios) > 1 and curve.baseline_accuracy is not None and bool(curve.baseline_accuracy[0] > 0)


@register_verdict(
    PublishedFinding(
        "short-diagonal",
        "Students of short traces write as much as they were taught.",
        "Short-CoT students track the diagonal of inference against realized ratio.",
        "The inference less the realized ratio is, on average, within a quarter of the saving intended on either side "
        "of 0. Only replies that end with an answer count, of students most of whose replies do.",
        "share of the saving intended",
        MAX_LOST_SAVING,
        above=False,
        position=13,
        regimes=("short",),
    )
)
def measure_diagonal_distance(study: StudyMeasurements) -> FindingEvidence:
    """In short regimes: inference less realized ratio / the saving intended, which has to be within a quarter of 0."""
    evidence = _measure_ratio_gaps(study.pooled_groups, "short")
    if evidence.draws is None:
        return evidence
    gap = PooledEffect(evidence.draws, evidence.freedom)
    holds = combine_all([gap.compute_p_below(MAX_LOST_SAVING), gap.compute_p_above(-MAX_LOST_SAVING)])
    fails = combine_any([gap.compute_p_above(MAX_LOST_SAVING), gap.compute_p_below(-MAX_LOST_SAVING)])
    return replace(evidence, p_values=(holds, fails))


@register_verdict(
    PublishedFinding(
        "long-verbose",
        "Students of long traces stay verbose.",
        "Long-CoT students generate more than their training ratio: it is a lower bound.",
        "The inference less the realized ratio is above a quarter of the saving intended. Only replies that end with "
        "an answer count, of students most of whose replies do.",
        "share of the saving intended",
        MAX_LOST_SAVING,
        position=14,
        regimes=("long",),
    )
)
def measure_lost_saving(study: StudyMeasurements) -> FindingEvidence:
    """In long regimes: inference less realized ratio / the saving intended."""
    return _measure_ratio_gaps(study.pooled_groups, "long")


def _measure_ratio_gaps(panels: Sequence[EvaluationGroup], regime: str) -> FindingEvidence:
    comparisons, written, broken = [], [], 0
    for panel in panels:
        whole, shortened = panel.baseline_index, _find_shortened(panel)
        if panel.regime.casefold() != regime or whole is None:
            continue
        sound = [at for at in shortened if panel.complete_share[at, 0] > MIN_COMPLETE_SHARE]
        broken += len(shortened) - len(sound)
        if sound and panel.complete_share[whole, 0] > MIN_COMPLETE_SHARE:
            realized = np.array([panel.treatments[at].realized for at in sound])
            inference = panel.divide_by_baseline(panel.complete_length)[sound]
            comparisons.append((panel, (inference - realized[:, None]).sum(axis=0) / (1 - realized).sum()))
            taught = np.array([panel.treatments[at].taught for at in sound])
            written.append(float(np.nanmean(quotient(panel.complete_length[sound, 0], taught))))
    evidence = pool_group_evidence(comparisons, f"an uncompressed student and compressed ones of a {regime} regime")
    if evidence.draws is None:
        return evidence
    beside = f" Written / taught: {np.mean(written):.2f}. Left out as broken: {count_noun(broken, 'student')}."
    return replace(evidence, text=f"{evidence.text}{beside}")


def _find_shortened(panel: EvaluationGroup) -> list[int]:
    """Which treatments shorten traces, and did."""
    return [
        at
        for at, treatment in enumerate(panel.treatments)
        if (treatment.is_pruning or treatment.kind == "level") and treatment.realized < 1
    ]
