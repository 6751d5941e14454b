"""A remote file that is cut to parts is copied once for all of them, in all passes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from scale_case import ONE, plain, scaled, tables_of, write_shards

from cotpress.pipeline import CompressionSpec
from cotpress.pruning import Method
from cotpress.scale import input_copies
from cotpress.scale.shards import InputShard

fsspec: Any = pytest.importorskip("fsspec", reason="fsspec is not installed (extra: scale)")
JOB = CompressionSpec(Method("nll", "token"))


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are copied from now on."""
    names: list[str] = []
    original = input_copies.copy_here

    def counted(url: str, place: Path) -> None:
        names.append(url)
        original(url, place)

    monkeypatch.setattr(input_copies, "copy_here", counted)
    return names


def test_a_remote_file_is_copied_once_for_all_its_parts(tmp_path: Path, copied: list[str]) -> None:
    given = write_shards(tmp_path, each=3)[0]
    fsspec.filesystem("memory").pipe_file("/copies/part0.jsonl", Path(given).read_bytes())
    scaled(["memory://copies/part0.jsonl"], JOB, tmp_path / "out", ONE, split=3)
    assert len(copied) == 1
    plain([given], JOB, tmp_path / "plain")
    assert tables_of(tmp_path / "out")["traces"] == tables_of(tmp_path / "plain")["traces"]


def test_few_copies_are_kept_and_none_afterwards(tmp_path: Path, copied: list[str]) -> None:
    files = fsspec.filesystem("memory")
    shards = []
    for number in range(input_copies.MAX_COPIES + 2):
        files.pipe_file(f"/many/{number}.jsonl", str(number).encode())
        name = f"memory://many/{number}.jsonl"
        shards += InputShard(number, name, str(number), "1", 1, name).split(2)
    with input_copies.share_copies():
        folder = Path(os.environ["COTPRESS_INPUT_COPIES"])
        for shard in shards:
            with input_copies.open_shard_file(shard) as path:
                assert path.read_text() == shard.stem
        assert len([path for path in folder.iterdir() if not path.suffix]) == input_copies.MAX_COPIES
    assert len(copied) == len(shards) // 2
    assert not folder.exists()


def test_a_file_that_is_no_parts_is_not_kept(copied: list[str]) -> None:
    fsspec.filesystem("memory").pipe_file("/whole/a.jsonl", b"x")
    shard = InputShard(0, "memory://whole/a.jsonl", "a", "1", 1, "memory://whole/a.jsonl")
    with input_copies.share_copies(), input_copies.open_shard_file(shard) as path:
        assert path.name == "a.jsonl"
        assert [entry for entry in Path(os.environ["COTPRESS_INPUT_COPIES"]).iterdir() if not entry.suffix] == []
