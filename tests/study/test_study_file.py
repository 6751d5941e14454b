"""Studies from YAML: strict, every fault at once with its line, and a guess at what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("pydantic", reason="studies need the extra 'study'")

from cotpress.errors import OptionError
from cotpress.study import list_studies, parse_study, read_study

GOOD = """\
name: mine
conditions:
  a: {traces: world, domain: math, regime: long, benchmarks: {world_math: null}}
pruning: {criteria: [nll], keep: [1, 0.5]}
students: [world-llama]
"""


def faults(text: str) -> str:
    with pytest.raises(OptionError) as caught:
        parse_study(text, "mine.yaml")
    assert "docs/studies.md" in caught.value.hint
    return caught.value.message


def test_a_good_study_is_read() -> None:
    study = parse_study(GOOD, "mine.yaml")
    assert [grid.keep for grid in study.pruning] == [(1, 0.5)]
    assert study.conditions["a"].benchmarks == {"world_math": None}


@pytest.mark.parametrize("name", list_studies())
def test_studies_that_come_along_are_sound(name: str) -> None:
    assert read_study(name).conditions


def test_keep_auto_is_for_criteria_that_give_coverage() -> None:
    text = GOOD.replace("[nll], keep: [1, 0.5]", '["covering:COVERING"], keep: [0.5, auto]')
    assert [grid.keep for grid in parse_study(text, "mine.yaml").pruning] == [(0.5, "auto")]
    assert "line 4: pruning: nll cannot tell what the answer rests on" in faults(GOOD.replace("[1, 0.5]", "[auto]"))
    message = faults(GOOD.replace("[1, 0.5]", "[true, some, 0]"))
    assert "pruning.keep.0: input should be a keep ratio, or auto" in message
    assert "pruning.keep.1: input should be a keep ratio, or auto" in message
    assert "pruning.keep.2: input should be greater than 0" in message


def test_all_faults_are_told_at_once_with_their_lines() -> None:
    text = (
        GOOD.replace("name: mine", "nam: mine")
        .replace("domain: math", "domain: maths")
        .replace("[nll]", "[nl]")
        .replace("[1, 0.5]", "[1, 50]")
    )
    message = faults(text)
    assert "line 1: 'nam' is not known (did you mean 'name'?)" in message
    assert "'name' is missing" in message
    assert "line 3: conditions.a.domain" in message
    assert "line 4: pruning.criteria.0: there is no criterion 'nl'. Did you mean 'nll'?" in message
    assert "line 4: pruning.keep.1: input should be less than or equal to 1" in message


def test_unknown_names_at_depth_get_a_guess() -> None:
    assert "'conditions.a.regimes' is not known (did you mean 'regime'?)" in faults(
        GOOD.replace("regime: long", "regime: long, regimes: long")
    )
    assert "'pruning.criterion' is not known (did you mean 'criteria'?)" in faults(
        GOOD.replace("criteria: [nll]", "criterion: [nll]")
    )


def test_several_grids_are_a_list_and_a_fault_says_in_which_it_is() -> None:
    grids = "pruning:\n- {criteria: [nll], keep: [0.5]}\n- {criteria: [entropy], keep: [0.7], train: false}\n"
    text = GOOD.replace("pruning: {criteria: [nll], keep: [1, 0.5]}\n", grids)
    assert [(grid.keep, grid.train) for grid in parse_study(text, "mine.yaml").pruning] == [
        ((0.5,), True),
        ((0.7,), False),
    ]
    message = faults(text.replace("keep: [0.7]", "keeps: [0.7]").replace("[nll]", "[nl]"))
    assert "line 5: pruning.0.criteria.0: there is no criterion 'nl'" in message
    assert "line 6: 'pruning.1.keeps' is not known (did you mean 'keep'?)" in message


def test_a_list_of_unknown_names_is_not_empty_besides() -> None:
    message = faults(GOOD.replace("[nll]", "[nl]"))
    assert "there is no criterion 'nl'" in message
    assert "at least 1 item" not in message
    assert faults(GOOD.replace("[nll]", '["math:sqr"]')).endswith("Did you mean 'math:sqrt'?")


def test_the_size_of_batches_goes_by_its_name_of_before_too(caplog: pytest.LogCaptureFixture) -> None:
    text = "{name: a, conditions: {m: {traces: world, domain: math, regime: long}}, batch: 7}"
    assert parse_study(text, "a").batch_size == 7
    assert caplog.messages == ["batch of a study is now batch_size."]
    with pytest.raises(OptionError, match="'batch' is not known"):
        parse_study(text.replace("batch: 7", "batch: 7, batch_size: 8"), "a")


def test_a_name_given_twice_is_a_fault_where_yaml_would_take_the_last() -> None:
    assert "line 6: 'name' is given twice" in faults(GOOD + "name: other\n")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("[nll]", "[saliency]"), "saliency needs a token classifier"),
        ((", benchmarks: {world_math: null}", ""), "give every condition its benchmarks (a has none)"),
        (("students:", "baselines: [native-short, uncompressed]\nstudents:"), "native_short in every condition"),
        (("students:", "baselines: [no-reasoning]\nstudents:"), "compared with the uncompressed baseline"),
        (("[1, 0.5]", "[0.5, 1, 0.5]"), "0.5 is given twice"),
        (("[nll]", "[nll, nll]"), "nll is given twice"),
        (("[nll]", "[nll], conditions: [a, c, b]"), "line 4: pruning: there is no condition b, c"),
        (("[nll]", "[nll], conditions: []"), "at least 1 item"),
        (("pruning: {criteria: [nll], keep: [1, 0.5]}", "pruning: nll"), "pruning: it has to be names with values"),
        (
            ("pruning: {criteria: [nll], keep: [1, 0.5]}", "pruning: [{keep: [1], keep: [0.5]}]"),
            "'keep' is given twice",
        ),
        (("students:", "seeds: [1, 2, 1]\nstudents:"), "1 is given twice"),
        (("[nll]", "[nll], granularities: []"), "at least 1 item"),
        (("[nll]", "[nll], seeds: [0, 3, 2]"), "a grid has the seed 2, 3, which the study has not"),
        (("[nll]", "[nll], granularities: [step], symbols: [true]"), "symbols are protected at granularity token"),
        (("regime: long", "regime: long, native_short: short.jsonl"), "both `world`"),
        (("regime: long", "regime: long, fields: {reasoning: cot}"), "fields are of files"),
        (("regime: long", "regime: long, fields: {thoughts: cot}"), "conditions.a.fields.thoughts"),
        (("regime: long", "regime: long, limit: 99999999999999999999"), "less than or equal to"),
        (("students:", "rewriting: {max_cost: 5}\nstudents:"), "max_cost needs price"),
        (("students:", "rewriting: {price: cheap}\nstudents:"), "'cheap' is no pair of prices"),
        (("students:", "rewriting: {hint: bone}\nstudents:"), "there is no hint 'bone'"),
        (("students:", "rewriting: {hint: backbone}\nstudents:"), "rules asks none"),
    ],
)
def test_parts_must_fit_together(change: tuple[str, str], said: str) -> None:
    assert said in faults(GOOD.replace(*change))


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "name: &a [*a]\n", "name: [", "name: !!python/object:os.system {}"])
def test_what_is_no_study_is_refused(text: str) -> None:
    assert "mine.yaml" in faults(text)


def test_a_missing_file_names_the_studies_that_come_along(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"cannot be read.*world"):
        read_study(tmp_path / "no.yaml")


def test_signals_come_from_the_sources_that_give_them() -> None:
    text = GOOD.replace("[nll]", '["two_signals:BOTH"]')
    assert "criterion two_signals:BOTH reads length: add what gives it to sources" in faults(text)
    study = parse_study(text + 'sources: [{source: "two_signals:LENGTHS"}]\n', "mine.yaml")
    assert study.sources[0].provides == {"length"}
    assert "line 6: sources.0.source: there is no signal source 'ngrm'" in faults(text + "sources: [{source: ngrm}]\n")
    assert "the source lm needs a model" in faults(text + "sources: [{source: lm}]\n")
    assert "did you mean 'source'" in faults(text + "sources: [{sorce: lm}]\n")


def test_signals_of_the_answer_come_from_the_scorer() -> None:
    text = GOOD.replace("[nll]", "[pir, conditional]")
    assert "the criterion pir reads pir: give a language model as scorer" in faults(text)
    assert parse_study(text + "scorer: world-llama\n", "mine.yaml").scorer == "world-llama"


def test_the_oracle_is_for_generated_traces() -> None:
    text = GOOD + "rewriting: {levels: [edit], rewriter: oracle-drop-0.25}\n"
    assert parse_study(text, "mine.yaml").rewriting is not None
    assert "the oracle rewrites generated traces alone" in faults(
        text.replace("traces: world", "traces: mine.jsonl").replace("world_math", "gsm8k")
    )
    assert "there is no corruption 'lose'" in faults(text.replace("drop", "lose"))
