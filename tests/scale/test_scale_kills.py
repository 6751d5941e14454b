"""Processes killed at random: the run ends like a calm one, and what was finished before is not done again."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from scale_case import scaled, tables_of, write_shards

from cotpress.pipeline import CompressionSpec
from cotpress.pruning import Method
from cotpress.scale import ScaleConfig, executors
from cotpress.scale.local_workers import LocalWorker, LocalWorkers

JOB = CompressionSpec(Method("nll", "token"))
TWO = ScaleConfig("local", tasks=2, workers=2)


def _marks(output: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in output.glob(".work/*/*.json")}


def test_a_worker_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = write_shards(tmp_path, shards=3, each=3)
    original, killed = LocalWorkers._begin_worker, []

    def doomed(workers: LocalWorkers) -> LocalWorker:
        worker = original(workers)
        if len(killed) != 1 and len(killed) < 3:  # one of the first two, and whoever takes its place
            threading.Timer(random.uniform(0, 0.5), worker.process.kill).start()
        killed.append(worker)
        return worker

    monkeypatch.setattr(LocalWorkers, "_begin_worker", doomed)
    monkeypatch.setattr(executors, "can_fork", lambda: True)
    summary = scaled(given, JOB, tmp_path / "out", TWO)
    monkeypatch.undo()
    assert len(killed) >= 3, "a killed worker is followed by another"
    assert summary["traces"] == summary["compressed"] + summary["rejected"]
    scaled(given, JOB, tmp_path / "calm")
    assert tables_of(tmp_path / "out") == tables_of(tmp_path / "calm")


def test_the_command_itself_is_killed(tmp_path: Path) -> None:
    given, output = write_shards(tmp_path, shards=3, each=3), tmp_path / "out"
    command = [sys.executable, "-m", "cotpress", "compress", *given, "-o", str(output), "--granularity", "token", "-q"]
    command += ["--criterion", JOB.method.criterion]
    command += ["--executor", "local", "--tasks", "2", "--workers", "2", "--store", str(tmp_path / "store")]
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while len(_marks(output)) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    run.kill()
    run.wait()
    before = _marks(output)
    assert len(before) >= 2
    assert not (output / "summary.json").exists()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = _marks(output)
    assert {name: after[name] for name in before} == before, "what was finished is not done again"
    scaled(given, JOB, tmp_path / "calm")
    assert tables_of(output) == tables_of(tmp_path / "calm")
