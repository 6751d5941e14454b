"""A real Slurm on this machine, where Debian's slurm-wlm is installed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from scale_case import plan_of, scaled, tables_of, write_shards
from scored_study import STUDY, stored
from slurm_here import PARTITION, missing, queue, running
from waiting import python_running, until

from cotpress.progress import Silent

pytest.importorskip("datatrove", reason="scale-out needs the extra 'scale'")

from cotpress.pipeline import BudgetConfig, CompressionSpec
from cotpress.pruning import Method
from cotpress.scale import ScaleConfig, SlurmQueue, TaskResources, run_shards, score_study

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(missing()), reason=missing()), pytest.mark.timeout(600)]

JOB = CompressionSpec(Method("nll", "token"), BudgetConfig(("0.5",), corpus=True))
ENGINE = ScaleConfig(
    "slurm", tasks=2, workers=2, resources=TaskResources(memory=1), queue=SlurmQueue(PARTITION, "00:10:00")
)
TASK = "launch_pickled_pipeline"


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with running(tmp_path_factory.mktemp("slurm")) as path:
        yield path


@pytest.fixture(autouse=True)
def _commands(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLURM_CONF", str(config))


def test_the_output_is_that_of_one_machine_though_a_task_was_killed(tmp_path: Path) -> None:
    given = write_shards(tmp_path)
    assert run_shards(plan_of(given, JOB, tmp_path / "out", 2), ENGINE, Silent()) is None
    until(lambda: python_running(TASK))
    for process in python_running(TASK):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    until(lambda: not queue())
    assert not (tmp_path / "out" / "summary.json").exists(), "what is unfinished has no summary"
    assert run_shards(plan_of(given, JOB, tmp_path / "out", 2), ENGINE, Silent()) is None
    until(lambda: not queue())
    scaled(given, JOB, tmp_path / "here", split=2)
    assert tables_of(tmp_path / "out") == tables_of(tmp_path / "here")
    assert (tmp_path / "out" / "summary.json").is_file()


def test_the_scoring_of_a_study(tmp_path: Path) -> None:
    study = pytest.importorskip("cotpress.study", reason="studies need the extra 'study'")
    assert not score_study(study.parse_study(STUDY, "scored"), tmp_path, ENGINE, Silent())
    until(lambda: not queue())
    assert stored(tmp_path) == [12, 12]
