"""No regular expression of the package takes longer than linear time, whatever text it is given."""

from __future__ import annotations

import re
from functools import partial

import pytest
from pattern_bait import AuditedPattern, collect_patterns, find_slow_text, measure
from timing import seconds

from cotpress.rewriting.checks.numbers import parse_distinct_numbers

# Patterns that are given short texts only: the most characters, and where that is seen to.
BOUNDED = {
    "cotpress.answers.statements.LEAD_WORDS": 60,  # `_find_phrase_start` cuts it
    "cotpress.evaluation.grading.math_answers.DISPLAY_FORMULA": 600,  # `MAX_ALGEBRA_CHARACTERS`
    "cotpress.evaluation.grading.measurement_units.DEGREES": 600,
    "cotpress.evaluation.grading.measurement_units.PLAIN_UNIT": 600,
    "cotpress.evaluation.grading.measurement_units.WRAPPED_UNIT": 600,
    "cotpress.rewriting.rules.phrase_deletions._COORDINATED": 600,  # `MAX_SENTENCE_CHARACTERS`
    "cotpress.rewriting.rules.phrase_deletions._TAKES_COMPLEMENT": 30,  # `_is_needed_tail` cuts it
    "cotpress.text.markers._compile_reflective_patterns": 400,  # `_MAX_PHRASE_CHARACTERS`
}
SHARES = 8  # the patterns in so many tests, for several workers


@pytest.fixture(scope="module")
def patterns() -> list[AuditedPattern]:
    return collect_patterns()


def test_patterns_are_found(patterns: list[AuditedPattern]) -> None:
    names = {audited.name for audited in patterns}
    assert len(patterns) > 250
    assert "cotpress.rewriting.checks.numbers._STEP_LABEL" in names
    assert set(BOUNDED) <= names


@pytest.mark.parametrize("share", range(SHARES))
def test_every_pattern_is_linear(patterns: list[AuditedPattern], share: int) -> None:
    slow = {
        audited.name: text[:40]
        for audited in patterns[share::SHARES]
        if audited.name not in BOUNDED and (text := find_slow_text(audited)) is not None
    }
    assert not slow


@pytest.mark.parametrize("name", BOUNDED)
def test_bounded_patterns_are_fast_up_to_their_bound(patterns: list[AuditedPattern], name: str) -> None:
    for audited in patterns:
        if audited.name == name:
            assert min(max(measure(audited, BOUNDED[name])) for _ in range(4)) < 0.15


@pytest.mark.parametrize(
    ("source", "anchored"),
    [
        (r"^[ \t]*(?:[-*#>]+[ \t]*)*\(?\d", False),  # exponential: what hung
        (r"(?:a|aa)+\Z", True),
        (r"\s*x", False),
        (r"(\d+)\s*(\d+)%", True),
        (r"«(.*?)»", False),
    ],
)
def test_the_audit_finds_slow_patterns(source: str, anchored: bool) -> None:
    assert find_slow_text(AuditedPattern("made up", re.compile(source), anchored)) is not None


@pytest.mark.parametrize("source", [r"(?<!\s)\s*+y", r"[^\W_]+", r"\d+(?:\.\d+)?"])
def test_the_audit_lets_linear_patterns_pass(source: str) -> None:
    assert find_slow_text(AuditedPattern("made up", re.compile(source), False)) is None


def test_ruled_lines_of_half_a_megabyte_are_read_at_once() -> None:
    lines = ("-" * 500_000, "- " * 250_000, "\n".join(["-" * 80] * 6000))
    assert max(seconds(*(partial(parse_distinct_numbers, line) for line in lines))) < 0.1
    assert max(seconds(*(partial(parse_distinct_numbers, f"{line} 1") for line in lines))) < 0.5
