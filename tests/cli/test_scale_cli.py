"""`--executor` from the outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import cotpress
from scale_case import write_shards

from cotpress.cli.options import scale_options
from cotpress.pipeline import worker_pool
from cotpress.scale import executors


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COTPRESS_CACHE", str(tmp_path / "cache"))


HERE = ("--executor", "local", "--workers", "1", "-q")


@pytest.mark.parametrize(
    "words",
    [
        ("compress", "--criterion", "random", "--granularity", "token"),
        ("rewrite", "--level", "edit"),
    ],
    ids=lambda words: words[0],
)
def test_the_summary(words: tuple[str, ...], tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    given = write_shards(tmp_path)
    assert cotpress(*words, *given, "-o", tmp_path / "out", *HERE, "--json") == 0
    said = json.loads(capfd.readouterr().out)
    assert said == json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (said["shards"], said["traces"]) == (4, said["compressed"] + said["rejected"])
    card = (tmp_path / "out" / "README.md").read_text()
    assert "data_files: sft/*.jsonl" in card
    assert json.loads((tmp_path / "out" / "dataset_info.json").read_text())["cotpress"]["file_name"] == "sft"


def test_words_for_people(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    given = write_shards(tmp_path)
    (tmp_path / "notes.txt").write_text("nothing to read")
    words = ["compress", str(tmp_path), "-o", str(tmp_path / "new" / "out"), *HERE[:-1], "--criterion", "random"]
    assert cotpress(*words, "--granularity", "token") == 0
    said = capfd.readouterr()
    assert "written to" in said.out
    assert "Not read" in said.err
    assert "notes.txt" in said.err
    assert f"{len(given)}/{len(given)} shards" in said.err


def test_workers_without_work_are_told_of_and_cut_files_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(scale_options, "MIN_SPLIT_BYTES", 1)
    monkeypatch.setattr(executors, "can_fork", lambda: True)  # an earlier test may have imported torch
    given = write_shards(tmp_path, shards=1)[0]
    words = ["compress", given, "-o", str(tmp_path / "out"), "--criterion", "random", "--granularity", "token"]
    words += ["--executor", "local", "--workers", "2"]
    assert cotpress(*words) == 0
    assert "1 shard for 2 workers or tasks: --split 2 would give each of them work." in capfd.readouterr().err
    assert cotpress(*words, "--split", "2", "--force") == 0
    said = capfd.readouterr().err
    assert "--split" not in said
    assert "2/2 shards" in said


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("-o", "s3://bucket/out"), 2, "is a URL"),
        (("-o", "out", "--executor", "dask"), 2, "--executor cannot be 'dask'"),
        (("-o", "out", "--executor", "slurm"), 2, "--partition"),
        (("-o", "out", "--executor", "local", "--tasks", "0"), 2, "tasks is 0"),
        (("-o", "out", "--executor", "local", "--split", "0"), 2, "split is 0"),
        (("-o", "out", "--split", "2"), 2, "--split is for an executor, and none is named. Add --executor local"),
        (("-o", "out", "--tasks", "2"), 2, "--tasks is for an executor"),
        (("-o", "out", "--workers", "0"), 2, "0 workers can do nothing"),
        (("-o", "out", "--gpus-per-task", "1"), 2, "--gpus-per-task is for an executor"),
        (("-o", "memory://out", "--executor", "local", "--workers", "2"), 2, "in this process alone"),
        (("-o", "nosuch://out", "--executor", "local", "--workers", "1"), 3, "nosuch"),
    ],
)
def test_one_line_says_what_is_wrong(
    words: tuple[str, ...],
    code: int,
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    given = write_shards(tmp_path)
    assert cotpress("compress", *given, *words) == code
    said = capfd.readouterr().err
    assert said.startswith("cotpress: ")
    assert said.count("\n") == 1
    assert says in said


def test_no_sbatch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    given = write_shards(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    words = ["--executor", "slurm", "--partition", "cpu", "-q"]
    assert cotpress("compress", *given, "-o", tmp_path / "out", *words) == 1
    assert "Slurm took no job" in capfd.readouterr().err


@pytest.mark.parametrize("words", [("compress", "--protect-regex", r"\d+"), ("rewrite", "--level", "fuse")])
def test_processes_of_one_machine_write_the_bytes_of_one_process(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_pool, "CHUNK_ROWS", 2)
    given = write_shards(tmp_path)
    for workers in ("1", "3"):
        assert cotpress(*words, *given, "-o", tmp_path / workers, "-q", "--workers", workers) == 0
    for name in ("sft.jsonl", "traces.parquet", "rejected.jsonl"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "3" / name).read_bytes()


def test_the_first_rows_alone(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    given = write_shards(tmp_path)
    words = ("compress", *given, "-o", tmp_path / "out", *HERE, "--criterion", "random")
    assert cotpress(*words, "--limit", "2", "--json") == 0
    said = json.loads(capfd.readouterr().out)
    assert (said["traces"], said["selection"]["limit"]) == (2, 2)


def test_mixed_rows_are_not_to_be_had(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    given = write_shards(tmp_path)
    assert cotpress("compress", *given, "-o", tmp_path / "out", *HERE, "--limit", "2", "--shuffle") == 2
    assert "cotpress rate INPUT" in capfd.readouterr().err
