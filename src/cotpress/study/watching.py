"""Who watches a sweep: told of every stage and of every job that is done."""

from __future__ import annotations

from collections.abc import Sequence
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
    """Told what happens."""

    def stage(self, jobs: Sequence[Job], open_jobs: Sequence[Job]) -> None:
        """A stage begins; of its jobs, these are not in the store yet."""

    def finished(self, job: Job, outcome: Outcome) -> None:
        """A job is done, or ended in an error."""

    def done(self) -> None:
        """All stages are through; the tables come next."""


class Quiet:
    """Nobody watches."""

    def stage(self, jobs: Sequence[Job], open_jobs: Sequence[Job]) -> None: ...

    def finished(self, job: Job, outcome: Outcome) -> None: ...

    def done(self) -> None: ...
