"""The published findings and those of plugins, each with its test; the verdicts on all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeVar

from cotpress.analysis.evaluation_groups import EvaluationGroup, build_evaluation_groups
from cotpress.analysis.verdicts.judgement import FindingEvidence, FindingVerdict, PublishedFinding, judge_finding
from cotpress.errors import OptionError
from cotpress.registry import Registry
from cotpress.tables import StudyTables

ACCURACY_SCALE: Final = "accuracy (0..1)"
RETENTION_SCALE: Final = "share of the baseline's accuracy"


@dataclass(frozen=True, eq=False)
class StudyMeasurements:
    """What a finding is tested on: the six tables, and the answers in groups, which are built when first asked for."""

    tables: StudyTables

    @cached_property
    def groups(self) -> tuple[EvaluationGroup, ...]:
        """A group for each condition, student and benchmark."""
        return tuple(build_evaluation_groups(self.tables))

    @cached_property
    def pooled_groups(self) -> tuple[EvaluationGroup, ...]:
        """A group for each condition and student, all benchmarks together."""
        return tuple(build_evaluation_groups(self.tables, pool=True))


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
    def source(self) -> str:
        """Where it was published."""
        return self.finding.source


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

    An interval that straddles the threshold, or missing data, is "cannot tell". So is a test of a plugin that fails,
    which a warning says.

    Raises:
        MissingExtraError: pandas is not installed.

    >>> from cotpress.tables import build_study_tables
    >>> verdicts = judge_findings(build_study_tables({}))
    >>> verdicts[0].finding, verdicts[0].answer
    ('step-agreement', 'cannot tell')
    """
    study = StudyMeasurements(tables)
    tests = sorted(VERDICTS.values(), key=lambda test: test.finding.position)
    return tuple(_judge_test(test, study) for test in tests)


def _judge_test(test: FindingTest, study: StudyMeasurements) -> FindingVerdict:
    verdict = VERDICTS.run_entry(test.name, lambda: judge_finding(test.finding, test.measure(study)))
    return verdict or judge_finding(test.finding, FindingEvidence(None, "The test failed."))
