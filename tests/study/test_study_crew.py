"""A crew of processes outlives whatever one of them dies of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from deadly_job import Dies, Lives

from cotpress.errors import OptionError
from cotpress.study import Labour, Study
from cotpress.study.artifacts import Artifacts
from cotpress.study.crew import CHANCES, DIED, Crew
from cotpress.study.desk import Desk


def test_a_worker_that_dies_takes_its_job_alone_with_it(shortening: Study, tmp_path: Path) -> None:
    crew = Crew.of(Desk(shortening, Artifacts(tmp_path)), tmp_path, Labour(workers=2))
    jobs: list[Any] = [Dies(), *(Lives(f"{number}") for number in range(5))]
    heard: list[tuple[str, str]] = []
    ended = dict(crew.do(jobs, lambda job, doing: heard.append((job.name, doing))))
    assert set(ended) == set(jobs)
    assert ended[jobs[0]].error == DIED
    # a job that was under way beside it may share its fate, for it cannot be told apart
    done = [job.name for job, outcome in ended.items() if outcome.error is None]
    assert len(done) >= 4
    assert heard.count(("dies", "dying")) == CHANCES
    assert {(name, "living") for name in done} <= set(heard)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_done_at_each_job_is_heard(shortening: Study, tmp_path: Path, workers: int) -> None:
    crew = Crew.of(Desk(shortening, Artifacts(tmp_path)), tmp_path, Labour(workers))
    jobs: list[Any] = [Lives(f"{number}") for number in range(300)]
    heard: list[tuple[Any, str]] = []
    assert len(list(crew.do(jobs, lambda job, doing: heard.append((job, doing))))) == 300
    assert sorted(heard, key=str) == sorted(((job, "living") for job in jobs), key=str)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_workers_go_on_when_nobody_can_hear_them(shortening: Study, tmp_path: Path) -> None:
    def deaf(job: Any, doing: str) -> None:
        raise ValueError

    crew = Crew.of(Desk(shortening, Artifacts(tmp_path)), tmp_path, Labour(workers=2))
    jobs: list[Any] = [Lives(f"{number}") for number in range(50)]
    assert all(outcome.error is None for _, outcome in crew.do(jobs, deaf))


@pytest.mark.parametrize("wrong", [{"workers": 0}, {"minutes": 0.0}, {"minutes": -1.0}])
def test_labour_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(OptionError):
        Labour(**wrong)
