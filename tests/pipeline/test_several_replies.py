"""Several replies to one question in a row: each is an example, and what is wrong with one costs no other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command import cotpress

from cotpress import compress, write
from cotpress.traces import read
from cotpress.types import Rejected, Trace

STEPS = [f"Step {number} of {{name}} is written here, {number} + 1 = {number + 1}." for number in range(8)]


def think(name: str, answer: str) -> str:
    steps = "\n\n".join(STEPS).format(name=name)
    return f"<think>\n{steps}\n\nSo the answer is {answer}.\n</think>\n\nThe answer is {answer}."


def row(number: int, *answers: str) -> dict[str, Any]:
    replies = [think(f"{number}-{at}", answer) for at, answer in enumerate(answers)]
    return {"question": f"What is row {number}?", "answer": "7", "generations": replies}


def write_rows(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in rows))
    return path


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_each_has_the_gold_answer_and_the_question(tmp_path: Path) -> None:
    traces = list(read(write_rows(tmp_path, row(1, "7", "8"))))
    assert [(trace.id, trace.gold, trace.question) for trace in traces if isinstance(trace, Trace)] == [
        ("rows-1#1", "7", "What is row 1?"),
        ("rows-1#2", "7", "What is row 1?"),
    ]


@pytest.mark.parametrize(("export", "written"), [("auto", 3), ("same", 1)])
def test_a_wrong_one_takes_others_with_it_in_the_rows_own_shape_alone(
    export: str, written: int, tmp_path: Path
) -> None:
    path = write_rows(tmp_path, row(1, "7", "8"), row(2, "7", "7"))
    assert cotpress("compress", path, "-o", tmp_path / "out", "-q", "--drop-wrong", "--export", export) == 0
    assert len(read_lines(tmp_path / "out" / "sft.jsonl")) == written
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["rejected_reasons"] == {"wrong-answer": 1 if export == "auto" else 2}
    assert summary["traces"] == summary["compressed"] + summary["rejected"] == 4


@pytest.mark.parametrize(("export", "written"), [("messages", 1), ("same", 0)])
def test_the_same_holds_for_outcomes_that_python_writes(export: str, written: int, tmp_path: Path) -> None:
    right, wrong = read(write_rows(tmp_path, row(1, "7", "8")))
    assert isinstance(right, Trace)
    assert isinstance(wrong, Trace)
    [compressed] = compress([right])
    rejected = Rejected("wrong-answer", "It is 8.", id=wrong.id).of_trace(wrong)
    assert write([compressed, rejected], tmp_path / "out", export=export)["compressed"] == written


def test_one_that_was_cut_off_costs_no_other(tmp_path: Path) -> None:
    good = {"role": "assistant", "content": "The answer is 7.", "reasoning_content": "\n\n".join(STEPS)}
    choices = [
        {"index": 0, "message": good, "finish_reason": "stop"},
        {"index": 1, "message": {**good, "content": ""}, "finish_reason": "length"},
    ]
    path = write_rows(tmp_path, {"prompt": "What is it?", "choices": choices})
    rejected, trace = read(path)
    assert isinstance(rejected, Rejected)
    assert (rejected.id, rejected.reason, rejected.line) == ("rows-1#2", "cut-off", 1)
    assert "choices.1" in rejected.detail
    assert isinstance(trace, Trace)
    assert trace.id == "rows-1#1"
    assert cotpress("compress", path, "-o", tmp_path / "out", "-q", "--export", "same") == 0
    (written,) = read_lines(tmp_path / "out" / "sft.jsonl")
    assert written["choices"][1] == choices[1]


def test_where_none_can_be_used_the_row_is_one_reject(tmp_path: Path) -> None:
    path = write_rows(tmp_path, row(1, "7"), {**row(2, "7"), "generations": ["<think>a", "<think>b"]})
    assert [getattr(each, "reason", "") for each in read(path)] == ["", "unclosed-think"]


def test_they_are_the_samples_of_a_budget_by_difficulty(tmp_path: Path) -> None:
    path = write_rows(tmp_path, row(1, "7", "7"), row(2, "7", "8"))
    output = tmp_path / "out"
    assert cotpress("compress", path, "-o", output, "-q", "--keep", "0.5", "--budget-by", "difficulty") == 0
    assert json.loads((output / "summary.json").read_text())["budgets"]["computed"] == 4


def test_where_the_answer_has_a_field_the_last_line_is_reasoning(tmp_path: Path) -> None:
    path = write_rows(tmp_path, {"Q": "What is it?", "Model CoT": "2 + 3 = 5.\nThe answer is 5.", "Reply": "It is 5."})
    names = ["--question", "Q", "--reasoning", "Model CoT", "--answer", "Reply"]
    assert cotpress("compress", path, "-o", tmp_path / "out", "-q", "--keep", "1", *names) == 0
    (written,) = read_lines(tmp_path / "out" / "sft.jsonl")
    assert "2 + 3 = 5.\nThe answer is 5." in written["messages"][1]["content"]
