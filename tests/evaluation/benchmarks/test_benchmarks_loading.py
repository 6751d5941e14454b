"""Containers, seeds, limits, the hub's door, and what bad input is told."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_rows import GPQA, ROWS

from cotpress.errors import InputError, OptionError
from cotpress.evaluation.benchmarks import BENCHMARKS, load_benchmark, loader
from cotpress.traces import TraceRow, TraceSource
from cotpress.world import sample


def _jsonl(folder: Path, rows: Sequence[Any], name: str = "rows.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def _gpqa(n: int) -> list[dict[str, str]]:
    return [{**GPQA, "Question": f"Which one of {number}?"} for number in range(n)]


def test_every_container_gives_the_same_problems(tmp_path: Path) -> None:
    rows = _gpqa(5)
    array, table, sheet = (tmp_path / name for name in ("a.json", "a.parquet", "a.csv"))
    array.write_text(json.dumps(rows, indent=2))
    pq.write_table(pa.Table.from_pylist(rows), table)
    with sheet.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    expected = load_benchmark("gpqa_diamond", _jsonl(tmp_path, rows))
    assert len(expected) == 5
    assert all(load_benchmark("gpqa_diamond", path) == expected for path in (array, table, sheet))


@pytest.mark.parametrize("name", ["csqa", "openbookqa", "mmlu_pro", "strategyqa"])
def test_nested_fields_survive_parquet(name: str, tmp_path: Path) -> None:
    row = ROWS[name][0][0]
    path = tmp_path / "a.parquet"
    pq.write_table(pa.Table.from_pylist([row]), path)
    assert load_benchmark(name, path) == load_benchmark(name, _jsonl(tmp_path, [row]))


def test_both_layouts_of_a_choice_are_one_problem(tmp_path: Path) -> None:
    for name in ("csqa", "openbookqa"):
        hub, local = (load_benchmark(name, _jsonl(tmp_path, [row])) for row, _ in ROWS[name])
        assert hub == local


def test_labels_may_be_numbers(tmp_path: Path) -> None:
    choices = {"label": ["1", "2"], "text": ["a bank", "a mall"]}
    row = {"question_stem": "Where?", "choices": choices, "answerKey": "2"}
    assert load_benchmark("openbookqa", _jsonl(tmp_path, [row]))[0].gold == "B"


def test_options_are_shuffled_by_seed_alone(tmp_path: Path) -> None:
    path = _jsonl(tmp_path, _gpqa(60))
    items = load_benchmark("gpqa_diamond", path, seed=3)
    assert items == load_benchmark("gpqa_diamond", path, seed=3)
    assert items != load_benchmark("gpqa_diamond", path, seed=4)
    assert items[:7] == load_benchmark("gpqa_diamond", path, limit=7, seed=3)
    assert {one.gold for one in items} == set("ABCD")
    assert all(one.options["ABCD".index(one.gold)] == "right" for one in items)
    # The same on every machine and for ever: runs made at different times are compared.
    assert "".join(one.gold for one in load_benchmark("gpqa_diamond", path, limit=12)) == "CBAADBDBBDAA"


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.text("abc ,.:()", min_size=1).filter(str.strip), min_size=4, max_size=4, unique_by=str.strip),
    st.integers(0, 9),
)
def test_the_letter_names_the_right_option_whatever_the_texts(
    tmp_path_factory: Any, texts: list[str], seed: int
) -> None:
    row = dict(zip(GPQA, ["Which?", *texts], strict=True))
    (item,) = load_benchmark("gpqa_diamond", _jsonl(tmp_path_factory.mktemp("gpqa"), [row]), seed=seed)
    assert item.options["ABCD".index(item.gold)] == texts[0].strip()
    assert sorted(item.options) == sorted(text.strip() for text in texts)


def test_option_texts_are_kept_as_they_are(tmp_path: Path) -> None:
    row = {**GPQA, "Correct Answer": "027.0", "Incorrect Answer 1": 5}
    (item,) = load_benchmark("gpqa_diamond", _jsonl(tmp_path, [row]))
    assert {"027.0", "5"} < set(item.options)


def test_the_limit_takes_the_first(tmp_path: Path) -> None:
    path = _jsonl(tmp_path, [{"problem": f"What is {at}?", "answer": str(at)} for at in range(9)])
    assert [one.gold for one in load_benchmark("math500", path, 4)] == ["0", "1", "2", "3"]
    assert len(load_benchmark("math500", path, 100)) == 9


def test_reference_answers_are_words_or_expressions(tmp_path: Path) -> None:
    golds = [r"\frac{1}{2} m v^2", "42", "Paris", "It rises by 20 percent as the gas is heated further"]
    rows = [{"question": "What?", "reference_answer": gold} for gold in golds]
    kinds = [one.kind for one in load_benchmark("natural_reasoning", _jsonl(tmp_path, rows))]
    assert kinds == ["math", "math", "text", "text"]


def test_rows_without_a_reference_answer_are_passed_over(tmp_path: Path) -> None:
    rows = [{"question": f"What is {at}?", "reference_answer": "" if at % 2 else f"{at}"} for at in range(6)]
    items = load_benchmark("natural_reasoning", _jsonl(tmp_path, rows), 2)
    assert [(one.id, one.gold) for one in items] == [("0", "0"), ("2", "2")]


@pytest.mark.parametrize("domain", ["math", "general"])
def test_the_world_draws_its_held_out_problems(domain: str) -> None:
    items = load_benchmark(f"world_{domain}", seed=5)
    traces = [one.trace for one in sample(domain, "short", 200, seed=1_000_008)]
    assert [(one.prompt, one.gold) for one in items] == [(one.question, one.gold) for one in traces]
    assert items[:3] == load_benchmark(f"world_{domain}", limit=3, seed=5, instruct=False)
    assert {one.prompt for one in items} != {one.prompt for one in load_benchmark(f"world_{domain}")}


@pytest.mark.parametrize("name", [name for name, one in BENCHMARKS.items() if one.hub])
def test_the_hub_is_asked_by_dataset_config_and_split(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def found(given: Sequence[str]) -> tuple[list[TraceSource], list[str]]:
        asked.extend(given)
        return [TraceSource(given[0], "", "", rows, ())], []

    def rows() -> Iterator[TraceRow]:
        yield TraceRow(1, ROWS[name][0][0])
        raise AssertionError("read further than the limit")

    monkeypatch.setattr(loader, "find_sources", found)
    assert len(load_benchmark(name, limit=1)) == 1
    hub = BENCHMARKS[name].hub
    assert hub is not None
    assert asked == [f"{hub.dataset}/{hub.config}:{hub.split}" if hub.config else f"{hub.dataset}:{hub.split}"]


def test_a_hub_that_cannot_be_reached_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(given: Sequence[str]) -> tuple[list[TraceSource], list[str]]:
        raise InputError("The hub cannot be reached.")

    monkeypatch.setattr(loader, "find_sources", found)
    with pytest.raises(InputError, match=r"gsm8k cannot be read from the hub\..*gsm8k=FILE"):
        load_benchmark("gsm8k")


def test_unknown_names_limits_and_paths_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"no benchmark 'gsm8'\. Did you mean 'gsm8k'"):
        load_benchmark("gsm8")
    with pytest.raises(OptionError, match="Cannot load 0 problems"):
        load_benchmark("gsm8k", tmp_path, 0)
    with pytest.raises(OptionError, match="world_math is drawn"):
        load_benchmark("world_math", tmp_path)
    with pytest.raises(InputError, match=r"There is no file or folder .*gsm.jsonl"):
        load_benchmark("gsm8k", tmp_path / "gsm.jsonl")
    with pytest.raises(InputError, match="There is no file or folder"):
        load_benchmark("gsm8k", "openai/gsm8k")  # a path is never taken for a name on the hub


BAD: dict[str, tuple[str, str, str]] = {
    "empty": ("gsm8k", "", "no problems in"),
    "not-json": (
        "math500",
        '{"problem": "a", "answer": "1"}\n{"problem": \n{"problem": "b", "answer": "2"}\n',
        "row 2",
    ),
    "column": ("gsm8k", '{"query": "a", "answer": "#### 1"}', "no field 'question'; there is query, answer.*It needs"),
    "no-answer-line": ("gsm8k", '{"question": "a", "answer": "so 72"}', "'#### NUMBER'; it ends in 'so 72'"),
    "no-answer": ("math500", '{"problem": "a", "answer": null}', "row 1.*'answer' should hold an answer"),
    "no-question": ("math500", '{"problem": " ", "answer": "1"}', "'problem' should hold a text"),
    "no-aime": ("aime24", '{"problem": "a", "answer": "1000"}', "from 0 to 999; it is '1000'"),
    "gold": ("mmlu_pro", '{"question": "a", "options": ["x", "y"], "answer": "C"}', "'C', which is none of A, B"),
    "options": ("mmlu_pro", '{"question": "a", "options": "x", "answer": "A"}', "should hold a list of texts"),
    "label": ("csqa", '{"instruction": "a? Answer Choices:\\nA. x\\nB. y", "label": "C"}', "none of A, B"),
    "no-choices": ("csqa", '{"instruction": "a?", "label": "C"}', "Answer choices"),
    "key": (
        "openbookqa",
        '{"question_stem": "a?", "choices": {"label": ["A"], "text": ["x"]}, "answerKey": "D"}',
        "'D', which is none of A",
    ),
    "uneven": (
        "openbookqa",
        '{"question_stem": "a?", "choices": {"label": ["A"], "text": []}, "answerKey": "A"}',
        "1 labels and 0 texts",
    ),
    "truth": ("strategyqa", '{"question": "a?", "answer": "maybe"}', "true or false; it is 'maybe'"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_files_get_one_line(case: str, tmp_path: Path) -> None:
    name, content, expected = BAD[case]
    path = tmp_path / "bad.jsonl"
    path.write_text(content)
    with pytest.raises(InputError, match=expected) as caught:
        load_benchmark(name, path)
    assert "\n" not in str(caught.value)
    assert "bad.jsonl" in str(caught.value)


def test_an_item_is_a_value() -> None:
    (item,) = load_benchmark("world_math", limit=1)
    assert replace(item) == item
    with pytest.raises(AttributeError):
        item.gold = "0"  # type: ignore[misc]
