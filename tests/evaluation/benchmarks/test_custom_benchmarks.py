"""A user's own file as a benchmark: fields recognised or named, every kind graded, faults with their row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cotpress.errors import InputError, OptionError
from cotpress.evaluation.benchmarks import BENCHMARKS, Benchmark, BenchmarkItem, load_benchmark


def _load(tmp_path: Path, rows: list[dict[str, Any]], fields: str = "") -> list[BenchmarkItem]:
    file = tmp_path / "mine.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return load_benchmark("mine", f"{file}{fields}", instruct=False)


@pytest.mark.parametrize(
    ("row", "fields", "gold", "kind"),
    [
        ({"question": "2+3?", "answer": "5"}, "", "5", "math"),
        ({"problem": "2+3?", "gold_answer": 5}, "", "5", "math"),
        ({"question": "2+3?", "answer": "Two and three. #### 5"}, "", "5", "math"),
        ({"prompt": "Who?", "answer": "a lion"}, "", "a lion", "text"),
        ({"question": "Is it?", "answer": True}, "", "True", "truth"),
        ({"question": "Is it?", "answer": "no"}, "", "False", "truth"),
        ({"question": "Which?", "options": ["red", "blue"], "answer": "B"}, "", "B", "choice"),
        ({"question": "Which?", "options": ["red", "blue"], "answer": "blue"}, "", "B", "choice"),
        ({"question": "Which?", "choices": {"text": ["red", "blue"]}, "label": 0}, "", "A", "choice"),
        ({"q": "When?", "a": "1998"}, "?question=q&answer=a&kind=text", "1998", "text"),
        ({"q": "Which?", "o": ["x", "y"], "a": "(A)"}, "?question=q&answer=a&options=o", "A", "choice"),
    ],
)
def test_fields_are_recognised_or_named(row: dict[str, Any], fields: str, gold: str, kind: str, tmp_path: Path) -> None:
    [item] = _load(tmp_path, [row], fields)
    assert (item.gold, item.kind) == (gold, kind)
    assert item.prompt.startswith(next(iter(row.values())))
    assert bool(item.options) == (kind == "choice")


@pytest.mark.parametrize(
    ("row", "fields", "message"),
    [
        ({"ask": "2+3?", "answer": "5"}, "", "row 2, is no problem of mine: there is no field 'question'"),
        ({"question": "Which?", "options": ["x"], "answer": "A"}, "", "there are 1 options"),
        ({"question": "Which?", "options": ["x", "y"], "answer": "z"}, "", "none of the 2 options"),
        ({"question": "Is it?", "answer": "perhaps"}, "?kind=truth", "should be true or false"),
    ],
)
def test_a_row_that_does_not_fit_is_named(row: dict[str, Any], fields: str, message: str, tmp_path: Path) -> None:
    good = (
        {"question": "Which?", "options": ["x", "y"], "answer": "A"} if "options" in row else {**row, "question": "?"}
    )
    good = {**good, "answer": "yes"} if fields else good
    with pytest.raises(InputError, match=message):
        _load(tmp_path, [good, row], fields)


@pytest.mark.parametrize("fields", ["?kind=essay", "?colour=red", "?nonsense"])
def test_what_is_named_wrongly_is_refused(fields: str, tmp_path: Path) -> None:
    with pytest.raises(OptionError):
        _load(tmp_path, [{"question": "2+3?", "answer": "5"}], fields)


def test_a_name_without_a_file_offers_the_nearest() -> None:
    with pytest.raises(OptionError, match="Did you mean 'gsm8k'"):
        load_benchmark("gsm8")


def test_a_benchmark_may_bring_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_item(row: Any, index: int, _: object) -> BenchmarkItem:
        return BenchmarkItem(str(index), row["q"], row["a"], "text")

    rows = [{"q": "Who?", "a": "a lion"}, {"q": "What?", "a": "a map"}]
    own = Benchmark("own", "general", None, read_item, "here", "two questions", load_rows=lambda: rows)
    monkeypatch.setitem(BENCHMARKS._entries, "own", own)
    assert [item.gold for item in load_benchmark("own")] == ["a lion", "a map"]
