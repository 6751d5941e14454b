"""Dictionaries and loaded datasets as input: read as the same rows of a file are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import cotpress
from cotpress import FieldNames, Rejected, Trace
from cotpress.errors import InputError, OptionError
from cotpress.gauges import TextPair

ROWS: list[dict[str, Any]] = [
    {"question": "2+3?", "reasoning": "Two and three.\n\n2+3=5.", "answer": "5", "id": "a"},
    {"question": "4+4?", "reasoning": "", "answer": "8", "id": "b"},
    {"question": "1+1?", "reasoning": "Well.\n\n1+1=2.", "answer": "2", "id": "a"},
]


def test_rows_in_memory_are_read_as_those_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    mine, theirs = list(cotpress.read(ROWS)), list(cotpress.read(path))
    assert [type(row) for row in mine] == [type(row) for row in theirs] == [Trace, Rejected, Rejected]
    assert mine[0] == theirs[0]
    assert [row.reason for row in mine[1:]] == ["empty-reasoning", "duplicate-id"]


def test_fields_can_be_named() -> None:
    [trace] = cotpress.read([{"a": "2+3?", "b": "2+3=5.", "c": "5"}], FieldNames("a", "b", "c"))
    assert (trace.question, trace.reasoning, trace.answer) == ("2+3?", "2+3=5.", "5")


@pytest.mark.parametrize("make", [list, tuple, iter], ids=["list", "tuple", "generator"])
def test_compress_and_rewrite_take_rows(make: Any) -> None:
    for outcomes in (cotpress.compress(make(ROWS)), cotpress.rewrite(make(ROWS), "edit")):
        kinds = [type(outcome).__name__ for outcome in outcomes]
        assert kinds == ["Compressed", "Rejected", "Rejected"]


def test_compress_takes_a_loaded_dataset() -> None:
    datasets = pytest.importorskip("datasets")
    whole = datasets.Dataset.from_list(ROWS)
    assert [outcome.text for outcome in cotpress.compress(whole) if not isinstance(outcome, Rejected)] == ["2+3=5."]
    assert cotpress.inspect(whole)["traces"] == 1
    assert len(list(cotpress.compress(whole.to_iterable_dataset()))) == len(ROWS)
    with pytest.raises(InputError, match=r"A DatasetDict \(train\) is not a list of rows. Give \[row\], or one split"):
        list(cotpress.compress(datasets.DatasetDict(train=whole)))


def test_data_frames_and_tables_are_rows() -> None:
    pandas = pytest.importorskip("pandas")
    chat = [{"role": "user", "content": "2+3?"}, {"role": "assistant", "content": "<think>2+3=5.</think>5"}]
    frame = pandas.DataFrame([{"messages": chat, "gold": "5"}, {"messages": chat, "gold": None}])
    mixed = pandas.DataFrame([*ROWS[:1], {**ROWS[2], "id": 7}])
    for table in (frame, pa.Table.from_pandas(frame)):
        assert [trace.gold for trace in cotpress.read(table)] == ["5", None]
    assert [trace.id for trace in cotpress.read(mixed)] == ["a", "7"]
    assert [type(outcome).__name__ for outcome in cotpress.compress(frame)] == ["Compressed"] * 2


def test_polars_data_frames_are_rows() -> None:
    polars = pytest.importorskip("polars")
    assert [trace.id for trace in cotpress.read(polars.DataFrame(ROWS[:1]))] == ["a"]


def test_fields_that_are_asked_for_are_named_as_in_python() -> None:
    with pytest.raises(
        InputError, match=r"In Python: cotpress\.read\(rows, cotpress\.FieldNames\(reasoning='gedanken'\)\)"
    ):
        cotpress.compress([{"aufgabe": "2+3?", "gedanken": "Two and three make five, as 2+3=5."}])


def test_what_is_no_method_or_ratio_says_what_to_give() -> None:
    for method, hint in (("nll", r"cotpress\.Method\('nll'\)"), (len, "criterion=your_function")):
        with pytest.raises(OptionError, match=hint):
            cotpress.compress(ROWS, method)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match=r"BudgetConfig\(keep=\('0\.5', '0\.3'\)\)"):
        cotpress.compress(ROWS, keep=[0.5, 0.3])  # type: ignore[arg-type]
    for nothing in (None, 3):
        with pytest.raises(OptionError, match="is not a list of traces"):
            cotpress.compress(nothing)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match=r"Give \[outcome\]"):
        cotpress.write(next(cotpress.compress(ROWS)), "one")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="Give dictionaries"):
        list(cotpress.compress(["2+3=5."]))  # type: ignore[list-item]
    with pytest.raises(OptionError, match=r"cotpress\.write\(outcomes, folder\)"):
        cotpress.measure(list(cotpress.compress(ROWS)))  # type: ignore[arg-type]


def test_a_row_without_its_gold_answer_is_read() -> None:
    rows = [*(ROWS[:1] * 3), {name: text for name, text in ROWS[2].items() if name != "answer"}]
    for fields in (FieldNames(id="auto"), FieldNames(gold="answer", id="auto")):
        assert [trace.gold for trace in cotpress.read(rows, fields)] == ["5", "5", "5", None]


def test_a_gauge_of_ones_own_is_a_function(tmp_path: Path) -> None:
    def count_sums(pair: TextPair) -> float:
        return pair.text.count("=")

    cotpress.write(cotpress.compress(ROWS), tmp_path / "out")
    [(name, means)] = list(cotpress.measure(tmp_path / "out", gauges=[count_sums])["gauges"].items())[-1:]
    assert name.endswith("count_sums")
    assert (means["compressed"], means["traces"]) == (1.0, 1)


def test_what_is_no_row_is_rejected_with_a_reason() -> None:
    good, odd, keys = cotpress.read([ROWS[0], 5, {1: "x"}])  # type: ignore[list-item, dict-item]
    assert isinstance(good, Trace)
    assert (odd.reason, odd.line, keys.reason) == ("not-an-object", 2, "not-an-object")


def test_a_single_row_and_a_single_trace_are_refused() -> None:
    with pytest.raises(InputError, match="is not a list of rows"):
        cotpress.read(ROWS[0])
    with pytest.raises(OptionError, match="is not a list of traces"):
        cotpress.compress(Trace("1", "2+3?", "2+3=5.", "5"))  # type: ignore[arg-type]


def test_a_path_is_read(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    results = [list(cotpress.compress(given)) for given in (ROWS, str(file), file)]
    assert [[getattr(outcome, "text", "") for outcome in result] for result in results] == [["2+3=5.", "", ""]] * 3
    assert len(list(cotpress.rewrite(file))) == len(ROWS)
    with pytest.raises(InputError, match="no file or folder"):
        cotpress.compress("nowhere.jsonl")


def test_nothing_is_nothing() -> None:
    assert list(cotpress.compress([])) == []
    assert list(cotpress.compress(iter([]))) == []


def test_a_generator_of_traces_is_not_read_ahead_of_its_first() -> None:
    traces = (Trace(str(number), "2+3?", "Two.\n\n2+3=5.", "5") for number in range(3))
    assert [outcome.trace.id for outcome in cotpress.compress(traces) if not isinstance(outcome, Rejected)] == [*"012"]


def test_the_question_of_a_response_may_be_messages() -> None:
    asked = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "2+3?"}]
    reply = {"role": "assistant", "content": "5", "reasoning_content": "2+3=5."}
    row = {"id": "x", "choices": [{"message": reply}], "asked": asked}
    [trace] = cotpress.read([row], FieldNames(question="asked"))
    assert (trace.question, trace.system, trace.reasoning) == ("2+3?", "Be brief.", "2+3=5.")
