"""The real traces, where they are at hand: each file recognised, every row accounted for."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from cotpress.errors import InputError
from cotpress.traces import FieldNames, read
from cotpress.types import Rejected, Trace

FILES = [
    ("limo_r1_distill_qwen_32b.jsonl", "columns", 291, {}),
    ("limo_qwen2.5_32b_instruct.jsonl", "columns", 291, {}),
    ("limo_human.jsonl", "columns", 291, {}),
    ("gsm8k_train_2000.jsonl", "gsm8k", 2000, {}),
    ("strategyqa_human.json", "answer-is", 2290, {}),
    ("qwen3_8b_think_on.jsonl", "thinking-content", 189, {"cut-off": 11}),
    ("qwen3_8b_think_off.jsonl", "thinking-content", 0, {"empty-reasoning": 198, "cut-off": 2}),
]


@pytest.mark.parametrize(("name", "form", "traces", "rejects"), FILES, ids=[case[0] for case in FILES])
def test_recognised_and_complete(name: str, form: str, traces: int, rejects: dict[str, int], shared_data: Path) -> None:
    reading = read(shared_data / "traces" / name)
    found = list(reading)
    assert reading.recognised[0]["format"] == form
    assert sum(isinstance(one, Trace) for one in found) == traces
    assert Counter(one.reason for one in found if isinstance(one, Rejected)) == rejects
    assert len({one.id for one in found}) == len(found)


def test_limo_reasoning_is_the_solution(shared_data: Path) -> None:
    path = shared_data / "traces" / "limo_r1_distill_qwen_32b.jsonl"
    with path.open(encoding="utf-8") as lines:
        for line, trace in zip(lines, read(path), strict=True):
            row = json.loads(line)
            assert isinstance(trace, Trace)
            assert (trace.id, trace.question, trace.gold) == (str(row["id"]), row["question"], row["gold_answer"])
            assert (trace.reasoning, trace.answer, trace.tagged) == (row["solution"].strip(), "", False)


def test_gsm8k_and_strategyqa_lose_nothing(shared_data: Path) -> None:
    for name, field in (("gsm8k_train_2000.jsonl", "answer"), ("strategyqa_human.json", "output")):
        path = shared_data / "traces" / name
        text = path.read_text("utf-8")
        rows = json.loads(text) if path.suffix == ".json" else [json.loads(line) for line in text.splitlines()]
        for row, trace in zip(rows, read(path), strict=True):
            assert isinstance(trace, Trace)
            assert "".join(row[field].split()) == "".join((trace.reasoning + trace.answer).split())
            assert row[field].lstrip().startswith(trace.reasoning)
            assert trace.gold
            assert trace.answer.endswith(trace.gold)


def test_thinking_joined_with_its_items(shared_data: Path) -> None:
    traces, items = shared_data / "traces" / "qwen3_8b_think_on.jsonl", shared_data / "traces" / "thinking_items.json"
    by_id = {item["id"]: item for item in json.loads(items.read_text("utf-8"))}
    found = list(read(traces, join=items))
    assert len(found) == 200
    good = [one for one in found if isinstance(one, Trace)]
    assert len(good) == 189
    for trace in good:
        assert (trace.question, trace.gold) == (by_id[trace.id]["prompt"], by_id[trace.id]["answer"] or None)
        assert trace.tagged
    off = read(shared_data / "traces" / "qwen3_8b_think_off.jsonl", FieldNames(reasoning="content"), join=items)
    assert sum(isinstance(one, Trace) for one in off) == 198


def test_a_file_of_questions_is_shown_with_the_way_to_use_it(shared_data: Path) -> None:
    with pytest.raises(InputError, match="--join"):
        read(shared_data / "traces" / "thinking_items.json")


def test_several_files_that_share_ids(shared_data: Path) -> None:
    limo = str(shared_data / "traces" / "limo_*.jsonl")
    assert Counter(type(one) for one in read(limo)) == {Trace: 291, Rejected: 582}
    assert Counter(type(one) for one in read(limo, FieldNames(id="auto"))) == {Trace: 873}
