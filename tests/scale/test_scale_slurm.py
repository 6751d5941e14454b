"""Slurm: the scripts that are submitted, and what their tasks do when they are run as Slurm would run them."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from scale_case import plan_of, scaled, tables_of, write_shards
from slurm_case import jobs_in, run_script

from cotpress.pipeline import BudgetConfig, CompressionSpec
from cotpress.progress import Silent
from cotpress.pruning import Method
from cotpress.scale import ScaleConfig, SlurmQueue, TaskResources, run_shards

JOB = CompressionSpec(Method("nll", "token"), BudgetConfig(("0.5",), corpus=True))
ENGINE = ScaleConfig("slurm", tasks=2, workers=2, resources=TaskResources(4, 3, 1), queue=SlurmQueue("gpu", "01:00:00"))


def test_the_scripts_and_what_they_do(submitted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = write_shards(tmp_path)
    assert run_shards(plan_of(given, JOB, tmp_path / "out"), ENGINE, Silent()) is None
    jobs = jobs_in(submitted)
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
        run_script(text, monkeypatch)
    scaled(given, JOB, tmp_path / "local")
    assert tables_of(tmp_path / "out") == tables_of(tmp_path / "local")
    assert (tmp_path / "out" / "summary.json").is_file()
