"""Who watches a sweep: told of every stage and of every job that is done."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cotpress.study.jobs import Job, Spent


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended: `error` in one line, None where it is done."""

    seconds: float
    error: str | None = None
    spent: Spent = field(default_factory=Spent)


class Watcher(Protocol):
    """Told what happens. `began` may come from another thread than the rest, and late: after its job has finished."""

    def plan(self, stages: Sequence[Sequence[Job]], stored: Collection[Job]) -> None:
        """All that there is to do, by stages, and what of it was found in the store."""

    def stage(self, jobs: Sequence[Job], open_jobs: Sequence[Job]) -> None:
        """A stage begins; of its jobs, these are not in the store yet."""

    def began(self, job: Job, doing: str) -> None:
        """This is done at a job from now on, in one word: "training"."""

    def finished(self, job: Job, outcome: Outcome) -> None:
        """A job is done, or ended in an error."""

    def done(self) -> None:
        """All stages are through and the tables come next, or the run ends early."""


class Quiet:
    """Nobody watches."""

    def plan(self, stages: Sequence[Sequence[Job]], stored: Collection[Job]) -> None: ...

    def stage(self, jobs: Sequence[Job], open_jobs: Sequence[Job]) -> None: ...

    def began(self, job: Job, doing: str) -> None: ...

    def finished(self, job: Job, outcome: Outcome) -> None: ...

    def done(self) -> None: ...
