"""Findings that are read from traces: which criteria agree, and what they delete."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import numpy as np

from cotpress.analysis.agreement import compute_agreements
from cotpress.analysis.bootstrap_draws import average_draws, quotient
from cotpress.analysis.constants import MODEL_CRITERIA, PROBABILITY_CRITERIA, SALIENCY_CRITERION
from cotpress.analysis.deletions import collect_selections, count_deleted_by_class
from cotpress.analysis.selections import UNIT_CLASSES, CriterionSelection
from cotpress.analysis.verdicts.judgement import FindingEvidence, PublishedFinding, pool_condition_evidence
from cotpress.analysis.verdicts.registry import StudyMeasurements, register_verdict
from cotpress.tables import StudyTables
from cotpress.types import FloatArray

LIGHT_KEEP_RATIOS = (0.5, 0.7, 0.9)
"""At smaller ratios nearly everything is deleted, and every criterion's deletions look alike."""


@register_verdict(
    PublishedFinding(
        "step-agreement",
        "On steps, entropy, negative log-likelihood and saliency agree on what to keep.",
        "Jaccard of preserved steps 0.75, 0.76 and 0.92 at a ratio of 0.1; 0.36, 0.38 and 0.78 at 0.5.",
        "The smallest agreement of any two, corrected for chance and averaged over keep ratios, is above 0.1.",
        "agreement (0 chance, 1 the same)",
        0.1,
        position=1,
    )
)
def measure_step_agreement(study: StudyMeasurements) -> FindingEvidence:
    """The smallest chance-corrected agreement of any two of entropy, NLL and saliency on the steps kept."""
    comparisons = [
        (name, traces, np.stack(list(pairs.values())).min(axis=0))
        for name, traces, pairs in _compute_step_agreements(study.tables)
    ]
    return pool_condition_evidence(comparisons, "step rankings by two of entropy, nll and saliency")


@register_verdict(
    PublishedFinding(
        "agreement-order",
        "On steps, entropy and negative log-likelihood agree with each other more than saliency does with either.",
        "Jaccard 0.92 against 0.75 and 0.76 at a ratio of 0.1; 0.78 against 0.36 and 0.38 at 0.5.",
        "Entropy-NLL agreement less the larger one with saliency, corrected for chance, is above 0.",
        "difference of agreement",
        position=2,
    )
)
def measure_agreement_order(study: StudyMeasurements) -> FindingEvidence:
    """Agreement of entropy with NLL, less the larger of saliency's with either."""
    comparisons = [
        (
            name,
            traces,
            pairs[PROBABILITY_CRITERIA]
            - np.fmax(*(pairs[probability, SALIENCY_CRITERION] for probability in PROBABILITY_CRITERIA)),
        )
        for name, traces, pairs in _compute_step_agreements(study.tables)
        if len(pairs) == 3
    ]
    return pool_condition_evidence(comparisons, "step rankings by entropy, nll and saliency")


def _compute_step_agreements(tables: StudyTables) -> Iterator[tuple[str, int, dict[tuple[str, str], FloatArray]]]:
    """Of each condition: name, traces, and for each pair of criteria its corrected agreement over the keep ratios."""
    agreements = compute_agreements(tables, wanted=_is_step_selection)
    for condition, members in groupby(agreements, key=lambda agreement: agreement.labels["condition"]):
        kept = [agreement for agreement in members if agreement.labels["of"] == "kept"]
        by_pair: dict[tuple[str, str], list[FloatArray]] = {}
        for agreement in kept:
            by_pair.setdefault((agreement.labels["a"], agreement.labels["b"]), []).append(agreement.corrected)
        pairs = {pair: average_draws(np.stack(drawn)) for pair, drawn in by_pair.items()}
        yield condition, min(agreement.labels["traces"] for agreement in kept), pairs


def _is_step_selection(selection: CriterionSelection) -> bool:
    return selection.granularity == "step" and not selection.symbols and selection.criterion in MODEL_CRITERIA


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
