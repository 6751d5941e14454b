"""Logs that Inspect reads: its own package is asked where it is installed."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from scripted_student import PlainGrader, Scripted, fails, solve

from cotpress.evaluation import ChatStudent, EvaluationConfig, EvaluationResult, evaluate
from cotpress.evaluation.benchmarks import BenchmarkItem
from cotpress.evaluation.inspect_logs import write_inspect_logs

Items = Mapping[str, Sequence[BenchmarkItem]]


@pytest.fixture
def result(items: Items) -> EvaluationResult:
    asked = EvaluationConfig(samples=2, temperature=0.6)
    student = ChatStudent(Scripted(solve), "sum")
    return evaluate(student, items, asked, None, PlainGrader())  # type: ignore[arg-type]


def test_a_log_for_each_benchmark_holds_every_reply(result: EvaluationResult, items: Items, tmp_path: Path) -> None:
    paths = write_inspect_logs(result, tmp_path / "inspect")
    logs = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    assert [log["eval"]["task"] for log in logs] == list(items)
    for log, (name, part) in zip(logs, items.items(), strict=True):
        rows = [row for row in result.rows if row.benchmark == name]
        assert [(one["id"], one["epoch"]) for one in log["samples"]] == [(row.id, row.sample + 1) for row in rows]
        assert [one["messages"][1]["content"] for one in log["samples"]] == [row.text for row in rows]
        assert log["results"]["scores"][0]["metrics"]["accuracy"]["value"] == 1.0
        assert log["eval"]["config"]["epochs"] == 2
        assert log["eval"]["dataset"]["samples"] == len(part)


def test_written_again_it_replaces_its_files(result: EvaluationResult, tmp_path: Path) -> None:
    write_inspect_logs(result, tmp_path)
    kept = write_inspect_logs(result, tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted(kept)


def test_a_call_that_failed_is_an_error_of_its_sample(items: Items, tmp_path: Path) -> None:
    result = evaluate(ChatStudent(Scripted(fails), "sum"), items, None, None, PlainGrader())  # type: ignore[arg-type]
    [log, *_] = [json.loads(path.read_text(encoding="utf-8")) for path in write_inspect_logs(result, tmp_path)]
    assert all(one["error"]["message"] for one in log["samples"])
    assert log["results"]["completed_samples"] == 0


@pytest.mark.skipif(shutil.which("inspect") is None, reason="inspect-ai is not installed")
def test_inspect_itself_reads_and_scores_them(result: EvaluationResult, tmp_path: Path) -> None:
    [path, *_] = write_inspect_logs(result, tmp_path)
    listed = subprocess.run(
        ["inspect", "log", "list", "--json", "--log-dir", str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert {Path(one["name"]).name for one in json.loads(listed.stdout)} == {one.name for one in tmp_path.iterdir()}
    shown = subprocess.run(["inspect", "log", "dump", str(path)], capture_output=True, text=True, check=True)
    read = json.loads(shown.stdout)
    assert len(read["samples"]) == sum(row.benchmark == read["eval"]["task"] for row in result.rows)
    again = tmp_path / "scored.json"
    subprocess.run(
        ["inspect", "score", str(path), "--scorer", "includes", "--action", "append", "--output-file", str(again)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert {score["name"] for score in json.loads(again.read_text())["results"]["scores"]} == {"cotpress", "includes"}
