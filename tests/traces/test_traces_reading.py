"""Folders, globs, ids, joins, re-reading, and what is said about it all."""

from __future__ import annotations

import json
import os
import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cotpress.errors import InputError
from cotpress.traces import FieldNames, TraceReader, read
from cotpress.traces.fields.ids import SeenIds
from cotpress.types import Rejected, Trace


def rows(*ids: object, **more: Any) -> list[dict[str, Any]]:
    return [{"id": one, "question": "q", "solution": f"r {one}", **more} for one in ids]


def put(path: Path, lines: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def ids(reading: TraceReader) -> list[str | None]:
    return [one.id for one in reading]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path / "b.jsonl", rows("b1", "b2"))
    put(tmp_path / "a.jsonl", rows("a1"))
    put(tmp_path / "deep" / "c.json", rows("c1"))
    put(tmp_path / "deep" / "d.JSONL", [{"instruction": "q", "output": "r. The answer is 5"}])
    put(tmp_path / ".hidden.jsonl", rows("h1"))
    put(tmp_path / ".git" / "x.jsonl", rows("h2"))
    (tmp_path / "README.md").write_text("# Read me\n")
    return tmp_path


def test_a_folder_is_read_in_sorted_order_and_names_what_it_passes_by(folder: Path) -> None:
    reading = read(folder)
    assert ids(reading) == ["a1", "b1", "b2", "c1", "d-1"]
    assert [Path(each["source"]).name for each in reading.recognised] == ["a.jsonl", "b.jsonl", "c.json", "d.JSONL"]
    assert [each["format"] for each in reading.recognised] == ["columns"] * 3 + ["answer-is"]
    skipped = {Path(each.split(" (")[0]).name: each.split(" (")[1] for each in reading.skipped}
    assert skipped.keys() == {".hidden.jsonl", "x.jsonl", "README.md"}
    assert skipped[".hidden.jsonl"] == "hidden)"
    assert "not a kind" in skipped["README.md"]
    said = "\n".join(reading.describe())
    assert "a.jsonl and 2 more (JSONL) read as columns: question=question, reasoning=solution, id=id." in said
    assert "README.md" in said
    json.dumps([reading.recognised, reading.identity])


def test_globs_and_several_inputs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ids(read(str(folder / "*.jsonl"))) == ["a1", "b1", "b2"]
    assert ids(read(str(folder / "**" / "*.json*"))) == ["a1", "b1", "b2", "c1"]
    assert ids(read([folder / "deep" / "c.json", str(folder / "?.jsonl")])) == ["c1", "a1", "b1", "b2"]
    assert len(read(str(folder / "*")).skipped) == 2
    monkeypatch.chdir(folder)
    assert ids(read("b.jsonl")) == ["b1", "b2"]
    monkeypatch.setenv("HOME", str(folder))
    assert ids(read("~/a.jsonl")) == ["a1"]


def test_a_file_named_like_a_glob(tmp_path: Path) -> None:
    assert ids(read(put(tmp_path / "a[1].jsonl", rows("x")))) == ["x"]


def test_a_file_named_twice_is_read_once_and_said(folder: Path) -> None:
    reading = read([folder / "a.jsonl", str(folder / "a*.jsonl")])
    assert ids(reading) == ["a1"]
    assert any("named twice" in each for each in reading.skipped)


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("empty", "No file of traces matches", "Known: .jsonl"),
        ("notes", "1 other is there", "Known: .jsonl"),
        ("*.csv", "No file of traces matches", "Known"),
        ("a.jsnl", "no file or folder", "Did you mean"),
        ("no/such/place.jsonl", "no file or folder", "Known"),
        ("bare", "no file or folder 'bare'", "org/name"),
        ("https://example.com/a.jsonl", "is a URL", "Download the file"),
        ("output", "is an output of cotpress", "Its training set is output/sft.jsonl"),
        ("pipe", "neither a regular file", "Save"),
    ],
)
def test_nothing_there(name: str, message: str, hint: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "empty").mkdir()
    (folder / "notes").mkdir()
    (folder / "notes" / "x.txt").write_text("x")
    os.mkfifo(folder / "pipe")
    (folder / "output").mkdir()
    for file in ("summary.json", "sft.jsonl", "traces.parquet"):
        (folder / "output" / file).write_text("{}")
    monkeypatch.chdir(folder)
    with pytest.raises(InputError) as caught:
        read(name)
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_no_input_at_all() -> None:
    with pytest.raises(InputError, match="No input"):
        read([])


def test_an_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path / "a.jsonl", rows(1))

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)  # taking the right away would not stop a superuser
    with pytest.raises(InputError, match=r"Cannot read .*a.jsonl: Permission denied"):
        read(path)


def test_empty_files_beside_others_are_no_error(folder: Path) -> None:
    (folder / "aa.jsonl").write_text("")
    reading = read(folder)
    assert ids(reading)[:3] == ["a1", "b1", "b2"]
    assert any("read as empty" in line for line in reading.describe())


def test_reading_again_gives_the_same(folder: Path) -> None:
    reading = read(folder)
    half = iter(reading)
    next(half)
    assert list(reading) == list(reading)
    assert len(list(half)) == 4


def test_identity_changes_with_the_input(folder: Path) -> None:
    before = read(folder / "a.jsonl").identity
    assert before == read(folder / "a.jsonl").identity
    assert before[0][0].endswith("a.jsonl")
    put(folder / "a.jsonl", rows("a1", "a2"))
    assert read(folder / "a.jsonl").identity != before
    assert read(folder).identity != read(folder / "deep").identity


def test_a_file_that_goes_between_two_readings(folder: Path) -> None:
    reading = read(folder / "a.jsonl")
    (folder / "a.jsonl").unlink()
    with pytest.raises(InputError, match="Cannot read"):
        list(reading)


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        ([{"id": 7}, {"id": 8}], ["7", "8"]),
        ([{"item_id": "x"}, {"item_id": "y"}], ["x", "y"]),
        ([{"uuid": "x", "n": 1}, {"uuid": "y", "n": 2}], ["x", "y"]),
        ([{"problem_id": "x"}, {"problem_id": "y"}], ["x", "y"]),
        ([{"problem_id": "x"}, {"problem_id": "x"}], ["t-1", "t-2"]),
        ([{"id": ["x"]}, {"id": ["y"]}], ["t-1", "t-2"]),
        ([{}, {}], ["t-1", "t-2"]),
    ],
)
def test_where_ids_come_from(sample: list[dict[str, Any]], expected: list[str], tmp_path: Path) -> None:
    path = put(tmp_path / "t.jsonl", [{"question": "q", "solution": "r", **row} for row in sample])
    assert ids(read(path)) == expected


def test_named_and_automatic_ids(tmp_path: Path) -> None:
    path = put(tmp_path / "limo_2.5.b.jsonl", rows("x", "x", meta={"key": 3}))
    assert ids(read(path, FieldNames(id="auto"))) == ["limo_2.5.b-1", "limo_2.5.b-2"]
    first, second = read(path, FieldNames(id="meta.key"))
    assert (first.id, type(first), type(second)) == ("3", Trace, Rejected)


def test_numbers_are_told_apart_where_files_share_a_name(tmp_path: Path) -> None:
    for name in ("train/a.jsonl", "test/a.jsonl"):
        put(tmp_path / name, rows("x"))
    assert ids(read(tmp_path, FieldNames(id="auto"))) == ["test-a.jsonl-1", "train-a.jsonl-1"]
    put(tmp_path / "two" / "a.jsonl", rows("x"))
    put(tmp_path / "two" / "a.json", rows("x"))
    assert ids(read(tmp_path / "two", FieldNames(id="auto"))) == ["a.json-1", "a.jsonl-1"]


def test_repeated_ids_name_the_first_place_and_the_way_out(tmp_path: Path) -> None:
    put(tmp_path / "a.jsonl", [*rows("x", "y"), {"question": "q"}, *rows("x")])
    (tmp_path / "b.jsonl").write_text("")
    put(tmp_path / "c.jsonl", rows("z", "y", "z"))
    found = list(read(tmp_path))
    assert [type(one) for one in found] == [Trace, Trace, Rejected, Rejected, Trace, Rejected, Rejected]
    repeated = [one for one in found if isinstance(one, Rejected) and one.reason == "duplicate-id"]
    assert [(one.id, Path(one.source).name, one.line) for one in repeated] == [
        ("x", "a.jsonl", 4),
        ("y", "c.jsonl", 2),
        ("z", "c.jsonl", 3),
    ]
    assert f"line 1 of {tmp_path / 'a.jsonl'}" in repeated[0].detail
    assert f"line 2 of {tmp_path / 'a.jsonl'}" in repeated[1].detail
    assert f"line 1 of {tmp_path / 'c.jsonl'}" in repeated[2].detail
    assert "--id auto" in repeated[0].detail
    assert json.loads(repeated[0].row)["id"] == "x"
    assert all(isinstance(one, Trace) for one in read(tmp_path / "c.jsonl", FieldNames(id="auto")))


def test_seen_against_a_dictionary() -> None:
    rng, seen, known = random.Random(0), SeenIds(), {}
    place = 0
    for _ in range(300):
        batch = [str(rng.randrange(60_000)) for _ in range(rng.randrange(1, 300))]
        places = list(range(place + 1, place + 1 + len(batch)))
        place += len(batch)
        found = seen.find_first(batch, places)
        for one, at, first in zip(batch, places, found, strict=True):
            assert first == known.get(one)
            known.setdefault(one, at)


@pytest.fixture
def joined(tmp_path: Path) -> tuple[Path, Path]:
    traces = [{"item_id": name, "thinking": f"r {name}", "content": "5", "type": "own"} for name in ("a", "b", "c")]
    items = [
        {"id": name, "prompt": f"q {name}", "answer": 5, "type": "theirs", "domain": "math"} for name in ("b", "a")
    ]
    (tmp_path / "items.json").write_text(json.dumps(items))
    return put(tmp_path / "traces.jsonl", traces), tmp_path / "items.json"


def test_join_adds_question_and_gold(joined: tuple[Path, Path]) -> None:
    reading = read(joined[0], join=joined[1])
    a, b, c = reading
    assert a == Trace("a", "q a", "r a", "5", "5", domain="math", tagged=True)
    assert (b.id, c.id) == ("b", "c")
    assert isinstance(c, Rejected)
    assert (c.reason, c.line) == ("no-join-partner", 3)
    assert c.detail.endswith("has the id 'c'; --id FIELD joins by another field than the id.")
    assert "question=prompt" in reading.describe()[0]
    assert "gold=answer" in reading.describe()[0]
    assert len(reading.identity) == 2
    assert ids(read(joined[0], FieldNames(id="auto"), join=joined[1]))[:2] == ["traces-1", "traces-2"]


def test_in_a_join_the_rows_own_fields_stay(joined: tuple[Path, Path]) -> None:
    assert [one.gold for one in read(joined[0], FieldNames(gold="type"), join=joined[1]) if isinstance(one, Trace)] == [
        "own",
        "own",
    ]


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ('[{"id": 1}, {"id": 1}]', "'1' was there before"),
        ('[{"id": 1}, {"id": null}]', "'id' is empty"),
        ('[{"id": 1}, {"prompt": "x"}]', "no field 'id'"),
        ('[{"name": 1}]', "known to hold ids"),
        ('[{"id": 1}, {"id"', "line 2: The file ends"),
        ("", "There is nothing to read"),
    ],
)
def test_a_broken_join_is_one_error(items: str, message: str, joined: tuple[Path, Path]) -> None:
    joined[1].write_text(items)
    with pytest.raises(InputError, match=message):
        read(joined[0], join=joined[1])


def test_a_join_needs_ids_on_both_sides(joined: tuple[Path, Path]) -> None:
    put(joined[0], [{"thinking": "r", "content": "5"}])
    with pytest.raises(InputError, match="ids to join by"):
        read(joined[0], join=joined[1])


def peak(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", ["x.jsonl", "x.json", "x.csv"])
def test_memory_does_not_grow_with_the_input(name: str, tmp_path: Path) -> None:
    def fill(count: int) -> Path:
        with (tmp_path / name).open("w") as file:
            file.write({"x.json": "[", "x.csv": "id,question,solution\n"}.get(name, ""))
            for index in range(count):
                row = {"id": str(index), "question": f"q {index}", "solution": f"r {index} " + "word " * 200}
                comma = "," if name == "x.json" and index else ""
                file.write(",".join(row.values()) + "\n" if name == "x.csv" else f"{comma}{json.dumps(row)}\n")
            file.write("]" if name == "x.json" else "")
        return tmp_path / name

    def count() -> int:
        return sum(isinstance(one, Trace) for one in read(tmp_path / name))

    fill(500)  # beyond the rows of a batch
    small = peak(count)
    fill(1_500)
    assert peak(count) < small + 1_000 * 24 + 400_000  # the rows of a batch, and a chunk of the file, are held


def test_a_field_that_was_named_as_the_answer_is_said(tmp_path: Path) -> None:
    row = {"uid": "q00", "ask": "3x + 10 = 19. Solve x.", "scratch": "3x = 9.\n\nx = 3.", "reply": "**3**", "key": "3"}
    (tmp_path / "mine.json").write_text(json.dumps({"made": "2026-11", "items": [row]}))
    fields = FieldNames(rows="items", question="ask", reasoning="scratch", answer="reply", gold="key")
    reading = read(tmp_path / "mine.json", fields)
    assert "question=ask, reasoning=scratch, answer=reply, gold=key, id=uid." in reading.describe()[0]


def test_the_field_that_the_reasoning_ends_on_is_suggested_as_the_gold_answer(tmp_path: Path) -> None:
    rows = [
        {
            "uid": "3",
            "ask": "3x + 10 = 19",
            "scratch": "3x = 9.\n\nSo x = 3.",
            "reply": "**3**",
            "made": "3",
            "key": "3",
        },
        {
            "uid": "4",
            "ask": "Who is older?",
            "scratch": "Ann is 9, Bo 7.\n\nSo it is Ann.",
            "reply": "**Ann**",
            "key": "Ann",
        },
        {"uid": "5", "ask": "2.5 + 1 = x", "scratch": "2.5 + 1 = 3.5.\n\nx is 3.5.", "reply": "**3.5**", "key": "3.5"},
    ]
    (tmp_path / "mine.json").write_text(json.dumps(rows))
    with pytest.raises(InputError) as caught:
        read(tmp_path / "mine.json")
    assert caught.value.hint.endswith("--reasoning scratch [--question FIELD] [--answer FIELD] --gold key.")
    (tmp_path / "mine.json").write_text(json.dumps([{**row, "key": "7"} for row in rows]))
    with pytest.raises(InputError, match=r"\[--gold FIELD\]\.$"):
        read(tmp_path / "mine.json")
