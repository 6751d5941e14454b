"""The output directory: whole or not there, continued after a stop, never overwritten unasked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from cotpress.errors import OutputError
from cotpress.pipeline.output import OutcomeCounts, open_output_directory, sum_counts
from cotpress.types import Compressed, Rejected, Trace


def _kept(number: int, flags: tuple[str, ...] = ()) -> Compressed:
    trace = Trace(f"t{number}", "q", "abc def", gold="1")
    return Compressed(trace, "def", np.array([[4, 7]]), 4, 1, 0.5, flags)


def _row(one: Compressed) -> dict[str, Any]:
    return {"id": one.trace.id, "text": one.text}


PARTS = [[_kept(1), Rejected("empty-reasoning", "Nothing there.", "a.jsonl", 2)], [_kept(2, ("empty",))]]


def _run(folder: Path, key: str = "k", parts: list[Any] = PARTS, force: bool = False, finish: bool = True) -> int:
    with open_output_directory(folder, key, force) as output:
        skipped = output.count_finished_parts()
        for index, outcomes in enumerate(parts):
            if index >= skipped:
                output.write_part(index, outcomes, _row)
        if finish:
            output.finish({"seconds": 1.0}, lambda summary: {"README.md": f"{summary['compressed']} kept"})
    return skipped


def _lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_finished_output(tmp_path: Path) -> None:
    _run(tmp_path / "out")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"traces.parquet", "sft.jsonl", "rejected.jsonl", "summary.json", "README.md"}
    table = pq.read_table(tmp_path / "out" / "traces.parquet").to_pylist()
    assert [row["id"] for row in table] == ["t1", "t2"]
    assert table[0]["kept_spans"] == [[4, 7]]
    assert table[0]["realized_ratio"] == 0.25
    assert [row["id"] for row in _lines(tmp_path / "out" / "sft.jsonl")] == ["t1", "t2"]
    assert _lines(tmp_path / "out" / "rejected.jsonl")[0]["line"] == 2
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (summary["traces"], summary["compressed"], summary["rejected"]) == (3, 2, 1)
    assert (summary["tokens_original"], summary["tokens_kept"], summary["realized_ratio"]) == (8, 2, 0.25)
    assert summary["flags"] == {"empty": 1}
    assert summary["mean_shortfall"] == 0.25


def test_an_interrupted_run_is_continued_and_ends_the_same(tmp_path: Path) -> None:
    _run(tmp_path / "whole")
    _run(tmp_path / "broken", parts=PARTS[:1], finish=False)
    assert not (tmp_path / "broken" / "traces.parquet").exists()
    assert _run(tmp_path / "broken") == 1
    for path in (tmp_path / "whole").iterdir():
        assert path.read_bytes() == (tmp_path / "broken" / path.name).read_bytes()


def test_a_part_without_its_tally_is_written_again(tmp_path: Path) -> None:
    _run(tmp_path, parts=PARTS, finish=False)
    (tmp_path / ".parts" / "part-000001.json").unlink()
    assert _run(tmp_path) == 1


def test_a_finished_output_is_replaced_only_by_force(tmp_path: Path) -> None:
    _run(tmp_path)
    with pytest.raises(OutputError, match="--force"):
        _run(tmp_path, key="other")
    assert _run(tmp_path, key="other", parts=PARTS[:1], force=True) == 0
    assert json.loads((tmp_path / "summary.json").read_text())["compressed"] == 1


def test_an_unfinished_output_of_another_run_is_not_mixed_in(tmp_path: Path) -> None:
    _run(tmp_path, parts=PARTS[:1], finish=False)
    with pytest.raises(OutputError, match="unfinished run"):
        _run(tmp_path, key="other")
    assert _run(tmp_path, key="other", force=True) == 0


def test_two_processes_do_not_share_a_directory(tmp_path: Path) -> None:
    with (
        open_output_directory(tmp_path, "k"),
        pytest.raises(OutputError, match="Another process"),
        open_output_directory(tmp_path, "k"),
    ):
        pass


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(OutputError, match="is a file"), open_output_directory(tmp_path / "out", "k"):
        pass


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="Cannot write"), open_output_directory(tmp_path / "file" / "out", "k"):
        pass


def test_no_rows_at_all_make_an_empty_output(tmp_path: Path) -> None:
    _run(tmp_path, parts=[])
    assert pq.read_table(tmp_path / "traces.parquet").num_rows == 0
    assert json.loads((tmp_path / "summary.json").read_text())["realized_ratio"] is None


def test_tallies_add_up() -> None:
    tallies = [OutcomeCounts.from_outcomes(part) for part in PARTS]
    assert sum_counts(tallies) == OutcomeCounts.from_outcomes([one for part in PARTS for one in part])
    assert sum_counts([]).rows == 0


def test_a_stop_while_the_parts_are_deleted_leaves_a_finished_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(folder: Path) -> None:
        next(Path(folder).glob("*.parquet")).unlink()
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("cotpress.pipeline.output.directory.remove_finished", stopped)
        with pytest.raises(KeyboardInterrupt):
            _run(tmp_path)
    assert json.loads((tmp_path / "summary.json").read_text())["compressed"] == 2
    with pytest.raises(OutputError, match="--force"):
        _run(tmp_path)


def test_a_stray_parts_folder_does_not_unlock_a_finished_output(tmp_path: Path) -> None:
    _run(tmp_path)
    (tmp_path / ".parts").mkdir()
    with pytest.raises(OutputError, match="--force"):
        _run(tmp_path, key="other")


def test_a_run_that_finished_nothing_is_replaced_freely(tmp_path: Path) -> None:
    _run(tmp_path, parts=[], finish=False)
    assert _run(tmp_path, key="other") == 0
