"""Each verdict, both ways round and with too little data; nothing is hard-coded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from synthetic_study import CONDITIONS, synthetic_study

from cotpress.analysis import FindingVerdict, judge_findings
from cotpress.analysis.bootstrap_draws import RESAMPLE_COUNT
from cotpress.analysis.verdicts.judgement import FindingEvidence, PublishedFinding, judge_finding
from cotpress.tables import StudyTables, build_study_tables

SIZE: dict[str, Any] = {"traces": 20, "problems": 100, "keeps": (0.2, 0.5, 0.8), "noise": 0.05}
SIZE |= {"seeds": (0, 1, 2), "students": ("tiny-a", "tiny-b")}
FINDINGS = (
    *("step-agreement", "agreement-order", "symbol-deletion", "symbol-protection", "math-restructuring"),
    *(
        "general-rewriting",
        "replace-variance",
        "plateau-math",
        "plateau-general",
        "drop",
        "diffuse-redundancy",
        "over-random",
    ),
    *("short-diagonal", "long-verbose"),
)
PUBLISHED: dict[str, Any] = {
    "criterion_effects": {"random": -0.2, "head": -0.1, "reflection": -0.25},
    "level_effects": {"math": (0.0, -0.1, -0.2, -0.3), "general": (-0.25, -0.1, 0.0, 0.0)},
    "level_spreads": (0.01, 0.01, 0.01, 0.15),
}
# What is the opposite of each finding. Those of LATER contradict others and need a study of their own: a curve that
# never drops is a plateau, and criteria that agree in another order agree.
TURNED: dict[str, Any] = {
    "agreement": 0.0,
    "saliency_agreement": 0.0,
    "symbol_bias": {"nll": 0.3, "entropy": 0.3, "saliency": -0.3},
    "protected_gap": -0.15,
    "level_spreads": (0.01, 0.01, 0.01, 0.01),
    "knee": 1.0,
    "floor": 0.0,
    "level_effects": {"math": (-0.45, -0.3, -0.15, 0.0), "general": (0.0, -0.1, -0.3, -0.4)},
    "criterion_effects": {"reflection": 0.35, "random": 0.1},
    "verbosity": {"short": 0.6, "long": 0.0},
}
LATER: dict[str, Any] = {
    "agreement": 0.3,
    "saliency_agreement": 1.0,
    "floor": 1.0,
    "symbol_gap": 0.0,
    "protected_gap": 0.0,
    "criteria": ("nll", "entropy", "saliency"),
    "levels": (),
}
TURNED_LATER = ("agreement-order", "drop")
OTHER_SPREADS: dict[str, Any] = {"level_spreads": (0.2, 0.01, 0.01, 0.01), "criteria": ("nll",), "keeps": (0.5,)}


def _by_name(**knobs: Any) -> dict[str, FindingVerdict]:
    return {one.finding: one for one in judge_findings(synthetic_study(**{**SIZE, **knobs}))}


@pytest.fixture(scope="module")
def published() -> dict[str, FindingVerdict]:
    return _by_name(**PUBLISHED)


@pytest.fixture(scope="module")
def turned() -> dict[str, FindingVerdict]:
    later, spreads = _by_name(**LATER), _by_name(**OTHER_SPREADS)
    others = {**{name: later[name] for name in TURNED_LATER}, "replace-variance": spreads["replace-variance"]}
    return {**_by_name(**TURNED), **others}


def test_all_findings_are_judged(published: dict[str, FindingVerdict]) -> None:
    assert sorted(published) == sorted(FINDINGS)


@pytest.mark.parametrize(("data", "answer"), [("published", "holds"), ("turned", "does not hold")])
def test_turning_the_data_round_turns_the_verdict_round(data: str, answer: str, request: pytest.FixtureRequest) -> None:
    verdicts: dict[str, FindingVerdict] = request.getfixturevalue(data)
    assert {finding: verdicts[finding].answer for finding in FINDINGS} == dict.fromkeys(FINDINGS, answer)
    for finding in FINDINGS:
        one = verdicts[finding]
        assert one.low is not None, one
        assert one.effect is not None, one
        assert one.high is not None, one
        assert one.low <= one.effect <= one.high, one


def test_little_data_cannot_tell() -> None:
    verdicts = _by_name(traces=4, problems=10, seeds=(0,))
    for finding in FINDINGS:
        assert (verdicts[finding].answer, verdicts[finding].effect) == ("cannot tell", None), finding
        assert verdicts[finding].evidence.startswith("Needs "), finding


def test_one_seed_has_no_variance() -> None:
    found = _by_name(seeds=(0,), criteria=("nll",))["replace-variance"]
    assert (found.answer, found.effect) == ("cannot tell", None)
    assert "at least 3 seeds each" in found.evidence


@pytest.mark.parametrize("seeds", [(0,), (0, 1)])
def test_fewer_than_three_seeds_decide_nothing_and_the_verdict_says_what_was_measured(seeds: tuple[int, ...]) -> None:
    found = _by_name(seeds=seeds, criteria=("nll", "random"), **PUBLISHED)
    for name in ("math-restructuring", "over-random", "drop", "long-verbose", "plateau-math"):
        assert (found[name].answer, found[name].effect, found[name].level) == ("cannot tell", None, None)
        assert "fewer than 3 training seeds" in found[name].evidence
        assert "Measured, with no interval: " in found[name].evidence


def test_fewer_than_four_comparisons_decide_nothing() -> None:
    found = _by_name(students=("tiny-a",), criteria=("nll", "random"), **PUBLISHED)
    assert "fewer than 4 comparisons (conditions, students, benchmarks): 2" in found["math-restructuring"].evidence
    assert found["math-restructuring"].answer == "cannot tell"
    assert found["over-random"].answer == "holds"  # of four conditions


def test_verdicts_share_one_level(published: dict[str, FindingVerdict]) -> None:
    """Holm: the clearest is held against the family's level / number of verdicts, and says so."""
    clearest = min(published.values(), key=lambda verdict: verdict.p_value or 0)
    assert clearest.level == pytest.approx(0.05 / len(FINDINGS))
    assert "Decided at level 0.0036 (Holm's correction: 14 verdicts together 0.05)." in clearest.evidence
    for verdict in published.values():
        assert verdict.p_value is not None
        assert verdict.level is not None
        assert (verdict.p_value <= verdict.level) is (verdict.answer != "cannot tell")


def test_capped_and_broken_replies_are_no_evidence_on_lengths() -> None:
    knobs = {**SIZE, "criteria": ("nll",), "levels": (), "verbosity": {"short": 0.0, "long": 0.0}, "problems": 60}
    tables = synthetic_study(**knobs)
    aggressive = tables.cells[tables.cells.compression.str.endswith("-0.2-0")].cell
    answers, broken = tables.answers, tables.answers.cell.isin(aggressive)
    endless = answers.assign(
        outcome=answers.outcome.where(~broken, "truncated"),
        reasoning_tokens=answers.reasoning_tokens.where(~broken, 5000),
    )
    before, after = (
        {one.finding: one for one in judge_findings(replace(tables, answers=given))}["long-verbose"]
        for given in (answers, endless)
    )
    assert before.answer == after.answer == "does not hold"
    assert after.effect == pytest.approx(before.effect, abs=0.02)
    assert "Left out as broken: 0 students." in before.evidence
    assert "Left out as broken: 12 students." in after.evidence  # two conditions, two students, three methods


def test_a_width_that_never_drops_is_at_least_that_wide_and_protected_curves_are_apart() -> None:
    knobs = {"criteria": ("nll",), "levels": (), "conditions": CONDITIONS[:2], "symbol_gap": 0.0}
    found = _by_name(**knobs, knee=0.1, protected_gap=-0.6)["plateau-math"]
    assert (found.answer, found.high) == ("holds", 1.0)
    assert found.effect == pytest.approx(0.8, abs=0.03)
    assert "No ratio trained loses it. With symbols protected: at least 0." in found.evidence


def test_reflection_is_held_against_the_best_of_the_others() -> None:
    """Better than three that fail, and no better than truncation: no advantage."""
    effects = {"reflection": 0.0, "head": 0.0, "nll": -0.4, "random": -0.4}
    knobs = {"criteria": ("reflection", "head", "nll", "random"), "levels": (), "knee": 0.1}
    found = _by_name(**knobs, criterion_effects=effects, conditions=CONDITIONS[1::2])["diffuse-redundancy"]
    assert "Best of the others: head." in found.evidence
    assert found.effect == pytest.approx(0.0, abs=0.05)
    assert found.answer != "does not hold"


def test_no_data_cannot_tell_and_says_what_is_needed() -> None:
    found = judge_findings(build_study_tables({}))
    assert {one.answer for one in found} == {"cannot tell"}
    assert [one.finding for one in found if not one.evidence.startswith("Needs ")] == []
    assert [one.finding for one in found if one.effect is not None] == []


def test_no_gap_has_nothing_to_close() -> None:
    knobs = {"criteria": ("nll", "saliency"), "levels": (), "conditions": CONDITIONS[:2]}
    found = _by_name(symbol_gap=0.1, protected_gap=0.2, **knobs)["symbol-protection"]
    assert (found.answer, found.effect) == ("does not hold", 0)


def test_other_domains_and_regimes_are_no_evidence() -> None:
    students = ("tiny-a", "tiny-b", "tiny-c", "tiny-d")
    found = _by_name(**PUBLISHED, criteria=("nll",), conditions=CONDITIONS[2:3], students=students)
    assert found["math-restructuring"].answer == found["long-verbose"].answer == "cannot tell"
    assert found["general-rewriting"].answer == found["short-diagonal"].answer == "holds"


@pytest.mark.parametrize(
    ("low", "high", "above", "answer"),
    [
        (0.2, 0.4, True, "holds"),
        (0.2, 0.4, False, "does not hold"),
        (-0.4, -0.2, True, "does not hold"),
        (-0.4, -0.2, False, "holds"),
        (-0.1, 0.2, True, "cannot tell"),
        (-0.1, 0.2, False, "cannot tell"),
        (0.1, 0.1, True, "cannot tell"),  # on the threshold
    ],
)
def test_the_whole_interval_has_to_be_on_one_side(low: float, high: float, above: bool, answer: str) -> None:
    finding = PublishedFinding("f", "claim", "published", "test", "unit", 0.1, above)
    drawn = np.concatenate([[(low + high) / 2], np.linspace(low, high, RESAMPLE_COUNT)])
    found = judge_finding(finding, FindingEvidence(drawn, "here"))
    assert found.answer == answer
    assert found.effect == pytest.approx((low + high) / 2)


def test_a_refutation_beside_the_effect_counts() -> None:
    drawn = np.full(1 + RESAMPLE_COUNT, 1.0)
    assert (
        judge_finding(PublishedFinding("f", "", "", "", ""), FindingEvidence(drawn, "", is_refuted=True)).answer
        == "does not hold"
    )


def test_the_same_tables_give_the_same_verdicts(study: StudyTables) -> None:
    assert judge_findings(study) == judge_findings(study)
