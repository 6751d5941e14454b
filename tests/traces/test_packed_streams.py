"""Packed files of each kind: read whole, read up to a cut, bounded; and objects that are spread over lines."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from cotpress.errors import InputError
from cotpress.traces import read
from cotpress.traces.files import byte_streams
from cotpress.types import Rejected, Trace

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": partial(bz2.compress, compresslevel=1),  # small blocks: what stands before a damaged one is read
    ".xz": lzma.compress,
}
every_packing = pytest.mark.parametrize("suffix", PACKERS)


def write_lines(count: int, start: int = 0) -> bytes:
    rows = ({"question": f"{n}+1?", "reasoning": f"We add {n * n}, so {n + 1}.", "answer": "5"} for n in range(count))
    return b"".join(json.dumps({**row, "id": f"{start}-{at}"}).encode() + b"\n" for at, row in enumerate(rows))


@every_packing
@pytest.mark.parametrize("named", [True, False])
def test_members_are_read_one_after_the_other(suffix: str, named: bool, tmp_path: Path) -> None:
    pack = PACKERS[suffix]
    path = tmp_path / ("x.jsonl" + (suffix if named else ""))
    path.write_bytes(pack(write_lines(3)) + pack(write_lines(2, start=1)))
    reading = read(path)
    assert [trace.id for trace in reading if isinstance(trace, Trace)] == ["0-0", "0-1", "0-2", "1-0", "1-1"]


@every_packing
def test_what_stands_before_a_cut_is_read(suffix: str, tmp_path: Path) -> None:
    packed = PACKERS[suffix](write_lines(4_000))
    (tmp_path / f"x.jsonl{suffix}").write_bytes(packed[: int(len(packed) * 0.9)])
    rows = list(read(tmp_path / f"x.jsonl{suffix}"))
    assert sum(isinstance(row, Trace) for row in rows) > 2_000
    assert isinstance(rows[-1], Rejected)
    assert rows[-1].reason == "damaged-file"


@every_packing
def test_damage_is_a_reject(suffix: str, tmp_path: Path) -> None:
    packed = bytearray(PACKERS[suffix](write_lines(4_000)))
    packed[len(packed) // 2] ^= 0xFF
    (tmp_path / f"x.jsonl{suffix}").write_bytes(bytes(packed))
    last = list(read(tmp_path / f"x.jsonl{suffix}"))[-1]
    assert isinstance(last, Rejected)
    assert last.reason == "damaged-file"


@every_packing
def test_a_bomb_is_bounded(suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(byte_streams, "FREE_BYTES", 1 << 20)
    path = tmp_path / f"x.jsonl{suffix}"
    path.write_bytes(PACKERS[suffix](b"[" * (1 << 23)))
    with byte_streams.open_stream(path) as stream, pytest.raises(OSError, match="200 times"):
        stream.read()


@pytest.mark.parametrize("name", ["x.json", "x.jsonl"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_objects_over_several_lines(name: str, newline: str, tmp_path: Path) -> None:
    rows = [{"question": "2+3?", "reasoning": "It is\n}\n{5.", "answer": str(n), "m": {"n": [n]}} for n in range(3)]
    text = "\n".join(json.dumps(row, indent=2) for row in rows) + "\n"
    (tmp_path / name).write_bytes(text.replace("\n", newline).encode())
    reading = read(tmp_path / name)
    assert [trace.origin.row for trace in reading if isinstance(trace, Trace) and trace.origin] == rows


def test_a_bad_object_costs_no_other(tmp_path: Path) -> None:
    row = json.dumps({"question": "2+3?", "reasoning": "It is 5.", "answer": "5"}, indent=1)
    (tmp_path / "x.json").write_text(f"{row}\n{{\n bad\n}}\n{row}\n{row[:20]}")
    rows = list(read(tmp_path / "x.json"))
    assert [getattr(row, "reason", "") for row in rows] == ["", "invalid-json", "", "invalid-json"]
    assert [row.line for row in rows if isinstance(row, Rejected)] == [2, 4]


def test_an_empty_name_is_no_folder() -> None:
    with pytest.raises(InputError, match="No input was named"):
        read("")
