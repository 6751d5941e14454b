"""Every file of an unfinished output deleted, cut, flipped or replaced, then resumed plainly and with --force.

The output is that of an undisturbed run, or an error says the way out. None is silent.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from cotpress.errors import OutputError
from cotpress.pipeline.compression_spec import CompressionSpec
from cotpress.pipeline.execution import RunPlan, write_rows
from cotpress.pipeline.output import open_output_directory
from cotpress.progress import Silent
from cotpress.types import Compressed, ModelCall, Rejected, Trace

PART_COUNT = 3
CALL = ModelCall("k", "ok", "stop", 1, 1, 0.5, None, False)


@pytest.fixture(autouse=True)
def _without_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two outputs: "whole", and "stopped" after two parts."""
    folder = tmp_path_factory.mktemp("cases")
    run(folder / "whole")
    run(folder / "stopped", stop_after=2)
    return folder


def make_part(part: int) -> list[Compressed | Rejected]:
    trace = Trace(f"t{part}", "q", "abc def", gold="1")
    kept = Compressed(trace, "def", np.array([[4, 7]]), 4, 1, 0.5, calls=(CALL,))
    return [kept, Rejected("empty-reasoning", "Nothing there.", "a.jsonl", part)]


def run(folder: Path, force: bool = False, stop_after: int | None = None) -> None:
    """A run of a few parts, which may stop on the way."""
    with open_output_directory(folder, "key", force) as output:
        for index in range(output.count_finished_parts(), PART_COUNT):
            if index == stop_after:
                return
            output.write_part(index, make_part(index), lambda one: {"id": one.trace.id, "text": one.text})
        output.finish({}, lambda summary: {"README.md": "card"})


def read_output(folder: Path) -> dict[str, Any]:
    """What a finished output holds."""
    content: dict[str, Any] = {
        path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.suffix != ".parquet"
    }
    return {**content, "traces.parquet": pq.read_table(folder / "traces.parquet").to_pylist()}


def delete(path: Path) -> None:
    path.unlink()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes() or b"\0")
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "inside").write_text("x")


def replace_by_other(path: Path) -> None:
    path.write_text('{"key": "another", "counts": {}, "files": {}}')


# Everything else is mended unasked.
ENDS_IN_AN_ERROR = {
    "delete": ["run.json"],
    "cut": ["run.json"],
    "flip": ["run.json"],
    "replace_by_folder": ["run.json", "lock"],
    "replace_by_other": ["run.json"],
}
DAMAGES = [delete, cut, flip, replace_by_folder, replace_by_other]
PARTS = [f"part-{part:06d}{suffix}" for part in (0, 1) for suffix in (".parquet", ".sft.jsonl", ".rejected.jsonl")]
FILES = [*PARTS, "part-000000.calls.jsonl", "part-000000.json", "part-000001.json", "run.json", "lock"]


@pytest.mark.parametrize("force", [False, True], ids=["plain", "force"])
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("name", FILES)
def test_damage(name: str, damage: Callable[[Path], None], force: bool, cases: Path, tmp_path: Path) -> None:
    shutil.copytree(cases / "stopped", tmp_path / "out")
    damage(tmp_path / "out" / ".parts" / name)
    if name in ENDS_IN_AN_ERROR.get(damage.__name__, ()) and not force:
        with pytest.raises(OutputError) as caught:
            run(tmp_path / "out")
        assert "--force" in caught.value.hint
        force = True
    run(tmp_path / "out", force)
    assert read_output(tmp_path / "out") == read_output(cases / "whole")


def run_rows(folder: Path, count: int, finish: bool) -> None:
    """A run over rows, a row a part, as commands make it."""
    rows = [Rejected("empty-reasoning", "Nothing there.", "a.jsonl", line) for line in range(count)]
    plan = RunPlan("Compressing", lambda rows: (row for row in rows if isinstance(row, Rejected)), 1, None, "units")
    with open_output_directory(folder, "key") as output:
        write_rows(rows, plan, CompressionSpec(), output, Silent())
        if finish:
            output.finish({}, lambda summary: {})


@pytest.mark.parametrize("damage", [delete, cut, flip, replace_by_folder], ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("name", [name for name in PARTS if not name.endswith("sft.jsonl")])
def test_a_run_over_rows_makes_a_damaged_part_anew(name: str, damage: Callable[[Path], None], tmp_path: Path) -> None:
    run_rows(tmp_path / "out", 2, finish=False)
    damage(tmp_path / "out" / ".parts" / name)
    run_rows(tmp_path / "out", 3, finish=True)
    run_rows(tmp_path / "whole", 3, finish=True)
    assert read_output(tmp_path / "out") == read_output(tmp_path / "whole")


@pytest.mark.parametrize("name", PARTS)
def test_a_part_damaged_while_the_run_goes_on_is_seen_at_the_join(name: str, tmp_path: Path) -> None:
    with open_output_directory(tmp_path, "key") as output:
        for index in range(2):
            output.write_part(index, make_part(index), lambda one: {"id": one.trace.id})
        cut(tmp_path / ".parts" / name)
        with pytest.raises(OutputError, match="is damaged") as caught:
            output.finish({}, lambda summary: {})
    assert "again" in caught.value.hint
    run(tmp_path)
    assert json.loads((tmp_path / "summary.json").read_text())["traces"] == 2 * PART_COUNT


def test_parts_replaced_by_a_file(tmp_path: Path) -> None:
    (tmp_path / ".parts").write_text("x")
    with pytest.raises(OutputError, match="in the way"):
        run(tmp_path)
    run(tmp_path, force=True)
    assert (tmp_path / "summary.json").is_file()


@pytest.mark.parametrize("key", ["key", "other"])
def test_a_foreign_file_among_the_parts_is_not_deleted_unasked(key: str, tmp_path: Path) -> None:
    with open_output_directory(tmp_path, key):
        (tmp_path / ".parts" / "notes.txt").write_text("mine")
    run(tmp_path)
    [left] = tmp_path.glob(".parts*/notes.txt")
    assert left.read_text() == "mine"
    run(tmp_path, force=True)
    assert not list(tmp_path.glob(".parts*"))


def test_a_name_that_no_file_system_takes(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="Cannot write"):
        run(tmp_path / ("x" * 300))


def test_a_part_is_on_the_disk_before_it_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda handle: flushed.append(os.readlink(f"/proc/self/fd/{handle}")))
    with open_output_directory(tmp_path, "key") as output:
        flushed.clear()
        output.write_part(0, make_part(0), lambda one: {"id": one.trace.id})
    suffixes = [name.partition("part-000000")[2].split(".")[1] for name in flushed if "part-" in name]
    assert suffixes == ["parquet", "sft", "rejected", "calls", "json"]
