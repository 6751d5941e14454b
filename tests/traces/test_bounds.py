"""Readers take linear time and bounded memory, and notice an input that changes under them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from timing import seconds

from cotpress.errors import InputError
from cotpress.traces import read, rows
from cotpress.traces.files import byte_streams, json_rows, table_rows
from cotpress.traces.files.sources import build_source
from cotpress.traces.rows import MAX_NESTING, MalformedRowError, TraceRow
from cotpress.types import Trace

GOOD = {"question": "2+3?", "reasoning": "Two and three. 2+3=5.", "answer": "5"}


def read_all(path: Path) -> list[TraceRow]:
    return list(build_source(path, "x").read_rows())


def list_faults(path: Path) -> list[str]:
    """The reasons of rows that cannot be read, "" for good ones."""
    return [row.data.reason if isinstance(row.data, MalformedRowError) else "" for row in read_all(path)]


def write_long_string(path: Path, size: int) -> None:
    path.write_bytes(gzip.compress(json.dumps([{"q": "ab c" * (size // 4)}]).encode(), 1))


def write_header(path: Path, size: int) -> None:
    names = [f"n{at}" for at in range(size // 12)]
    path.write_text(f"{','.join(names)}\n{','.join('1' for _ in names)}\n")


def write_cell(path: Path, size: int) -> None:
    path.write_bytes(b'a,b\n1,"' + b"x\n" * (size // 2) + b'"\n2,3\n')


def write_brackets(path: Path, size: int) -> None:
    path.write_bytes(gzip.compress(b"[" * size, 1))


def write_table(path: Path, size: int) -> None:
    pq.write_table(pa.table({"a": ["x" * size, "y"]}), path)


def write_escapes(path: Path, size: int) -> None:
    path.write_bytes(b'[{"a": "' + b'\\"' * (size // 2) + b'"}]')


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("s.json.gz", write_long_string),
        ("h.csv", write_header),
        ("c.csv", write_cell),
        ("b.json.gz", write_brackets),
        ("b.jsonl.gz", write_brackets),
        ("t.parquet", write_table),
        ("e.json", write_escapes),
    ],
)
def test_time_is_linear(name: str, write: Callable[[Path, int], None], tmp_path: Path) -> None:
    for folder, size in (("small", 1 << 19), ("large", 1 << 22)):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / name, size)
    small, large = seconds(
        lambda: read_all(tmp_path / "small" / name), lambda: read_all(tmp_path / "large" / name), rounds=3
    )
    assert large < 8 * 2.5 * max(small, 0.004)  # 0.004: the clock's step


@pytest.fixture
def short_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (rows, json_rows, table_rows):
        monkeypatch.setattr(module, "MAX_ROW_BYTES", 1000)


def test_a_row_that_is_too_long_costs_no_other(short_rows: None, tmp_path: Path) -> None:
    long = "x" * 2000
    pq.write_table(pa.table({"a": ["1", long, "2"]}), tmp_path / "x.parquet")
    (tmp_path / "x.csv").write_text(f'a\n1\n{long}\n2\n"{"x" * 600}\n{"x" * 600}"\n3\n')
    (tmp_path / "x.jsonl").write_text("".join(json.dumps({"a": text}) + "\n" for text in ("1", long, "2")))
    assert list_faults(tmp_path / "x.parquet") == ["", "record-too-long", ""]
    assert list_faults(tmp_path / "x.jsonl") == ["", "record-too-long", ""]
    faults = list_faults(tmp_path / "x.csv")
    assert faults[:3] == ["", "record-too-long", ""]
    assert faults[3] == "record-too-long"
    assert faults[-1] == ""


def test_a_file_that_unpacks_to_far_more_is_left(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(byte_streams, "FREE_BYTES", 1 << 16)
    bomb = json.dumps(GOOD).encode() + b"\n" + b'{"a": "' + b"x" * (1 << 24)
    (tmp_path / "x.jsonl.gz").write_bytes(gzip.compress(bomb))
    pa.output_stream(str(tmp_path / "x.jsonl.zst"), compression="zstd").write(bomb)
    for name in ("x.jsonl.gz", "x.jsonl.zst"):
        found = read_all(tmp_path / name)
        assert isinstance(found[-1].data, MalformedRowError)
        assert "times its size" in found[-1].data.detail


@pytest.mark.parametrize("depth", [MAX_NESTING + 1, 900, 990, 1000, 5000, 200_000])
@pytest.mark.parametrize("name", ["x.jsonl", "x.json"])
def test_a_deep_row_costs_no_other(name: str, depth: int, tmp_path: Path) -> None:
    deep = '{"question": "2+3?", "reasoning": "5.", "extra": ' + "[" * depth + "]" * depth + "}"
    texts = [json.dumps(GOOD), deep, json.dumps(GOOD)]
    (tmp_path / name).write_text("\n".join(texts) if name == "x.jsonl" else f"[{','.join(texts)}]")
    outcomes = list(read(tmp_path / name))
    assert [isinstance(one, Trace) for one in outcomes] == [True, False, True]
    assert getattr(outcomes[1], "reason", "") == "too-deep"


@pytest.mark.parametrize("name", ["x.json", "x.jsonl", "x.csv"])
def test_an_input_that_shrinks_while_it_is_read_is_noticed(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    many = [{**GOOD, "id": str(at)} for at in range(30_000)]
    if name == "x.json":
        path.write_text(json.dumps(many))
    elif name == "x.jsonl":
        path.write_text("".join(json.dumps(one) + "\n" for one in many))
    else:
        path.write_text("question,reasoning,answer\n" + "2+3?,Two and three.,5\n" * 100_000)

    def consume(outcomes: Iterator[object]) -> None:
        next(outcomes)
        with path.open("r+b") as file:
            file.truncate(2000)
        for _ in outcomes:
            pass

    with pytest.raises(InputError, match="changed while it was read"):
        consume(iter(read(path)))


def test_an_array_that_is_gone_ends_the_reading(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(json.dumps([GOOD]))
    source = build_source(tmp_path / "x.json", "x")
    (tmp_path / "x.json").write_text("")
    [row] = source.read_rows()
    assert isinstance(row.data, MalformedRowError)
