"""A crew of processes outlives whatever one of them dies of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from deadly_job import Dies, Lives

from cotpress.errors import OptionError
from cotpress.study import Labour, Study
from cotpress.study.artifacts import Artifacts
from cotpress.study.crew import DIED, Crew
from cotpress.study.desk import Desk


def test_a_worker_that_dies_takes_its_job_alone_with_it(shortening: Study, tmp_path: Path) -> None:
    crew = Crew.of(Desk(shortening, Artifacts(tmp_path)), tmp_path, Labour(workers=2))
    jobs: list[Any] = [Dies(), *(Lives(f"{number}") for number in range(5))]
    ended = dict(crew.do(jobs))
    assert set(ended) == set(jobs)
    assert ended[jobs[0]].error == DIED
    # a job that was under way beside it may share its fate, for it cannot be told apart
    assert sum(outcome.error is None for outcome in ended.values()) >= 4


@pytest.mark.parametrize("wrong", [{"workers": 0}, {"minutes": 0.0}, {"minutes": -1.0}])
def test_labour_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(OptionError):
        Labour(**wrong)
