"""From a figure with its interval to an answer: holds, does not hold, cannot tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cotpress.analysis.bootstrap_draws import compute_interval, pool_draws
from cotpress.analysis.evaluation_groups import EvaluationGroup
from cotpress.number_formatting import count_noun
from cotpress.types import FloatArray

HOLDS, FAILS, UNKNOWN = "holds", "does not hold", "cannot tell"
MIN_PROBLEMS, MIN_TRACES = 20, 10  # fewer give intervals that are too narrow: a bootstrap sees what it drew


@dataclass(frozen=True, slots=True)
class FindingVerdict:
    """Whether a published finding holds in the data at hand.

    `effect` and its interval `low`..`high` are in `unit`, None where nothing could be measured; `test` states what
    was asked of them; `evidence` says what data spoke.
    """

    finding: str
    claim: str
    published: str
    test: str
    answer: str
    effect: float | None
    low: float | None
    high: float | None
    unit: str
    evidence: str


@dataclass(frozen=True, slots=True)
class PublishedFinding:
    """A published finding and its test: the effect has to lie above (else below) the threshold.

    `position` orders findings in lists and reports; those of plugins come last.
    """

    name: str
    claim: str
    published: str
    test: str
    unit: str
    threshold: float = 0.0
    above: bool = True
    source: str = "arXiv 2606.21704"
    position: int = 1000


@dataclass(frozen=True, slots=True, eq=False)
class FindingEvidence:
    """Draws of the effect, [draws] or None, and where they are from; `is_refuted` where something else rules it out."""

    draws: FloatArray | None
    text: str
    is_refuted: bool = False


def judge_finding(finding: PublishedFinding, evidence: FindingEvidence) -> FindingVerdict:
    """The answer: the whole interval has to lie on one side of the threshold, or nobody can tell."""
    value, low, high = (float("nan"),) * 3 if evidence.draws is None else compute_interval(evidence.draws)
    measured = bool(np.isfinite([value, low, high]).all())
    return FindingVerdict(
        finding.name,
        finding.claim,
        finding.published,
        finding.test,
        _decide_answer(finding, low, high, evidence.is_refuted) if measured else UNKNOWN,
        value if measured else None,
        low if measured else None,
        high if measured else None,
        finding.unit,
        evidence.text,
    )


def pool_group_evidence(comparisons: Sequence[tuple[EvaluationGroup, FloatArray]], missing: str) -> FindingEvidence:
    """Evidence from a figure of each panel, [draws]; panels with too few problems are no evidence.

    `missing` says what a study needs for this finding.
    """
    enough = [(panel, drawn) for panel, drawn in comparisons if panel.problems >= MIN_PROBLEMS]
    if not enough:
        few = f"at least {MIN_PROBLEMS} problems"
        return FindingEvidence(None, f"Needs {few if comparisons else missing}.")
    return FindingEvidence(
        pool_draws(np.stack([drawn for _, drawn in enough])), describe_groups([panel for panel, _ in enough])
    )


def pool_condition_evidence(comparisons: Sequence[tuple[str, int, FloatArray]], missing: str) -> FindingEvidence:
    """The same from a figure of each condition: its name, its number of traces, and draws."""
    enough = [comparison for comparison in comparisons if comparison[1] >= MIN_TRACES]
    if not enough:
        few = f"at least {MIN_TRACES} traces"
        return FindingEvidence(None, f"Needs {few if comparisons else missing}.")
    names = ", ".join(f"{name} ({traces} traces)" for name, traces, _ in enough)
    return FindingEvidence(pool_draws(np.stack([drawn for _, _, drawn in enough])), f"{names}.")


def describe_groups(panels: Sequence[EvaluationGroup]) -> str:
    """The panels in a sentence."""
    sizes = sorted({panel.problems for panel in panels})
    problems = f"{sizes[0]}" if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"
    students = {panel.student for panel in panels}
    who = count_noun(len(students), "student")
    return f"{', '.join(sorted({panel.condition for panel in panels}))}; {who}; {problems} problems each."


def _decide_answer(finding: PublishedFinding, low: float, high: float, refuted: bool) -> str:
    sign = 1 if finding.above else -1
    bottom, top = sorted((sign * (low - finding.threshold), sign * (high - finding.threshold)))
    if refuted or top < 0:
        return FAILS
    return HOLDS if bottom > 0 else UNKNOWN
