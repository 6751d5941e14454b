"""A study's scoring by itself, in parts that other processes and machines can do."""

from __future__ import annotations

from pathlib import Path

from cotpress.study.artifacts import Artifacts
from cotpress.study.config import Study
from cotpress.study.desk import Desk
from cotpress.study.jobs import Score, stages
from cotpress.study.shortening import score_part


class Scores:
    """What of a study is scored by models, into a store that all who share the work can write to."""

    def __init__(self, study: Study, store: Path) -> None:
        self._desk = Desk(study, Artifacts(store))
        first = next(stages(self._desk))
        self._jobs = [job for job in first if isinstance(job, Score) and self._desk.is_modelled(job.needs)]

    def __len__(self) -> int:
        """How many traces there are to score; one counts for each model that scores it."""
        return sum(len(self._desk.material(job.condition).traces) for job in self._jobs)

    def do(self, part: int, parts: int) -> int:
        """Every `parts`-th trace from number `part` on, those that are stored left out; how many were looked at.

        Raises:
            CotpressError: the traces or the models cannot be read.
        """
        return sum(score_part(self._desk, job.condition, job.needs, part, parts) for job in self._jobs)
