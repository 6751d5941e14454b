"""A crew of processes outlives whatever one of them dies of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from deadly_job import Dies, Lives

from cotpress.errors import OptionError
from cotpress.study import ExecutorConfig, Study
from cotpress.study.artifacts import ArtifactStore
from cotpress.study.context import StudyContext
from cotpress.study.job_executor import MAX_ATTEMPTS, WORKER_DIED_MESSAGE, JobExecutor


def test_a_worker_that_dies_takes_its_job_alone_with_it(shortening: Study, tmp_path: Path) -> None:
    crew = JobExecutor.from_config(
        StudyContext(shortening, ArtifactStore(tmp_path)), tmp_path, ExecutorConfig(workers=2)
    )
    jobs: list[Any] = [Dies(), *(Lives(f"{number}") for number in range(5))]
    heard: list[tuple[str, str]] = []
    ended = dict(crew.run(jobs, lambda job, doing: heard.append((job.name, doing))))
    assert set(ended) == set(jobs)
    assert ended[jobs[0]].error == WORKER_DIED_MESSAGE
    # a job that was under way beside it may share its fate, for it cannot be told apart
    done = [job.name for job, outcome in ended.items() if outcome.error is None]
    assert len(done) >= 4
    assert heard.count(("dies", "dying")) == MAX_ATTEMPTS
    assert {(name, "living") for name in done} <= set(heard)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_done_at_each_job_is_heard(shortening: Study, tmp_path: Path, workers: int) -> None:
    crew = JobExecutor.from_config(StudyContext(shortening, ArtifactStore(tmp_path)), tmp_path, ExecutorConfig(workers))
    jobs: list[Any] = [Lives(f"{number}") for number in range(300)]
    heard: list[tuple[Any, str]] = []
    assert len(list(crew.run(jobs, lambda job, doing: heard.append((job, doing))))) == 300
    assert sorted(heard, key=str) == sorted(((job, "living") for job in jobs), key=str)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_workers_go_on_when_nobody_can_hear_them(shortening: Study, tmp_path: Path) -> None:
    def deaf(job: Any, doing: str) -> None:
        raise ValueError

    crew = JobExecutor.from_config(
        StudyContext(shortening, ArtifactStore(tmp_path)), tmp_path, ExecutorConfig(workers=2)
    )
    jobs: list[Any] = [Lives(f"{number}") for number in range(50)]
    assert all(outcome.error is None for _, outcome in crew.run(jobs, deaf))


@pytest.mark.parametrize("wrong", [{"workers": 0}, {"minutes": 0.0}, {"minutes": -1.0}])
def test_settings_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(OptionError):
        ExecutorConfig(**wrong)
