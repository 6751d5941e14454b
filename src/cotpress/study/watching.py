"""Who watches a sweep: told of every stage and of every job that is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from cotpress.study.jobs import Job


class Watcher(Protocol):
    """Told what happens."""

    def stage(self, jobs: Sequence[Job], open_jobs: Sequence[Job]) -> None:
        """A stage begins; of its jobs, these are not in the store yet."""

    def finished(self, job: Job, error: str | None) -> None:
        """A job is done, or ended in an error."""

    def done(self) -> None:
        """All stages are through; the tables come next."""


class Quiet:
    """Nobody watches."""

    def stage(self, jobs: Sequence[Job], open_jobs: Sequence[Job]) -> None: ...

    def finished(self, job: Job, error: str | None) -> None: ...

    def done(self) -> None: ...
