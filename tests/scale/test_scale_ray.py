"""A real Ray cluster on this machine."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scale_case import scaled, tables_of, write_shards
from scored_study import STUDY, stored
from waiting import python_running, until

from cotpress.pipeline import CompressionSpec
from cotpress.progress import Silent
from cotpress.pruning import Method
from cotpress.scale import ScaleConfig, TaskResources, score_study

ray: Any = pytest.importorskip("ray", reason="ray is not installed (extra: ray)")

CHILD = "cotpress.scale.child"


@pytest.fixture
def cluster() -> Iterator[None]:
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    yield
    ray.shutdown()


@pytest.mark.timeout(900)
@pytest.mark.usefixtures("cluster")
def test_the_output_is_that_of_the_local_executor(tmp_path: Path) -> None:
    given, job = write_shards(tmp_path), CompressionSpec(Method("nll", "token"))
    scaled(given, job, tmp_path / "ray", ScaleConfig("ray", tasks=2, workers=2, resources=TaskResources(memory=1)))
    scaled(given, job, tmp_path / "local")
    assert tables_of(tmp_path / "ray") == tables_of(tmp_path / "local")


@pytest.mark.timeout(900)
@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize("who", [CHILD, "ray::RankWorker"])
def test_a_worker_is_killed(who: str, tmp_path: Path) -> None:
    """The process that does the work, or Ray's own around it."""
    given, job = write_shards(tmp_path, shards=4, each=3), CompressionSpec(Method("nll", "token"))
    killed: list[int] = []

    def kill() -> None:
        until(lambda: python_running(CHILD))
        killed.append(_first(who))
        os.kill(killed[0], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    scaled(given, job, tmp_path / "ray", ScaleConfig("ray", tasks=2, workers=2, resources=TaskResources(memory=1)))
    killer.join()
    assert killed
    scaled(given, job, tmp_path / "local")
    assert tables_of(tmp_path / "ray") == tables_of(tmp_path / "local")


def _first(who: str) -> int:
    """A process that does the work, or the actor above it; between them is a pool of datatrove's."""
    child = python_running(CHILD)[0]
    return child if who == CHILD else _parent(_parent(child))


def _parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


@pytest.mark.timeout(900)
@pytest.mark.usefixtures("cluster")
def test_the_scoring_of_a_study(tmp_path: Path) -> None:
    study = pytest.importorskip("cotpress.study", reason="studies need the extra 'study'")
    engine = ScaleConfig("ray", tasks=2, workers=2, resources=TaskResources(memory=1))
    assert score_study(study.parse_study(STUDY, "scored"), tmp_path, engine, Silent())
    assert stored(tmp_path) == [12, 12]
