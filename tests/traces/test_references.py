"""Second solutions, found by question or by id."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cotpress.errors import InputError
from cotpress.traces import ReferenceSolutions, read_references
from cotpress.types import Trace


def _write_rows(path: Path, *rows: dict[str, str]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_the_question_decides_whatever_the_id() -> None:
    solutions = ReferenceSolutions([Trace("1", "a?", "A."), Trace("2", "b?", "B.", "It is b.")])
    assert solutions.find("1", " b?\n") == "B.\nIt is b."
    assert solutions.find("1", "c?") is None


def test_the_id_decides_where_one_of_the_two_has_no_question() -> None:
    solutions = ReferenceSolutions([Trace("1", "", "A."), Trace("2", "b?", "B.")])
    assert solutions.find("1", "a?") == "A."
    assert solutions.find("2", "") == "B."
    assert solutions.find("3", "") is None


def test_the_first_of_several_solutions_counts() -> None:
    assert ReferenceSolutions([Trace("1", "a?", "A."), Trace("2", "a?", "B.")]).find("9", "a?") == "A."


def test_any_layout_of_traces_is_read(tmp_path: Path) -> None:
    path = _write_rows(tmp_path / "short.jsonl", {"question": "6*7?", "answer": "6*7 = <<6*7=42>>42\n#### 42"})
    found = read_references(path).find("x", "6*7?")
    assert found is not None
    assert found.startswith("6*7 = ")


def test_rows_with_an_empty_reasoning_ask_for_the_field(tmp_path: Path) -> None:
    path = _write_rows(tmp_path / "off.jsonl", {"id": "a", "question": "2+3?", "thinking": "", "content": "2+3=5."})
    with pytest.raises(InputError, match="--reference-field FIELD") as raised:
        read_references(path)
    assert "content" in str(raised.value)
    assert read_references(path, "content").find("a", "2+3?") == "2+3=5."


def test_real_references_find_their_traces(shared_data: Path) -> None:
    references = read_references(shared_data / "traces" / "qwen3_8b_think_off.jsonl", "content")
    assert "Answer: 670" in (references.find("arith-00-0", "A warehouse holds 43 crates.") or "")
