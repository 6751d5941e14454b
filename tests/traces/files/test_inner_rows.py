"""Files that are one object: tables, exports and logs whose rows are known to stand inside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cotpress.traces import read
from cotpress.types import Trace

Q, R, A = "What is 17 + 25?", "17 plus 20 is 37, and 5 more is 42.", "The answer is 42."
REPLY = f"<think>{R}</think>{A}"
CHAT = [{"role": "user", "content": Q}, {"role": "assistant", "content": [
    {"type": "reasoning", "reasoning": R, "signature": None}, {"type": "text", "text": A},
]}]  # fmt: skip
FILES: list[tuple[str, dict[str, Any], str | None]] = [
    ("wandb", {"columns": ["prompt", "completion", "reward"], "data": [[Q, REPLY, 1.0]]}, None),
    ("split", {"columns": ["prompt", "completion"], "index": [0], "data": [[Q, REPLY]]}, None),
    ("table", {"schema": {"fields": []}, "data": [{"index": 0, "prompt": Q, "completion": REPLY}]}, None),
    ("viewer", {"features": [{"name": "prompt"}], "rows": [
        {"row_idx": 0, "row": {"prompt": Q, "completion": REPLY}, "truncated_cells": []},
    ]}, None),
    ("inspect", {"version": 2, "eval": {"task": "t"}, "samples": [
        {"id": 1, "epoch": 1, "input": Q, "target": "42", "messages": CHAT,
         "output": {"choices": [{"message": CHAT[1], "stop_reason": "stop"}]}},
    ]}, "42"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "gold"), FILES)
def test_known_files_need_no_flag(name: str, data: dict[str, Any], gold: str | None, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.json"
    path.write_text(json.dumps(data, indent=1), "utf-8")
    (trace,) = read(path)
    assert isinstance(trace, Trace)
    assert (trace.question, trace.reasoning, trace.answer, trace.gold) == (Q, R, A, gold)


def test_both_copies_of_a_log_are_places(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    path.write_text(json.dumps(FILES[-1][1]), "utf-8")
    (trace,) = read(path)
    assert isinstance(trace, Trace)
    assert trace.origin is not None
    assert {place.path[0] for place in trace.origin.places} == {"messages", "output"}
