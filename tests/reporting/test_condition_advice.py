"""The page's first screen: what to do with the traces of each condition, and what is said where nobody knows."""

from __future__ import annotations

from typing import Any

from synthetic_study import synthetic_study

from cotpress.analysis.advice import AdviceRequest, StudyModels, advise
from cotpress.reporting.condition_advice import SWEEP_COMMAND, ConditionAdvice, advise_conditions

MATH = ("math-long", "math", "long")
SIZE: dict[str, Any] = {"traces": 4, "problems": 120, "keeps": (0.5,), "criteria": ("nll", "random"), "levels": ()}


def _advise(**knobs: Any) -> tuple[ConditionAdvice, ...]:
    return advise_conditions(synthetic_study(**{**SIZE, "conditions": (MATH,), **knobs}), ())


def test_the_advice_is_that_of_the_command_with_its_figures_and_doubts() -> None:
    tables = synthetic_study(**{**SIZE, "conditions": (MATH,)})
    expected = advise(AdviceRequest("math", "long"), tables, StudyModels(scorer="some/model"))
    (found,) = advise_conditions(tables, (), StudyModels(scorer="some/model"))
    assert found.conditions == ("math-long",)
    assert found.standing == "not certain"  # two seeds
    assert found.commands == (("Type", expected.command),)
    assert "some/model" in expected.command
    assert found.sentences[0] == "Prune whole steps by nll to 50% of the tokens."
    assert str(expected.retention) in found.sentences[1]
    assert str(expected.inference) in found.sentences[1]
    assert set(expected.warnings) <= set(found.doubts)
    assert found.evidence == expected.evidence


def test_a_certain_way_says_so() -> None:
    (found,) = _advise(seeds=range(4), problems=400, students=("a", "b"))
    assert found.standing == "certain"
    assert found.sentences[2].endswith("is certain, as far as a study can tell.")


def test_where_no_way_is_good_enough_traces_stay_whole() -> None:
    (found,) = _advise(criterion_effects={"nll": -0.5, "random": -0.5}, base=0.7, benchmarks=("bench",), knee=0.9)
    assert found.standing == "leave whole"
    assert found.sentences[0] == "Leave the traces whole."
    assert any("No way to shorten keeps 90%" in line for line in found.doubts)


def test_without_students_it_says_what_to_run() -> None:
    (found,) = _advise(students=())
    assert found.standing == "no advice"
    assert "No student of this study was asked" in found.sentences[0]
    assert [command for _, command in found.commands] == [SWEEP_COMMAND, advise(AdviceRequest("math", "long")).command]


def test_of_baselines_alone_nothing_is_advised() -> None:
    (found,) = _advise(criteria=())
    assert found.standing == "no advice"
    assert "no way to shorten" in found.sentences[0]


def test_where_reasoning_is_worth_nothing_it_says_why() -> None:
    (found,) = _advise(base=0.2)
    assert found.standing == "no advice"
    assert found.sentences[0].startswith("No advice: students without any reasoning keep")
    assert found.sentences[1].startswith("Ask benchmarks that need reasoning")


def test_one_advice_for_each_domain_and_regime() -> None:
    others = (("limo", "math", "long"), ("general-short", "general", "short"))
    found = _advise(conditions=(MATH, *others), problems=10)
    assert [one.conditions for one in found] == [("general-short",), ("limo", "math-long")]
