"""Rows that are limited and shuffled: which ones, in which order, the same again, no more held than fit the buffer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command import cotpress
from hypothesis import given, settings
from hypothesis import strategies as st

from cotpress.errors import OptionError
from cotpress.traces import RowSelection, read, row_selection
from cotpress.traces.rows import MalformedRowError, TraceRow
from cotpress.types import Rejected, Trace


def put(path: Path, *names: str) -> Path:
    rows = [
        {"id": name, "question": "2+3?", "reasoning": f"Two and three, {name}. 2+3=5.", "answer": "5"} for name in names
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def ids(source: Any, **selection: Any) -> list[str | None]:
    return [row.id for row in read(source, select=RowSelection(**selection))]


def make_rows(count: int, size: int = 0) -> Iterator[tuple[str, TraceRow]]:
    return ((str(number), TraceRow(number, {"text": "x" * size})) for number in range(count))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    for stem in "abc":
        put(tmp_path / "data" / f"{stem}.jsonl", *(f"{stem}{number}" for number in range(40)))
    return tmp_path / "data"


def test_a_limit_counts_rows_over_all_files(folder: Path) -> None:
    assert ids(folder, limit=41) == [*(f"a{number}" for number in range(40)), "b0"]
    assert len(ids(folder, limit=1000)) == 120


def test_shuffling_keeps_every_row_and_mixes_the_files(folder: Path) -> None:
    mixed = ids(folder, shuffle=True)
    assert mixed != ids(folder)
    assert sorted(mixed, key=str) == sorted(ids(folder), key=str)
    assert {str(name)[0] for name in ids(folder, shuffle=True, limit=30)} == set("abc")


def test_the_same_seed_gives_the_same_rows_again(folder: Path) -> None:
    reading = read(folder, select=RowSelection(limit=20, shuffle=True, seed=4, buffer=7))
    assert list(reading) == list(reading)
    assert ids(folder, limit=20, shuffle=True, seed=4, buffer=7) == [row.id for row in reading]
    assert ids(folder, limit=20, shuffle=True, seed=5, buffer=7) != [row.id for row in reading]


@given(st.integers(0, 60), st.integers(1, 70), st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_no_row_comes_before_the_buffer_could_have_it(count: int, buffer: int, seed: int) -> None:
    rows = RowSelection(shuffle=True, seed=seed, buffer=buffer).select(make_rows(count))
    order = [int(name) for name, _ in rows]
    assert sorted(order) == list(range(count))
    assert all(number <= place + buffer for place, number in enumerate(order))


def test_the_buffer_holds_less_of_long_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_selection, "MAX_BUFFER_CHARACTERS", 1000)
    order = [int(name) for name, _ in RowSelection(shuffle=True).select(make_rows(50, size=200))]
    assert sorted(order) == list(range(50))
    assert all(number <= place + 5 for place, number in enumerate(order))
    assert len(list(RowSelection(shuffle=True).select(make_rows(3, size=5000)))) == 3


def test_no_more_is_read_than_needed() -> None:
    rows, taken = make_rows(1000), RowSelection(limit=3, shuffle=True, buffer=10)
    assert len(list(taken.select(rows))) == 3
    assert next(rows)[0] == "13"


def test_input_that_fits_is_mixed_evenly() -> None:
    first = [next(RowSelection(shuffle=True, seed=seed).select(make_rows(4)))[0] for seed in range(400)]
    assert all(70 <= first.count(name) <= 130 for name in "0123")  # 100 each, by chance 2% of the time outside


def test_the_size_of_a_row() -> None:
    assert row_selection.count_characters(TraceRow(1, {}, b"12345")) == 5
    assert row_selection.count_characters(TraceRow(1, {"a": ["xy", {"b": "z"}], "c": 1})) == 4
    assert row_selection.count_characters(TraceRow(1, MalformedRowError("invalid-json", "no"))) == 0


def test_numbers_and_ids_are_those_of_the_file(tmp_path: Path) -> None:
    path = put(tmp_path / "a.jsonl", "x", "y", "x", "z")
    found = list(read(path, select=RowSelection(shuffle=True, seed=1)))
    assert sum(isinstance(row, Rejected) and row.reason == "duplicate-id" for row in found) == 1
    [twice] = [row for row in found if isinstance(row, Rejected)]
    assert twice.line in (1, 3)
    assert f"that of line {4 - twice.line} of" in twice.detail
    rows = [{"question": "2+3?", "reasoning": text, "answer": "5"} for text in ("Two.", "Three.")]
    shuffled = read(rows, select=RowSelection(shuffle=True))
    numbered = {row.id: row.reasoning for row in shuffled if isinstance(row, Trace)}
    assert numbered == {"row-1": "Two.", "row-2": "Three."}


def test_the_selection_is_told_and_belongs_to_the_run(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("compress", folder, "-o", tmp_path / "out", "--criterion", "head", "--limit", "7", "--shuffle")
    assert cotpress(*words) == 0
    assert "At most 7 rows are read, shuffled (seed 0, buffer of 10,000 rows)." in capsys.readouterr().err
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["traces"] == 7
    assert summary["selection"] == {"limit": 7, "shuffle": True, "seed": 0, "buffer": 10_000}
    card = (tmp_path / "out" / "README.md").read_text()
    assert "| rows read | at most 7, shuffled (seed 0, buffer 10000) |" in card


@pytest.mark.parametrize(
    "options",
    [
        ("--limit", "0"),
        ("--shuffle-seed", "3"),
        ("--shuffle", "--shuffle-buffer", "0"),
        ("--shuffle", "--executor", "local"),
    ],
)
def test_selections_that_cannot_be(options: tuple[str, ...], folder: Path, tmp_path: Path) -> None:
    assert cotpress("compress", folder, "-o", tmp_path / "out", *options) == 2


def test_a_selection_says_what_is_wrong() -> None:
    with pytest.raises(OptionError, match="--limit is 0"):
        RowSelection(limit=0)
    with pytest.raises(OptionError, match="Add --shuffle"):
        RowSelection(seed=1)
    assert RowSelection(limit=1).describe() == "At most 1 row is read."
