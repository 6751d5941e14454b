"""Advice: from what this project measured, and from measurements that turn it round when they are turned round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("pandas", reason="studies need the extra 'study'")

from synthetic_study import CONDITIONS, synthetic_study

from cotpress.analysis.advice import GOALS, Advice, AdviceRequest, ExpectedValue, StudyModels, advise
from cotpress.analysis.advice.measured_findings import MEASURED_FINDINGS, MeasuredFinding
from cotpress.analysis.advice.published_advice import advise_from_publications
from cotpress.analysis.advice.study_advice import advise_from_study
from cotpress.analysis.advice.study_halves import split_study
from cotpress.errors import InputError, OptionError
from cotpress.tables import StudyTables
from cotpress.types import DOMAINS, REGIMES

MATH = tuple(condition for condition in CONDITIONS if condition[1] == "math")  # those that most tests ask about
SMALL = {"traces": 4, "problems": 80, "seeds": (0,), "criteria": ("nll", "random"), "conditions": MATH}


def ask(question: AdviceRequest, tables: StudyTables) -> Advice:
    """Advice from a study without its verdicts, which take half of the time and only tell what was published."""
    return advise_from_study(question, tables, verdicts=())


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("regime", REGIMES)
@pytest.mark.parametrize("goal", GOALS)
def test_without_a_study_what_was_measured_here_answers_and_says_so(domain: str, regime: str, goal: str) -> None:
    advice = advise(AdviceRequest(domain, regime, goal))
    assert "this project measured" in advice.basis
    assert any("No real student" in warning for warning in advice.warnings)
    assert any("lower bound" in warning for warning in advice.warnings) is (regime == "long")
    assert (advice.kind, advice.method, advice.granularity, advice.keep) == ("criterion", "backbone", "step", None)
    assert advice.command.endswith("--criterion backbone --granularity step --keep auto")
    assert any("(docs/" in line for line in advice.evidence)
    assert any(line.startswith("published: ") for line in advice.evidence)


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("regime", REGIMES)
def test_nothing_is_promised_that_was_not_measured(domain: str, regime: str) -> None:
    for advice in (advise(AdviceRequest(domain, regime)), advise_from_publications(AdviceRequest(domain, regime))):
        assert str(advice.retention) == "not known"
        assert advice.inference.value is None


def test_where_the_data_contradict_what_was_published_it_says_so() -> None:
    told = "\n".join(advise(AdviceRequest("math", "long")).disagreements)
    assert "would have: cotpress compress traces.jsonl -o out/ --criterion nll" in told
    assert "the choice matters little (arXiv 2606.21704) - not here: " in told


@pytest.mark.parametrize("finding", MEASURED_FINDINGS, ids=lambda finding: finding.sentence[:40])
def test_findings_say_of_which_domain_and_regime_they_are(finding: MeasuredFinding) -> None:
    assert finding.domains
    assert (Path(__file__).parents[3] / finding.page).is_file()
    assert set(finding.domains) <= {*DOMAINS}
    assert set(finding.regimes) <= {*REGIMES}


def test_a_budget_is_kept_to() -> None:
    advice = advise(AdviceRequest("math", "short", budget=0.4))
    assert advice.keep == 0.4
    assert "--keep 0.4" in advice.command
    assert any("--keep auto gives each" in warning for warning in advice.warnings)


def cheapest(advice: Advice) -> float:
    return float(advice.evidence[0].split("realized ")[1].split(",")[0])


def test_measurements_decide_where_there_are_any() -> None:
    tables = synthetic_study(**{**SMALL, "conditions": CONDITIONS}, knee=0.4)
    advice = advise(AdviceRequest("math", "short"), tables)
    assert advice.basis.startswith("measured")
    assert advice.kind == "criterion"
    assert advice.keep == pytest.approx(0.5, abs=0.21)
    assert advice.retention.value is not None
    assert advice.retention.value >= 0.9
    assert advice.evidence[0].endswith(", 1 cell")
    # with a plateau that ends sooner, more has to be kept
    sooner = advise(AdviceRequest("math", "short"), synthetic_study(**SMALL, knee=0.85))
    assert cheapest(sooner) > cheapest(advice)


def ways(tables: StudyTables, cells: Sequence[str]) -> list[tuple[str, str, str]]:
    """The condition, method and granularity of each of these cells."""
    told = tables.cells.merge(tables.compressions, on="compression").set_index("cell")
    return [tuple(told.loc[cell, ["condition", "method", "granularity"]]) for cell in cells]


def test_a_way_that_was_not_measured_everywhere_is_not_advised() -> None:
    """As grids for some of the conditions leave it: its only condition may be the easy one."""
    tables = synthetic_study(**SMALL, students=("a", "b"), knee=0.4)
    best = ask(AdviceRequest("math", "short"), tables)
    gone = tables.cells.merge(tables.compressions, on="compression")
    gone = gone[(gone.student == "b") & (gone.method == best.method) & (gone.granularity == best.granularity)]
    partial = replace(tables, cells=tables.cells[~tables.cells.cell.isin(gone.cell)])
    advice = ask(AdviceRequest("math", "short"), partial)
    assert (advice.method, advice.granularity) != (best.method, best.granularity)
    assert any("not measured in every condition and student, and left out" in one for one in advice.warnings)
    assert not any("not measured" in one for one in best.warnings)


def test_the_cells_that_advice_rests_on_are_named() -> None:
    tables = synthetic_study(**{**SMALL, "seeds": (0, 1)}, students=("a", "b"), benchmarks=("one", "two"), knee=0.4)
    advice = ask(AdviceRequest("math", "short"), tables)
    named = ways(tables, advice.cells)
    assert len(set(advice.cells)) == len(advice.cells)
    assert {condition for condition, *_ in named} == {"math-short"}
    assert set(named[:4]) == {("math-short", advice.method, advice.granularity)}  # two students, two seeds
    assert set(named[4:8]) == {("math-short", "uncompressed", "")}
    assert advice.evidence[0].endswith(", 4 cells")  # each once, though two benchmarks were asked
    assert advice.basis.startswith(f"measured: {len(advice.cells) - 4} cells of the study that keep the accuracy")
    alone = ask(AdviceRequest("math", "short", student="a"), tables).cells
    assert {cell.split("/")[2] for cell in alone} == {"a"}


def test_cells_that_failed_are_not_rested_on_and_one_is_a_cell() -> None:
    tables = without(narrow((0.9,), seeds=(0, 1)), "native-short")
    steps = tables.compressions[tables.compressions.granularity != "token"]
    state = tables.cells.state.where(tables.cells.seed == 0, "failed")
    tables = replace(tables, compressions=steps, cells=tables.cells.assign(state=state))
    advice = ask(AdviceRequest("math", "long", threshold=0.5), tables)
    assert advice.basis.startswith(
        "measured: 1 cell of the study that keeps the accuracy; chosen on half of the problems"
    )
    assert set(tables.cells.set_index("cell").state[list(advice.cells)]) == {"done"}


def test_without_advice_to_shorten_all_cells_are_named_and_without_a_study_none() -> None:
    tables = synthetic_study(**SMALL, knee=1.0, floor=0.0, level_effects={"math": (-0.6,) * 4, "general": (-0.6,) * 4})
    advice = ask(AdviceRequest("math", "short", threshold=1.0), tables)
    assert ways(tables, advice.cells[:1]) == [("math-short", "uncompressed", "")]
    assert advice.basis == f"measured: {len(advice.cells)} cells of the study"
    assert advise(AdviceRequest("math", "short")).cells == ()


def test_the_goal_decides_what_is_cheap() -> None:
    tables = synthetic_study(**SMALL)
    for goal, name in (("train-cost", "trained tokens "), ("inference-cost", "inference ratio ")):
        figures = [
            float(one.split(name)[1].split()[0].rstrip(","))
            for one in ask(AdviceRequest("math", "long", goal), tables).evidence
        ]
        assert figures == sorted(figures)


def test_students_who_write_more_than_they_were_taught_are_warned_of_and_no_others() -> None:
    for verbosity, told in (({"short": 0.02, "long": 0.6}, True), ({"short": 0.0, "long": -0.05}, False)):
        tables = without(synthetic_study(**SMALL, verbosity=verbosity), "native-short")
        warnings = ask(AdviceRequest("math", "long", "inference-cost"), tables).warnings
        assert any("write more than they were taught" in one for one in warnings) is told
        assert not any("lower bound" in one for one in warnings)


def test_where_nothing_keeps_the_accuracy_traces_are_left_whole() -> None:
    tables = synthetic_study(**SMALL, knee=1.0, floor=0.0, level_effects={"math": (-0.6,) * 4, "general": (-0.6,) * 4})
    advice = ask(AdviceRequest("math", "short", threshold=1.0), tables)
    assert (advice.kind, advice.method) == ("baseline", "uncompressed")
    assert "--keep 1" in advice.command


def changed(tables: StudyTables, **columns: object) -> StudyTables:
    return replace(tables, compressions=tables.compressions.assign(**columns))


def without(tables: StudyTables, method: str) -> StudyTables:
    gone = tables.compressions[tables.compressions.method == method].compression
    return replace(tables, cells=tables.cells[~tables.cells.compression.isin(gone)])


def narrow(keeps: tuple[float, ...], **knobs: object) -> StudyTables:
    """A study whose intervals are wide: few problems, one criterion."""
    rest = {"traces": 3, "problems": 12, "seeds": (0,), "criteria": ("nll",), "levels": ()}
    return synthetic_study(**{**rest, **knobs}, keeps=keeps, conditions=(("m", "math", "long"),))


@pytest.mark.parametrize(
    ("problems", "seeds", "certain", "told"),
    [
        (400, (0, 1, 2), True, None),
        (400, (0, 1), False, "fewer than 3 training seeds"),
        (40, (0, 1, 2), False, "reaches below the threshold"),
    ],
)
def test_only_three_seeds_and_an_interval_above_the_threshold_make_it_certain(
    problems: int, seeds: tuple[int, ...], certain: bool, told: str | None
) -> None:
    tables = without(narrow((0.7,), problems=problems, seeds=seeds, noise=0.5), "native-short")
    advice = ask(AdviceRequest("math", "long", threshold=0.85), tables)
    assert (advice.kind, advice.is_certain) == ("criterion", certain)
    assert [one for one in advice.warnings if "not certain" in one] == [
        one for one in advice.warnings if told and told in one
    ]
    assert any("not certain" in one for one in advice.warnings) is not certain


def test_what_looks_good_only_where_it_was_chosen_is_not_advised() -> None:
    tables = without(synthetic_study(**SMALL, knee=0.9, floor=0.0), "native-short")
    honest = ask(AdviceRequest("math", "short"), tables)
    chosen_on, reported_on = (half.answers for half in split_study(tables))
    lucky = tables.cells.compression.str.contains("nll-step-0.3") & tables.cells.compression.str.startswith(
        "math-short"
    )
    of_lucky = tables.answers.cell.isin(tables.cells[lucky].cell)
    right = tables.answers.index.isin(chosen_on.index) | (tables.answers.outcome == "right")
    flattered = replace(
        tables, answers=tables.answers.assign(outcome=tables.answers.outcome.where(~(of_lucky & right), "right"))
    )
    assert not set(chosen_on.index) & set(reported_on.index)
    advice = ask(AdviceRequest("math", "short"), flattered)
    assert (advice.method, advice.granularity, advice.keep) != ("nll", "step", 0.3)
    assert (advice.kind, advice.method, advice.keep) == (honest.kind, honest.method, honest.keep)


def test_where_no_reasoning_keeps_as_much_there_is_no_advice() -> None:
    tables = synthetic_study(**SMALL)
    with pytest.raises(InputError, match=r"No advice: students without any reasoning keep 0\.2"):
        ask(AdviceRequest("math", "short", threshold=0.2), tables)
    without_control = without(tables, "no-reasoning")
    told = ask(AdviceRequest("math", "short", threshold=0.2), without_control).warnings
    assert any("no students without reasoning" in one for one in told)
    assert not any(
        "no students without reasoning" in one for one in ask(AdviceRequest("math", "short"), tables).warnings
    )


def test_training_costs_what_students_were_trained_on() -> None:
    """Not what is left of the reasoning: prompts are read, too."""
    tables = synthetic_study(**SMALL, knee=0.2)
    ways_of = tables.cells.merge(tables.compressions[["compression", "method"]], on="compression")
    dear = tables.cells.trained_tokens.where(ways_of.method != "nll", tables.cells.trained_tokens * 5)
    advice = ask(AdviceRequest("math", "short"), replace(tables, cells=tables.cells.assign(trained_tokens=dear)))
    assert ask(AdviceRequest("math", "short"), tables).method == "nll"
    assert advice.method != "nll"


def test_a_budget_that_rules_out_what_keeps_the_accuracy_is_told() -> None:
    tables = synthetic_study(**SMALL, knee=0.4)
    advice = ask(AdviceRequest("math", "short", budget=0.05), tables)
    assert advice.method == "uncompressed"
    told = next(one for one in advice.warnings if "budget of 0.05" in one)
    assert "beyond it:" in told
    assert "realized" in told


def test_native_short_traces_are_no_traces_as_they_are() -> None:
    tables = synthetic_study(**SMALL)
    made = tables.compressions
    least = made[made.kind == "criterion"].keep.min()
    native = (made.kind == "criterion") & (made.keep == least)
    kinds = made.kind.where(~native, "baseline")
    renamed = changed(tables, kind=kinds, method=made.method.where(~native, "native-short"))
    advice = ask(AdviceRequest("math", "short", threshold=0.4), renamed)
    assert (advice.kind, advice.method) == ("baseline", "native-short")
    assert "short-traces.jsonl" in advice.command


def test_without_a_baseline_that_was_ever_right_there_is_no_advice() -> None:
    tables = synthetic_study(**SMALL)
    wrong = replace(tables, answers=tables.answers.assign(outcome="wrong"))
    with pytest.raises(InputError, match="no uncompressed baseline that was right"):
        ask(AdviceRequest("math", "short"), wrong)


def test_another_criterion_than_the_published_one_is_told() -> None:
    tables = without(synthetic_study(**{**SMALL, "criteria": ("random",)}, levels=()), "native-short")
    advice = advise(AdviceRequest("math", "short"), tables)
    assert advice.method == "random"
    assert "The published findings would have" in advice.disagreements[0]


@pytest.mark.parametrize(
    ("method", "models", "words"),
    [
        ("nll", StudyModels(scorer="my model", tokenizer="t"), "--source lm --model 'my model' --tokenizer t"),
        ("nll", StudyModels(scorer="ngram"), "--source ngram"),
        ("entropy", StudyModels(), "--protect symbols"),
        ("saliency", StudyModels(scorer="m", saliency="c"), "--source saliency --model c"),
        ("random", StudyModels(scorer="m"), "--protect symbols"),
    ],
)
def test_the_command_names_what_was_measured_with(method: str, models: StudyModels, words: str) -> None:
    known = ExpectedValue(1.0)
    advice = Advice("criterion", method, "token", True, 0.5, known, known, "", (), models=models)
    assert advice.command.endswith(words)


def test_the_command_of_a_level_names_its_rewriter() -> None:
    known, models = (
        ExpectedValue(1.0),
        StudyModels(rewriter="openai", rewriter_model="m", base_url="http://localhost/v1"),
    )
    advice = Advice("level", "fuse", "", False, None, known, known, "", (), models=models)
    assert advice.command.endswith("--level fuse --rewriter openai --model m --base-url http://localhost/v1")
    assert replace(advice, models=StudyModels(rewriter="rules")).command.endswith("--level fuse")


def test_contradictions_with_what_was_published_are_told() -> None:
    size = {
        "traces": 4,
        "problems": 80,
        "seeds": (0, 1, 2),
        "students": ("a", "b"),
        "criteria": ("nll",),
        "noise": 0.05,
    }
    size |= {"level_spreads": (0.01,) * 4, "conditions": MATH}
    contrary = synthetic_study(**size, level_effects={"math": (-0.5, -0.3, -0.15, 0.0), "general": (0.0,) * 4})
    agreeing = synthetic_study(**size)
    told = advise(AdviceRequest("math", "short"), contrary).disagreements
    assert any("restructuring" in one for one in told)
    assert not any("restructuring" in one for one in advise(AdviceRequest("math", "short"), agreeing).disagreements)


def test_a_study_without_the_condition_says_so() -> None:
    tables = synthetic_study(**{**SMALL, "conditions": (("m", "math", "short"),)})
    with pytest.raises(InputError, match="no evaluated cells of general, long"):
        ask(AdviceRequest("general", "long"), tables)
    with pytest.raises(InputError, match="of math, short, nobody"):
        ask(AdviceRequest("math", "short", student="nobody"), tables)


def test_a_study_without_students_says_what_it_lacks() -> None:
    tables = synthetic_study(**SMALL)
    untrained = replace(tables, cells=tables.cells.iloc[:0], answers=tables.answers.iloc[:0])
    with pytest.raises(InputError, match=r"trained no student.*Name students and each condition's benchmarks"):
        ask(AdviceRequest("math", "short"), untrained)


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
        AdviceRequest(**{"domain": "math", "regime": "long", **wrong})  # type: ignore[arg-type]
