"""From a figure with its interval to an answer: holds, does not hold, cannot tell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cotpress.analysis.evaluation_groups import EvaluationGroup
from cotpress.analysis.pooled_effects import PooledEffect, pool_effects
from cotpress.deprecation import rename_fields
from cotpress.number_formatting import count_noun
from cotpress.types import FloatArray

HOLDS, FAILS, UNKNOWN = "holds", "does not hold", "cannot tell"
MIN_PROBLEMS, MIN_TRACES = 20, 10  # fewer give intervals that are too narrow: a bootstrap sees what it drew
MIN_SEEDS, MIN_COMPARISONS = 3, 4
FAMILY_LEVEL = 0.05
"""The chance that any verdict of a study is wrong, where all truths lie on their thresholds."""


@dataclass(frozen=True, slots=True)
class FindingVerdict:
    """Whether a published finding holds in the data at hand.

    `effect` and its interval `low`..`high` are in `unit`, None where nothing could be measured, or too little to decide
    on; `test` states what was asked of them; `evidence` says what data spoke. `p_value` is two-sided and not corrected;
    `level` is what it was held against, after correction for the number of verdicts: the interval misses the truth with
    this probability. Both are None without an effect.
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
    p_value: float | None = None
    level: float | None = None


@rename_fields(source="published_in")
@dataclass(frozen=True, slots=True)
class PublishedFinding:
    """A published finding and its test: the effect has to lie above (else below) the threshold.

    `position` orders findings in lists and reports; those of plugins come last. `domains` and `regimes` are those it is
    about, empty for all. `bounds` are the least and the most that the effect can be; intervals end there.
    """

    name: str
    claim: str
    published: str
    test: str
    unit: str
    threshold: float = 0.0
    above: bool = True
    published_in: str = "arXiv 2606.21704"
    position: int = 1000
    domains: tuple[str, ...] = ()
    regimes: tuple[str, ...] = ()
    bounds: tuple[float, float] = (-math.inf, math.inf)

    def concerns(self, domain: str, regime: str) -> bool:
        """Whether it is about traces of this domain and regime.

        >>> PublishedFinding("f", "", "", "", "", domains=("math",)).concerns("general", "long")
        False
        """
        return (not self.domains or domain in self.domains) and (not self.regimes or regime in self.regimes)


@dataclass(frozen=True, slots=True, eq=False)
class FindingEvidence:
    """Draws of the effect, [draws] or None, and where they are from; `is_refuted` where something else rules it out.

    `freedom` are the effect's degrees of freedom. Where the effect is only known to lie between two figures, `draws`
    are of the lower and `upper_draws` of the upper one. `p_values`, where the test is of several figures, are two
    one-sided ones: small where the finding holds, small where it does not. `lacks` says what is too little to decide.
    """

    draws: FloatArray | None
    text: str
    is_refuted: bool = False
    freedom: float = math.inf
    upper_draws: FloatArray | None = None
    p_values: tuple[float, float] | None = None
    lacks: str = ""


def judge_finding(
    finding: PublishedFinding, evidence: FindingEvidence, level: float = FAMILY_LEVEL, note: str = ""
) -> FindingVerdict:
    """The answer: the two-sided p-value has to be within the level, or nobody can tell. `note` goes to the evidence.

    Without further figures that is: the whole interval lies on one side of the threshold.
    """
    p_values = compute_p_values(finding, evidence)
    named = (finding.name, finding.claim, finding.published, finding.test)
    if p_values is None or evidence.draws is None:
        text = evidence.text if evidence.draws is None else _describe_lack(finding, evidence)
        return FindingVerdict(*named, UNKNOWN, None, None, None, finding.unit, text)
    value, low, high = PooledEffect(evidence.draws, evidence.freedom).compute_interval(level)
    if evidence.upper_draws is not None:
        high = max(high, PooledEffect(evidence.upper_draws, evidence.freedom).compute_interval(level)[2])
    low, high = max(low, finding.bounds[0]), min(high, finding.bounds[1])
    holds, fails = (2 * p_value <= level for p_value in p_values)
    answer = FAILS if fails else HOLDS if holds else UNKNOWN
    p_value = min(1.0, 2 * min(p_values))
    return FindingVerdict(
        *named, answer, value, low, high, finding.unit, f"{evidence.text}{note}", p_value=p_value, level=level
    )


def compute_p_values(finding: PublishedFinding, evidence: FindingEvidence) -> tuple[float, float] | None:
    """The one-sided p-values of its holding and of its not holding; None where nothing may be decided."""
    if evidence.draws is None or evidence.lacks or not _is_measured(evidence.draws):
        return None
    if evidence.is_refuted:
        return 1.0, 0.0
    if evidence.p_values is not None:
        return evidence.p_values
    lower = PooledEffect(evidence.draws, evidence.freedom)
    upper = lower if evidence.upper_draws is None else PooledEffect(evidence.upper_draws, evidence.freedom)
    above, below = lower.compute_p_above(finding.threshold), upper.compute_p_below(finding.threshold)
    return (above, below) if finding.above else (below, above)


def _is_measured(draws: FloatArray) -> bool:
    return bool(np.isfinite(draws[0]) and np.isfinite(draws[1:]).any())


def _describe_lack(finding: PublishedFinding, evidence: FindingEvidence) -> str:
    """Why nobody can tell, and what was measured nevertheless."""
    value = float("nan") if evidence.draws is None else float(evidence.draws[0])
    measured = "" if math.isnan(value) else f" Measured, with no interval: {value:.2f} {finding.unit}."
    lack = f"Too little to decide: {evidence.lacks}." if evidence.lacks else "The effect is not defined here."
    return f"{lack}{measured} From {evidence.text}"


def pool_group_evidence(comparisons: Sequence[tuple[EvaluationGroup, FloatArray]], missing: str) -> FindingEvidence:
    """Evidence from a figure of each panel, [draws]; panels with too few problems are no evidence.

    `missing` says what a study needs for this finding.
    """
    enough = select_enough_problems(comparisons)
    if not enough:
        few = f"at least {MIN_PROBLEMS} problems"
        return FindingEvidence(None, f"Needs {few if comparisons else missing}.")
    effect = pool_group_effect(enough)
    panels = [panel for panel, _ in enough]
    return FindingEvidence(
        effect.draws, describe_groups(panels), freedom=effect.freedom, lacks=describe_shortage(len(panels))
    )


def select_enough_problems(
    comparisons: Sequence[tuple[EvaluationGroup, FloatArray]],
) -> list[tuple[EvaluationGroup, FloatArray]]:
    """The comparisons with enough problems, whose figure is defined."""
    return [(panel, drawn) for panel, drawn in comparisons if panel.problems >= MIN_PROBLEMS and not np.isnan(drawn[0])]


def pool_group_effect(comparisons: Sequence[tuple[EvaluationGroup, FloatArray]]) -> PooledEffect:
    """The mean of a figure of each panel; its seeds give it degrees of freedom."""
    seeds = [min((treatment.seeds for treatment in panel.treatments), default=1) for panel, _ in comparisons]
    return pool_effects(np.stack([drawn for _, drawn in comparisons]), max(1.0, float(sum(seeds) - len(seeds))))


def pool_condition_evidence(comparisons: Sequence[tuple[str, int, FloatArray]], missing: str) -> FindingEvidence:
    """The same from a figure of each condition: its name, its number of traces, and draws."""
    enough = [comparison for comparison in comparisons if comparison[1] >= MIN_TRACES]
    if not enough:
        few = f"at least {MIN_TRACES} traces"
        return FindingEvidence(None, f"Needs {few if comparisons else missing}.")
    names = ", ".join(f"{name} ({traces} traces)" for name, traces, _ in enough)
    effect = pool_condition_effect(enough)
    return FindingEvidence(effect.draws, f"{names}.", freedom=effect.freedom, lacks=describe_shortage(len(enough)))


def pool_condition_effect(comparisons: Sequence[tuple[str, int, FloatArray]]) -> PooledEffect:
    """The mean of a figure of each condition, of those with enough traces."""
    enough = [comparison for comparison in comparisons if comparison[1] >= MIN_TRACES]
    freedom = float(sum(traces - 1 for _, traces, _ in enough))
    return pool_effects(np.stack([drawn for _, _, drawn in enough]), freedom)


def describe_shortage(comparisons: int) -> str:
    """What is lacking where there are fewer comparisons than an answer needs, else ""."""
    if comparisons >= MIN_COMPARISONS:
        return ""
    return f"fewer than {MIN_COMPARISONS} comparisons (conditions, students, benchmarks): {comparisons}"


def describe_groups(panels: Sequence[EvaluationGroup]) -> str:
    """The panels in a sentence."""
    sizes = sorted({panel.problems for panel in panels})
    problems = f"{sizes[0]}" if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"
    students = {panel.student for panel in panels}
    who = count_noun(len(students), "student")
    return f"{', '.join(sorted({panel.condition for panel in panels}))}; {who}; {problems} problems each."
