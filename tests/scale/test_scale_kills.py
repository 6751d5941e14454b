"""Processes killed at random: the run ends like a calm one, and what was finished before is not done again."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import killed_workers
from forked_command import fork_command
from killed_workers import JOB
from scale_case import scaled, tables_of, write_shards


def _marks(output: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in output.glob(".work/*/*.json")}


def test_a_worker_is_killed(tmp_path: Path) -> None:
    given = write_shards(tmp_path, shards=3, each=3)
    command = [sys.executable, killed_workers.__file__, str(tmp_path / "out"), *given]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=120, check=True)
    assert int(run.stdout) >= 3, "a killed worker is followed by another"
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["traces"] == summary["compressed"] + summary["rejected"]
    scaled(given, JOB, tmp_path / "calm")
    assert tables_of(tmp_path / "out") == tables_of(tmp_path / "calm")


def test_the_command_itself_is_killed(tmp_path: Path) -> None:
    given, output = write_shards(tmp_path, shards=3, each=3), tmp_path / "out"
    command = ["compress", *given, "-o", str(output), "--granularity", "token", "-q"]
    command += ["--criterion", JOB.method.criterion]
    command += ["--executor", "local", "--tasks", "2", "--workers", "2", "--store", str(tmp_path / "store")]
    run = fork_command(command, tmp_path / "logs")
    until = time.monotonic() + 120
    while len(_marks(output)) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    run.kill()
    before = _marks(output)
    assert len(before) >= 2
    assert not (output / "summary.json").exists()
    assert fork_command(command, tmp_path / "logs").wait() == 0
    after = _marks(output)
    assert {name: after[name] for name in before} == before, "what was finished is not done again"
    scaled(given, JOB, tmp_path / "calm")
    assert tables_of(output) == tables_of(tmp_path / "calm")
