"""Findings that are read from traces: which criteria agree, and what they delete."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from cotpress.analysis.agreement import CriterionAgreement
from cotpress.analysis.bootstrap_draws import average_draws, quotient
from cotpress.analysis.constants import MODEL_CRITERIA, PROBABILITY_CRITERIA, SALIENCY_CRITERION
from cotpress.analysis.deletions import collect_selections, count_deleted_by_class
from cotpress.analysis.pooled_effects import combine_all, combine_any
from cotpress.analysis.selections import UNIT_CLASSES, CriterionSelection
from cotpress.analysis.verdicts.judgement import (
    FindingEvidence,
    PublishedFinding,
    pool_condition_effect,
    pool_condition_evidence,
)
from cotpress.analysis.verdicts.registry import StudyMeasurements, register_verdict
from cotpress.types import FloatArray

LIGHT_KEEP_RATIOS = (0.5, 0.7, 0.9)
"""At smaller ratios nearly everything is deleted, and every criterion's deletions look alike."""


@register_verdict(
    PublishedFinding(
        "step-agreement",
        "On steps, entropy, negative log-likelihood and saliency agree on what to keep.",
        "Jaccard of preserved steps 0.75, 0.76 and 0.92 at a ratio of 0.1; 0.36, 0.38 and 0.78 at 0.5.",
        "The smallest agreement of any two, corrected for a chance that knows the lengths of the steps and averaged "
        "over keep ratios, is above 0.1.",
        "agreement (0 chance, 1 the same)",
        0.1,
        position=1,
    )
)
def measure_step_agreement(study: StudyMeasurements) -> FindingEvidence:
    """The smallest agreement of any two of entropy, NLL and saliency on the steps kept, corrected by length."""
    agreements = list(_average_step_agreements(study))
    comparisons = [(one.condition, one.traces, np.stack(list(one.pairs.values()))) for one in agreements]
    smallest = [(name, traces, drawn.min(axis=0)) for name, traces, drawn in comparisons]
    evidence = pool_condition_evidence(smallest, "step rankings by two of entropy, nll and saliency")
    if evidence.draws is None:
        return evidence
    plain = np.mean([one.smallest_plain for one in agreements])
    evidence = replace(evidence, text=f"{evidence.text} With the chance that knows no lengths: {plain:.2f}.")
    of_three = [comparison for comparison in comparisons if len(comparison[2]) == len(MODEL_CRITERIA)]
    return _decide_by_weakest(evidence, comparisons, 0.1) if len(of_three) == len(comparisons) else evidence


@register_verdict(
    PublishedFinding(
        "agreement-order",
        "On steps, entropy and negative log-likelihood agree with each other more than saliency does with either.",
        "Jaccard 0.92 against 0.75 and 0.76 at a ratio of 0.1; 0.78 against 0.36 and 0.38 at 0.5.",
        "Entropy-NLL agreement less the larger one with saliency, corrected for a chance that knows the lengths of the "
        "steps, is above 0.",
        "difference of agreement",
        position=2,
    )
)
def measure_agreement_order(study: StudyMeasurements) -> FindingEvidence:
    """Agreement of entropy with NLL, less the larger of saliency's with either."""
    comparisons = [
        (
            agreement.condition,
            agreement.traces,
            np.stack(
                [
                    agreement.pairs[PROBABILITY_CRITERIA] - agreement.pairs[probability, SALIENCY_CRITERION]
                    for probability in PROBABILITY_CRITERIA
                ]
            ),
        )
        for agreement in _average_step_agreements(study)
        if len(agreement.pairs) == len(MODEL_CRITERIA)
    ]
    smallest = [(name, traces, drawn.min(axis=0)) for name, traces, drawn in comparisons]
    evidence = pool_condition_evidence(smallest, "step rankings by entropy, nll and saliency")
    return _decide_by_weakest(evidence, comparisons, 0.0)


def _decide_by_weakest(
    evidence: FindingEvidence, comparisons: Sequence[tuple[str, int, FloatArray]], threshold: float
) -> FindingEvidence:
    """Of figures [figures, draws] of each condition all have to lie above the threshold; one below it refutes."""
    if evidence.draws is None:
        return evidence
    by_figure = zip(
        *([(name, traces, drawn) for drawn in several] for name, traces, several in comparisons), strict=True
    )
    effects = [pool_condition_effect(list(of_figure)) for of_figure in by_figure]
    holds = combine_all(effect.compute_p_above(threshold) for effect in effects)
    fails = combine_any(effect.compute_p_below(threshold) for effect in effects)
    return replace(evidence, p_values=(holds, fails))


@dataclass(frozen=True, slots=True, eq=False)
class _StepAgreement:
    """A condition's agreements on the steps kept: of each pair of criteria the mean over keep ratios, [draws],
    corrected by length; and the smallest of them with plain chance."""

    condition: str
    traces: int
    pairs: dict[tuple[str, str], FloatArray]
    smallest_plain: float


def _average_step_agreements(study: StudyMeasurements) -> Iterator[_StepAgreement]:
    for condition, members in groupby(study.step_agreements, key=lambda agreement: agreement.labels["condition"]):
        kept = [agreement for agreement in members if agreement.labels["of"] == "kept"]
        by_pair: dict[tuple[str, str], list[CriterionAgreement]] = {}
        for agreement in kept:
            by_pair.setdefault((agreement.labels["a"], agreement.labels["b"]), []).append(agreement)
        pairs = {
            pair: average_draws(np.stack([one.corrected_by_length for one in several]))
            for pair, several in by_pair.items()
        }
        plain = min(float(np.nanmean([one.corrected[0] for one in several])) for several in by_pair.values())
        yield _StepAgreement(condition, min(agreement.labels["traces"] for agreement in kept), pairs, plain)


@register_verdict(
    PublishedFinding(
        "symbol-deletion",
        "On tokens, probability criteria delete about twice the share of symbols that saliency deletes.",
        "Symbols are 30% of what probability criteria delete, 15% of what saliency deletes.",
        "Symbols' share of the units deleted (keep ratios 0.5 to 0.9), entropy and NLL / saliency, is above 1.5.",
        "ratio of shares",
        1.5,
        position=3,
    )
)
def measure_symbol_deletion(study: StudyMeasurements) -> FindingEvidence:
    """Symbols' share of what probability criteria delete from tokens / of what saliency deletes."""
    bare = [
        selection
        for selection in collect_selections(study.tables)
        if selection.granularity == "token" and not selection.symbols
    ]
    comparisons = []
    for condition, members in groupby(bare, key=lambda selection: selection.units.condition):
        by_criterion = {
            selection.criterion: selection for selection in members if selection.criterion in MODEL_CRITERIA
        }
        shares = {criterion: _compute_symbol_share(selection) for criterion, selection in by_criterion.items()}
        probable = [shares[name] for name in PROBABILITY_CRITERIA if name in shares]
        if SALIENCY_CRITERION in shares and probable:
            traces = min(int(selection.ranked_traces.sum()) for selection in by_criterion.values())
            comparisons.append(
                (condition, traces, quotient(average_draws(np.stack(probable)), shares[SALIENCY_CRITERION]))
            )
    return pool_condition_evidence(comparisons, "token rankings by saliency and by entropy or nll")


def _compute_symbol_share(selection: CriterionSelection) -> FloatArray:
    """Draws of the symbols' share of what is deleted, the mean over the keep ratios."""
    sums = [count_deleted_by_class(selection, keep) for keep in LIGHT_KEEP_RATIOS]
    return average_draws(
        np.stack([quotient(gone["symbol"], np.sum([gone[name] for name in UNIT_CLASSES], axis=0)) for gone in sums])
    )
