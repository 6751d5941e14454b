"""Advice: from the published findings, and from measurements that turn it round when they are turned round."""

from __future__ import annotations

import pytest

pytest.importorskip("pandas", reason="studies need the extra 'study'")

from synthetic_study import synthetic_study

from cotpress.advice import DOMAINS, GOALS, REGIMES, Advice, Question, advise
from cotpress.errors import InputError, OptionError

SMALL = {"traces": 4, "problems": 80, "seeds": (0,), "criteria": ("nll", "random")}


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("regime", REGIMES)
@pytest.mark.parametrize("goal", GOALS)
def test_without_a_study_the_published_findings_answer_and_say_so(domain: str, regime: str, goal: str) -> None:
    advice = advise(Question(domain, regime, goal))
    assert "published findings" in advice.source
    assert any("No interval" in warning for warning in advice.warnings)
    assert any("lower bound" in warning for warning in advice.warnings) is (regime == "long")
    assert advice.kind == ("criterion" if domain == "math" else "level")
    assert advice.command.startswith("cotpress compress" if domain == "math" else "cotpress rewrite")
    assert (advice.inference.value is None) is (regime == "long")


def test_a_budget_is_kept_to() -> None:
    advice = advise(Question("math", "short", budget=0.4))
    assert advice.keep == 0.4
    assert any("beyond the plateau" in warning for warning in advice.warnings)


def cheapest(advice: Advice) -> float:
    return float(advice.evidence[0].split("realized ")[1].split(",")[0])


def test_measurements_decide_where_there_are_any() -> None:
    tables = synthetic_study(**SMALL, knee=0.4)
    advice = advise(Question("math", "short"), tables)
    assert advice.source.startswith("measured")
    assert advice.kind == "criterion"
    assert advice.keep == pytest.approx(0.5, abs=0.21)
    assert advice.retention.low is not None
    assert advice.retention.low >= 0.9
    assert "cells" in advice.evidence[0]
    # with a plateau that ends sooner, more has to be kept
    sooner = advise(Question("math", "short"), synthetic_study(**SMALL, knee=0.85))
    assert cheapest(sooner) > cheapest(advice)


def test_the_goal_decides_what_is_cheap() -> None:
    tables = synthetic_study(**SMALL)
    for goal, name in (("train-cost", "realized "), ("inference-cost", "inference ratio ")):
        figures = [
            float(one.split(name)[1].split()[0].rstrip(","))
            for one in advise(Question("math", "long", goal), tables).evidence
        ]
        assert figures == sorted(figures)


def test_long_traces_are_warned_of() -> None:
    tables = synthetic_study(**SMALL)
    assert any("lower bound" in one for one in advise(Question("math", "long", "inference-cost"), tables).warnings)
    assert not any("lower bound" in one for one in advise(Question("math", "short"), tables).warnings)


def test_where_nothing_keeps_the_accuracy_traces_are_left_whole() -> None:
    tables = synthetic_study(**SMALL, knee=1.0, floor=0.0, level_effects={"math": (-0.6,) * 4, "general": (-0.6,) * 4})
    advice = advise(Question("math", "short", threshold=1.0), tables)
    assert (advice.kind, advice.method) == ("baseline", "uncompressed")
    assert "--keep 1" in advice.command


def test_contradictions_with_what_was_published_are_told() -> None:
    contrary = synthetic_study(
        traces=4, problems=80, seeds=(0, 1), level_effects={"math": (-0.3, -0.2, -0.1, 0.1), "general": (0.0,) * 4}
    )
    agreeing = synthetic_study(traces=4, problems=80, seeds=(0, 1))
    told = advise(Question("math", "short"), contrary).disagreements
    assert any("restructuring" in one for one in told)
    assert not any("restructuring" in one for one in advise(Question("math", "short"), agreeing).disagreements)


def test_a_study_without_the_condition_says_so() -> None:
    tables = synthetic_study(**SMALL, conditions=(("m", "math", "short"),))
    with pytest.raises(InputError, match="no evaluated cells of general, long"):
        advise(Question("general", "long"), tables)
    with pytest.raises(InputError, match="of math, short, nobody"):
        advise(Question("math", "short", student="nobody"), tables)


@pytest.mark.parametrize(
    "wrong",
    [
        {"domain": "maths"},
        {"regime": "longish"},
        {"goal": "cost"},
        {"budget": 50.0},
        {"threshold": 0.0},
    ],
)
def test_a_question_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(OptionError):
        Question(**{"domain": "math", "regime": "long", **wrong})  # type: ignore[arg-type]
