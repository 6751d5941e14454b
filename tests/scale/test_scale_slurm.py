"""Slurm: the scripts that are submitted, and what their tasks do when they are run as Slurm would run them."""

from __future__ import annotations

import os
import re
import stat
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from scale_case import plan_of, scaled, tables_of, write_shards

from cotpress.pipeline import Amount, Job, Silent
from cotpress.prune import Method
from cotpress.scale import Engine, Queue, Resources, run_shards

JOB = Job(Method("nll", "token"), Amount(("0.5",), corpus=True))
ENGINE = Engine("slurm", tasks=2, workers=2, resources=Resources(4, 3, 1), queue=Queue("gpu", "01:00:00"))
SBATCH = """#!/bin/sh
count=$(ls "$SUBMITTED" | wc -l)
for last; do :; done
{ echo "#ARGUMENTS $*"; cat "$last"; } > "$SUBMITTED/$(printf %03d "$count")"
echo "Submitted batch job $((1000 + count))"
"""


@pytest.fixture
def submitted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that the scripts handed to sbatch are put in."""
    commands, folder = tmp_path / "bin", tmp_path / "submitted"
    commands.mkdir()
    folder.mkdir()
    (commands / "sbatch").write_text(SBATCH)
    (commands / "sbatch").chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", f"{commands}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("SUBMITTED", str(folder))
    return folder


def _jobs(folder: Path) -> list[tuple[int, str]]:
    """(number, script) of every job but datatrove's own, which adds up statistics."""
    scripts = [(1000 + int(path.name), path.read_text()) for path in sorted(folder.iterdir())]
    return [(number, text) for number, text in scripts if "launch_pickled_pipeline" in text]


def _run(script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every task of a job's array, as the script's last line does."""
    dill: Any = pytest.importorskip("dill")
    pickled = Path(re.search(r"launch_pickled_pipeline (\S+)", script)[1])  # type: ignore[index]
    last = int(re.search(r"--array=0-(\d+)", script)[1])  # type: ignore[index]
    for task in range(last + 1):
        monkeypatch.setenv("SLURM_ARRAY_TASK_ID", str(task))
        monkeypatch.setenv("SLURM_NODELIST", "localhost")
        with pickled.open("rb") as file, monkeypatch.context() as inside:
            inside.setattr("datatrove.executor.slurm.expand_slurm_nodelist", lambda text: [text])
            dill.load(file).run()
    monkeypatch.delenv("SLURM_ARRAY_TASK_ID")


def test_the_scripts_and_what_they_do(submitted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = write_shards(tmp_path)
    assert run_shards(plan_of(given, JOB, tmp_path / "out"), ENGINE, Silent()) is None
    jobs = _jobs(submitted)
    names = [re.search(r"--job-name=cotpress-(\S+)", text)[1] for _, text in jobs]  # type: ignore[index]
    passes = ("ids", "sample", "survey", "outcomes")
    assert names == [name for one in passes for name in (one, f"{one}-joint")]
    for (number, _), (_, text) in pairwise(jobs):
        assert f"--dependency=afterany:{number}" in text.splitlines()[0], "a chain"
    last = jobs[names.index("outcomes")][1]
    for directive in ("partition=gpu", "array=0-1%2", "gpus=1", "cpus-per-task=4", "mem-per-cpu=3G", "time=01:00:00"):
        assert f"#SBATCH --{directive}" in last
    assert "--gpus" not in jobs[0][1], "reading takes no GPU"
    for _, text in jobs:
        _run(text, monkeypatch)
    scaled(given, JOB, tmp_path / "local")
    assert tables_of(tmp_path / "out") == tables_of(tmp_path / "local")
    assert (tmp_path / "out" / "summary.json").is_file()
