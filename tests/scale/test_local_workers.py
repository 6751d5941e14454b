"""Workers of this machine: few processes for many tasks, and another one for each that dies."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from deadly_call import Deadly, Orphaning

from cotpress.progress import Silent
from cotpress.scale.local_workers import LocalWorker, open_local_workers


@dataclass(frozen=True)
class Noting:
    """A step whose tasks note who did them."""

    folder: Path
    log_folder: str = ""

    def get_size(self, rank: int, tasks: int) -> int:
        return 1

    def with_attempt(self, attempt: int) -> Noting:
        return self

    def with_parent(self, parent: int) -> Noting:
        return self

    def __call__(self, data: Any = None, rank: int = 0, world_size: int = 1) -> None:
        (self.folder / f"{rank}-{world_size}").write_text(str(os.getpid()))


@dataclass(frozen=True)
class Call:
    """One task of a step."""

    step: Noting
    rank: int

    def __call__(self) -> None:
        self.step(None, self.rank, 9)


def test_two_processes_do_the_tasks_of_two_steps(tmp_path: Path) -> None:
    with open_local_workers(2) as workers:
        for _ in range(2):
            workers.run(Noting(tmp_path), 9, lambda step, rank: Call(Noting(tmp_path), rank), Silent())
    doers = {path.read_text() for path in tmp_path.iterdir()}
    assert len(list(tmp_path.iterdir())) == 9
    assert len(doers) <= 2
    assert str(os.getpid()) not in doers


@pytest.mark.parametrize(("times", "calls"), [(1, 2), (9, 3)])
def test_a_task_that_kills_its_worker_is_begun_again_and_then_given_up(times: int, calls: int, tmp_path: Path) -> None:
    deadly = Deadly(str(tmp_path / "calls"), times)
    with open_local_workers(1) as workers:
        workers.run(Noting(tmp_path), 1, lambda step, rank: deadly, Silent())
        workers.run(Noting(tmp_path), 1, lambda step, rank: Call(Noting(tmp_path), rank), Silent())
    assert len((tmp_path / "calls").read_text()) == calls
    assert (tmp_path / "0-9").exists(), "a worker that died is followed by another"


def test_a_dead_worker_is_noticed_though_a_process_it_began_holds_its_connection(tmp_path: Path) -> None:
    begun = time.monotonic()
    with open_local_workers(1) as workers:
        workers.run(Noting(tmp_path), 1, lambda step, rank: Orphaning(str(tmp_path / "calls")), Silent())
    assert (tmp_path / "calls").read_text() == "xx"
    assert time.monotonic() - begun < 20


def test_a_worker_ends_with_the_process_that_began_it() -> None:
    worker = LocalWorker([])
    worker.connection.close()
    worker.process.join(30)
    assert worker.process.exitcode == 0


def test_no_worker_is_left_after_an_error() -> None:
    processes: list[Any] = []

    def fail() -> None:
        with open_local_workers(2) as workers:
            processes.extend(worker.process for worker in workers._idle)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert len(processes) == 2
    assert not any(process.is_alive() for process in processes)
