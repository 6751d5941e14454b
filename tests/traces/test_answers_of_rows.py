"""Which column is the reply and which the gold answer, and what people are told of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from layouts import R2, A, Q, R

from cotpress.errors import InputError
from cotpress.traces import FieldNames, TraceReader, read
from cotpress.types import Trace

THOUGHT = f"<think>\n{R}\n</think>\n\n{A}"


def open_rows(folder: Path, rows: list[dict[str, Any]], **fields: Any) -> TraceReader:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return read(path, FieldNames(**fields))


def find_notes(reading: TraceReader, word: str) -> list[str]:
    return [line for line in reading.recognised[0]["warnings"] if word in line]


@pytest.mark.parametrize(
    ("row", "note"),
    [
        ({"thinking": R, "answer": "42"}, "the short 'answer' is read as the reply to 'thinking'"),
        ({"reasoning": R, "answer": "42"}, "no reply follows 'reasoning': 'answer' is read as the gold answer"),
        ({"thinking": R, "answer": "42", "gold": "42"}, None),
        ({"thinking": R, "answer": "It is 42, as seventeen and twenty-five make that."}, None),
        ({"cot": R, "answer": "42"}, None),
        ({"thinking": R, "response": A, "answer": "42"}, None),
        ({"thinking": R, "answer": True}, None),
    ],
)
def test_a_short_answer_is_named(row: dict[str, Any], note: str | None, tmp_path: Path) -> None:
    notes = find_notes(open_rows(tmp_path, [{"question": Q, **row}]), "answer'")
    assert [line.startswith(note or "-") for line in notes] == [True] * bool(note)


def test_a_short_answer_may_be_both(tmp_path: Path) -> None:
    row = {"question": Q, "reasoning": R, "answer": "42"}
    (trace,) = open_rows(tmp_path, [row], answer="answer", gold="answer")
    assert isinstance(trace, Trace)
    assert (trace.reasoning, trace.answer, trace.gold, trace.tagged) == (R, "42", "42", True)


def test_a_short_answer_may_be_missing(tmp_path: Path) -> None:
    rows = [{"question": Q, "thinking": R, "answer": answer} for answer in ("42", None, "")] + [
        {"question": Q, "thinking": R}
    ]
    assert [trace.answer for trace in open_rows(tmp_path, rows) if isinstance(trace, Trace)] == ["42", "", "", ""]


@pytest.mark.parametrize("absent", [{"gold_answer": None}, {"gold_answer": ""}, {}])
def test_a_gold_answer_that_few_rows_have(absent: dict[str, Any], tmp_path: Path) -> None:
    rows = [{"question": Q, "response": THOUGHT, **absent} for _ in range(5)]
    rows[3] = {"question": Q, "response": THOUGHT, "gold_answer": "42"}
    golds = [trace.gold for trace in open_rows(tmp_path, rows) if isinstance(trace, Trace)]
    assert golds == [None, None, None, "42", None]


def test_a_gold_answer_of_all_rows_comes_before_one_of_few(tmp_path: Path) -> None:
    rows = [{"question": Q, "response": THOUGHT, "gold_answer": None, "answer": "42"} for _ in range(5)]
    rows[0]["gold_answer"] = "forty-two"
    assert "gold=answer" in open_rows(tmp_path, rows).recognised[0]["roles"]


def test_numbers_of_options(tmp_path: Path) -> None:
    def list_golds(numbers: list[Any], choices: list[str]) -> list[str | None]:
        rows = [{"question": Q, "choices": choices, "rationale": R, "answer": number} for number in numbers]
        return [trace.gold for trace in open_rows(tmp_path, rows) if isinstance(trace, Trace)]

    assert list_golds([0, 1, None], ["forty", "fifty"]) == ["A", "B", None]
    assert list_golds([1, 2], ["forty", "fifty"]) == ["1", "2"]  # counted from 1, or something else
    assert list_golds([0, 2], ["forty", "fifty"]) == ["0", "2"]
    assert list_golds([0, 1], ["0", "1"]) == ["0", "1"]  # what the options say
    assert list_golds(["0", "1"], ["forty", "fifty"]) == ["0", "1"]


def test_verdicts_of_replies_are_named(tmp_path: Path) -> None:
    row = {"problem": Q, "generations": [THOUGHT, f"<think>{R2}</think>It is 43."], "answer": "42"}
    assert find_notes(open_rows(tmp_path, [{**row, "correct": [True, False]}]), "'correct' says of each reply")
    for verdicts in ([True], [1, 0], None, "yes"):
        assert not find_notes(open_rows(tmp_path, [{**row, "correct": verdicts}]), "says of each reply")


def test_an_object_in_a_block_of_code_has_no_place(tmp_path: Path) -> None:
    reply = json.dumps({"thinking": R, "answer": "42"}, indent=1)
    row = {"messages": [{"role": "user", "content": Q}, {"role": "assistant", "content": f"```json\n{reply}\n```"}]}
    (trace,) = open_rows(tmp_path, [row])
    assert isinstance(trace, Trace)
    assert trace.origin is not None
    assert (trace.reasoning, trace.answer, trace.origin.places) == (R, "42", ())


@pytest.mark.parametrize(
    "text", ['{"score": 5}', '{"reasoning": "It is."}', '{"type": "x", "thinking": "It is."}', "{[]"]
)
def test_other_objects_are_text(text: str, tmp_path: Path) -> None:
    (trace,) = open_rows(tmp_path, [{"question": Q, "response": text}])
    assert isinstance(trace, Trace)
    assert trace.reasoning == text


def test_steps_inside_an_object_are_suggested(tmp_path: Path) -> None:
    steps = [{"explanation": "17 plus 20 is 37.", "output": "37"}, {"explanation": "And 5 more.", "output": "42"}]
    row = {"question": Q, "response": {"steps": steps, "final_answer": "42"}}
    with pytest.raises(InputError, match="no field is known to hold reasoning") as refused:
        open_rows(tmp_path, [row])
    assert "--reasoning response.steps" in refused.value.hint
    (trace,) = open_rows(tmp_path, [row], reasoning="response.steps")
    assert isinstance(trace, Trace)
    assert trace.reasoning == "17 plus 20 is 37.\n\nAnd 5 more."
