"""Findings on budgets: the plateau, the drop, and what the student then writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from cotpress.analysis.bootstrap_draws import average_draws, quotient
from cotpress.analysis.constants import MODEL_CRITERIA, RETENTION_THRESHOLD
from cotpress.analysis.curves import AccuracyCurve, build_curves
from cotpress.analysis.evaluation_groups import EvaluationGroup
from cotpress.analysis.frontier import find_plateau_edge
from cotpress.analysis.verdicts.judgement import FindingEvidence, PublishedFinding, pool_group_evidence
from cotpress.analysis.verdicts.registry import RETENTION_SCALE, StudyMeasurements, register_verdict
from cotpress.types import FloatArray

MAX_DROP_RATIO = 0.3  # a curve has to reach down to this realized ratio to show a drop


@register_verdict(
    PublishedFinding(
        "plateau",
        "Accuracy is a plateau over a wide interval of ratios.",
        "Within 90% of the baseline over a wide interval.",
        "Down from 1, every point keeps 90% of the baseline's accuracy over an interval wider than 0.3.",
        "width in realized ratio",
        0.3,
        position=8,
    )
)
def measure_plateau_width(study: StudyMeasurements) -> FindingEvidence:
    """The width of the plateau of entropy, NLL and saliency pruning."""
    return _average_over_curves(
        study.groups,
        lambda curve: 1 - find_plateau_edge(curve, RETENTION_THRESHOLD),
        "an uncompressed student and a curve",
    )


@register_verdict(
    PublishedFinding(
        "drop",
        "Beyond the plateau, accuracy drops.",
        "Then a drop.",
        "At the smallest ratio (at most 0.3) more than a tenth of the baseline's accuracy is lost.",
        RETENTION_SCALE,
        0.1,
        position=9,
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
    panels: Sequence[EvaluationGroup], figure: Callable[[AccuracyCurve], FloatArray | None], missing: str
) -> FindingEvidence:
    """The mean of a figure over a panel's curves by the published criteria."""
    comparisons = []
    for panel in panels:
        curves = [curve for curve in build_curves(panel) if curve.granularity and curve.method in MODEL_CRITERIA]
        read = [figure(curve) for curve in curves if _has_usable_baseline(curve)]
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
        "The mean distance of the inference from the realized ratio is below a quarter of the saving intended.",
        "share of the saving intended",
        0.25,
        above=False,
        position=12,
    )
)
def measure_diagonal_distance(study: StudyMeasurements) -> FindingEvidence:
    """In short regimes: the mean distance of the inference ratio from the realized one / the mean saving intended."""
    return _measure_ratio_gaps(study.pooled_groups, "short", np.abs)


@register_verdict(
    PublishedFinding(
        "long-verbose",
        "Students of long traces stay verbose.",
        "Long-CoT students generate more than their training ratio: it is a lower bound.",
        "The inference less the realized ratio is above a quarter of the saving intended.",
        "share of the saving intended",
        0.25,
        position=13,
    )
)
def measure_lost_saving(study: StudyMeasurements) -> FindingEvidence:
    """In long regimes: inference less realized ratio / the saving intended."""
    return _measure_ratio_gaps(study.pooled_groups, "long", np.asarray)


def _measure_ratio_gaps(
    panels: Sequence[EvaluationGroup], regime: str, size: Callable[[FloatArray], FloatArray]
) -> FindingEvidence:
    comparisons = []
    for panel in panels:
        shortened = [
            at
            for at, treatment in enumerate(panel.treatments)
            if (treatment.is_pruning or treatment.kind == "level") and treatment.realized < 1
        ]
        if panel.regime.casefold() == regime and panel.baseline_index is not None and shortened:
            realized = np.array([panel.treatments[at].realized for at in shortened])
            gaps = size(panel.inference_ratio[shortened] - realized[:, None])
            comparisons.append((panel, gaps.sum(axis=0) / (1 - realized).sum()))
    return pool_group_evidence(comparisons, f"an uncompressed student and compressed ones of a {regime} regime")
