"""The published findings and those of plugins, each with its test; the verdicts on all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, TypeVar

from cotpress.analysis.agreement import CriterionAgreement, compute_agreements
from cotpress.analysis.constants import MODEL_CRITERIA
from cotpress.analysis.evaluation_groups import EvaluationGroup, build_evaluation_groups
from cotpress.analysis.selections import CriterionSelection
from cotpress.analysis.verdicts.judgement import (
    FAMILY_LEVEL,
    MIN_SEEDS,
    FindingEvidence,
    FindingVerdict,
    PublishedFinding,
    compute_p_values,
    judge_finding,
)
from cotpress.analysis.verdicts.multiplicity import compute_holm_levels
from cotpress.errors import OptionError
from cotpress.number_formatting import count_noun
from cotpress.registry import Registry
from cotpress.tables import StudyTables

ACCURACY_SCALE: Final = "accuracy (0..1)"
RETENTION_SCALE: Final = "share of the baseline's accuracy"


@dataclass(frozen=True, eq=False)
class StudyMeasurements:
    """What a finding is tested on: the six tables, and the answers in groups, which are built when first asked for.

    Only ways to shorten with at least `min_seeds` trained students are in the groups: the noise of training is not
    known from fewer.
    """

    tables: StudyTables
    min_seeds: int = MIN_SEEDS

    @cached_property
    def groups(self) -> tuple[EvaluationGroup, ...]:
        """A group for each condition, student and benchmark."""
        return self._select_groups(pool=False)

    @cached_property
    def pooled_groups(self) -> tuple[EvaluationGroup, ...]:
        """A group for each condition and student, all benchmarks together."""
        return self._select_groups(pool=True)

    @cached_property
    def step_agreements(self) -> tuple[CriterionAgreement, ...]:
        """How far the published criteria agree on steps, at each keep ratio."""
        return tuple(compute_agreements(self.tables, wanted=_is_published_step_selection))

    @cached_property
    def with_any_seeds(self) -> StudyMeasurements:
        """The same however few seeds there are."""
        return self if self.min_seeds == 1 else StudyMeasurements(self.tables, min_seeds=1)

    def _select_groups(self, pool: bool) -> tuple[EvaluationGroup, ...]:
        groups = (group.select_seeds(self.min_seeds) for group in build_evaluation_groups(self.tables, pool=pool))
        return tuple(group for group in groups if group.treatments)


def _is_published_step_selection(selection: CriterionSelection) -> bool:
    return selection.granularity == "step" and not selection.symbols and selection.criterion in MODEL_CRITERIA


MeasureFinding = Callable[[StudyMeasurements], FindingEvidence]
MeasureT = TypeVar("MeasureT", bound=MeasureFinding)


@dataclass(frozen=True, slots=True)
class FindingTest:
    """A finding with the function that measures its effect on a study."""

    finding: PublishedFinding
    measure: MeasureFinding

    @property
    def name(self) -> str:
        """The finding's name."""
        return self.finding.name

    @property
    def summary(self) -> str:
        """What the finding claims."""
        return self.finding.claim

    @property
    def published_in(self) -> str:
        """Where it was published."""
        return self.finding.published_in


def _check_finding_test(name: str, entry: Any) -> FindingTest:
    if not isinstance(entry, FindingTest):
        raise OptionError(
            f"The verdict '{name}' is a {type(entry).__name__}.",
            "Give a cotpress.analysis.FindingTest(PublishedFinding(...), function).",
        )
    return entry


VERDICTS: Final = Registry[FindingTest](
    "verdict", "cotpress.verdicts", "cotpress.analysis.verdicts", _check_finding_test
)


def register_verdict(finding: PublishedFinding) -> Callable[[MeasureT], MeasureT]:
    """Add a finding; the decorated function measures its effect."""

    def register(measure: MeasureT) -> MeasureT:
        VERDICTS.add(finding.name, FindingTest(finding, measure))
        return measure

    return register


def judge_findings(tables: StudyTables) -> tuple[FindingVerdict, ...]:
    """Does each finding hold here? One verdict a finding, always all of them: the published ones in their order, then
    those of plugins.

    All of them together are decided wrongly with a probability of at most `FAMILY_LEVEL` (Holm's correction); each
    verdict has the level that it was held against. What the data do not decide is "cannot tell", as is what fewer than
    three training seeds or four comparisons speak for, and a test of a plugin that fails, which a warning says.

    Raises:
        MissingExtraError: pandas is not installed.

    >>> from cotpress.tables import build_study_tables
    >>> verdicts = judge_findings(build_study_tables({}))
    >>> verdicts[0].finding, verdicts[0].answer
    ('step-agreement', 'cannot tell')
    """
    study = StudyMeasurements(tables)
    tests = sorted(VERDICTS.values(), key=lambda test: test.finding.position)
    judged = [(test.finding, *_measure_evidence(test, study)) for test in tests]
    decidable = [min(1.0, 2 * min(p_values)) for _, _, p_values in judged if p_values is not None]
    levels = iter(compute_holm_levels(decidable))
    return tuple(
        judge_finding(finding, evidence)
        if p_values is None
        else judge_finding(finding, evidence, level := next(levels), _describe_level(level, len(decidable)))
        for finding, evidence, p_values in judged
    )


def _measure_evidence(
    test: FindingTest, study: StudyMeasurements
) -> tuple[FindingEvidence, tuple[float, float] | None]:
    """The evidence with its p-values; what only fewer seeds speak for is evidence that decides nothing."""

    def measure() -> tuple[FindingEvidence, tuple[float, float] | None]:
        evidence = test.measure(study)
        if evidence.draws is None:
            evidence = _mark_few_seeds(test.measure(study.with_any_seeds))
        return evidence, compute_p_values(test.finding, evidence)

    return VERDICTS.run_entry(test.name, measure) or (FindingEvidence(None, "The test failed."), None)


def _mark_few_seeds(evidence: FindingEvidence) -> FindingEvidence:
    if evidence.draws is None:
        return evidence
    lacks = f"fewer than {MIN_SEEDS} training seeds of what is compared"
    return replace(evidence, lacks=f"{lacks}, and {evidence.lacks}" if evidence.lacks else lacks)


def _describe_level(level: float, verdicts: int) -> str:
    counted = f"{count_noun(verdicts, 'verdict')} together {FAMILY_LEVEL:g}"
    return f" Decided at level {level:.2g} (Holm's correction: {counted})."
