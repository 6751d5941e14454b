"""Reasoning that a row keeps in pieces, written in the row's own shape: each piece is shortened in its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from command import cotpress

STEPS = [
    "There are 17 apples and 25 pears in the basket.",
    "Hmm, wait, let me think about this once more.",
    "Adding them gives 17 + 25 = 42 pieces of fruit.",
    "Let me double-check: 42 - 25 = 17, as it should be.",
    "So there are 42 pieces of fruit.",
]


def write_row(folder: Path, row: dict[str, Any], verb: str, *options: str) -> dict[str, Any]:
    path = folder / "rows.jsonl"
    path.write_text(json.dumps(row) + "\n")
    assert cotpress(verb, path, "-o", folder / "out", "-q", "--export", "same", *options) == 0
    (line,) = (folder / "out" / "sft.jsonl").read_text().splitlines()
    return dict(json.loads(line))


def read_text(folder: Path) -> str:
    (trace,) = pq.read_table(folder / "out" / "traces.parquet").to_pylist()
    return str(trace["compressed"])


def is_left_of(piece: str, text: str) -> bool:
    """Whether a piece is what is left of a text from which characters were taken, white space aside."""
    waiting = iter(text)
    return all(character in waiting for character in piece if not character.isspace())


def build_steps(**more: Any) -> dict[str, Any]:
    steps = [{"step": number, "text": text, "score": number / 10} for number, text in enumerate(STEPS)]
    return {"question": "How many pieces?", "steps": steps, "answer": "42", **more}


@pytest.mark.parametrize("criterion", ["backbone", "head", "tail"])
def test_steps_that_are_objects(criterion: str, tmp_path: Path) -> None:
    row = build_steps(extra={"n": [1, 2]})
    written = write_row(tmp_path, row, "compress", "--criterion", criterion, "--keep", "0.5", "--shortfall", "accept")
    assert {**written, "steps": None} == {**row, "steps": None}
    assert 0 < len(written["steps"]) < len(STEPS)
    for step in written["steps"]:
        before = row["steps"][step["step"]]
        assert {**step, "text": None} == {**before, "text": None}
        assert is_left_of(step["text"], before["text"])
    assert "\n\n".join(step["text"] for step in written["steps"]) == read_text(tmp_path)


def test_titles_stay_as_they_are(tmp_path: Path) -> None:
    steps = [{"title": f"Part {number}", "content": text} for number, text in enumerate(STEPS)]
    row = {"question": "How many pieces?", "reasoning_steps": steps, "answer": "42"}
    written = write_row(tmp_path, row, "compress", "--criterion", "tail", "--keep", "0.5", "--shortfall", "accept")
    titles = [step["title"] for step in written["reasoning_steps"]]
    assert titles == [f"Part {number}" for number in range(5 - len(titles), 5)]
    assert written["reasoning_steps"][-1] == steps[-1]


def test_tokens_that_go_go_from_their_own_piece(tmp_path: Path) -> None:
    row = build_steps()
    written = write_row(tmp_path, row, "compress", "--criterion", "entropy", "--granularity", "token", "--keep", "0.6")
    assert sum(len(step["text"]) for step in written["steps"]) < sum(map(len, STEPS))
    for step in written["steps"]:
        assert is_left_of(step["text"], STEPS[step["step"]])


def test_a_rewrite_stands_in_the_first_piece(tmp_path: Path) -> None:
    written = write_row(tmp_path, build_steps(), "rewrite", "--level", "fuse")
    (step,) = written["steps"]
    assert step == {"step": 0, "text": read_text(tmp_path), "score": 0.0}


@pytest.mark.parametrize("as_objects", [True, False])
def test_a_list_of_pieces_on_a_message(as_objects: bool, tmp_path: Path) -> None:
    pieces = [{"type": "text", "text": text} if as_objects else text for text in STEPS]
    messages = [
        {"role": "user", "content": "How many pieces?"},
        {"role": "assistant", "content": "The answer is 42.", "reasoning": pieces},
    ]
    options = ("--criterion", "tail", "--keep", "0.5", "--shortfall", "accept")
    written = write_row(tmp_path, {"messages": messages}, "compress", *options)
    left = written["messages"][1].pop("reasoning")
    assert written["messages"][1] == {"role": "assistant", "content": "The answer is 42."}
    assert 0 < len(left) < len(pieces)
    assert left == pieces[-len(left) :]


def test_details_that_hold_the_reasoning_in_pieces(tmp_path: Path) -> None:
    details = [{"type": "reasoning.text", "text": text, "index": at} for at, text in enumerate(STEPS)]
    message = {
        "role": "assistant", "content": "The answer is 42.", "reasoning": "\n\n".join(STEPS),
        "reasoning_details": [*details, {"type": "reasoning.encrypted", "data": "x"}],
    }  # fmt: skip
    row = {"messages": [{"role": "user", "content": "How many pieces?"}, message]}
    written = write_row(tmp_path, row, "compress", "--criterion", "tail", "--keep", "0.5", "--shortfall", "accept")
    answer = written["messages"][1]
    assert answer["reasoning"] == read_text(tmp_path)
    *left, last = answer["reasoning_details"]
    assert last == message["reasoning_details"][-1]
    assert 0 < len(left) < len(STEPS)
    assert [part["index"] for part in left] == list(range(5 - len(left), 5))
    assert "\n\n".join(part["text"] for part in left) == answer["reasoning"]
