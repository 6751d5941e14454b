"""Who does the jobs of a study: this process, or several, whatever a single job dies of."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from cotpress.errors import CotpressError, OptionError
from cotpress.study.artifacts import Artifacts
from cotpress.study.config import Study
from cotpress.study.desk import Desk
from cotpress.study.jobs import Job, Say, Teach
from cotpress.study.telling import JOURNAL, Began, Journal, listening, tell
from cotpress.study.watching import Outcome

CHANCES = 2  # times that a job may be under way when a worker dies; what dies is seldom the job's fault
DIED = "A worker process died at it, as when memory runs out. Try fewer workers, or a smaller batch."


@dataclass(frozen=True, slots=True)
class Labour:
    """How a study is worked on: `workers` are processes, each with its share of the cores; no cell is begun after so
    many `minutes`, None for no limit.

    Raises:
        OptionError: on construction, for no workers or no time.
    """

    workers: int = 1
    minutes: float | None = None

    def __post_init__(self) -> None:
        if self.workers < 1:
            raise OptionError(f"{self.workers} workers do nothing.", "Give 1 or more.")
        if self.minutes is not None and self.minutes <= 0:
            raise OptionError(f"{self.minutes:g} minutes are no time.", "Give more than 0.")


@dataclass(frozen=True)
class Crew:
    """Does jobs, here or in processes: pairs of a job and how it ended, as they come."""

    desk: Desk
    output: Path
    labour: Labour
    until: float | None = None

    @classmethod
    def of(cls, desk: Desk, output: Path, labour: Labour) -> Crew:
        """A crew whose time begins now."""
        until = None if labour.minutes is None else time.monotonic() + 60 * labour.minutes
        return cls(desk, output, labour, until)

    def do(self, jobs: Sequence[Job], began: Began = lambda job, doing: None) -> Iterator[tuple[Job, Outcome]]:
        """In order, as long as there is time; `began` hears what is done at each job, perhaps in another thread."""
        if self.labour.workers == 1 or not jobs:
            yield from ((job, attempt(self.desk, job, partial(began, job))) for job in jobs if not self._late(job))
            return
        left, tries = [job for job in jobs if not self._late(job)], dict.fromkeys(jobs, 0)
        while left:
            done = set()
            for job, outcome in self._in_processes(left, began):
                tries[job] += outcome is None
                if outcome is not None or tries[job] == CHANCES:
                    done.add(job)
                    yield job, outcome or Outcome(0.0, DIED)
            left = [job for job in left if job not in done and not self._late(job)]

    def _in_processes(self, jobs: Sequence[Job], began: Began) -> Iterator[tuple[Job, Outcome | None]]:
        """Outcomes of a pool of processes; None for what was under way when one of them died, which ends the pool."""
        threads = max(1, (os.cpu_count() or 1) // self.labour.workers)
        given = (self.desk.study, self.desk.artifacts.root, self.output / JOURNAL, threads, os.getpid())
        with listening(jobs, began) as told, self._pool(partial(_begin, *given, told)) as pool:
            futures = {pool.submit(_attempt_there, job, number): job for number, job in enumerate(jobs)}
            for future in as_completed(futures):
                if not future.cancelled():
                    try:
                        yield futures[future], future.result()
                    except BrokenProcessPool:
                        yield from self._under_way(futures)
                        return
                for one, job in futures.items():
                    if self._late(job):
                        one.cancel()

    @contextmanager
    def _pool(self, begin: Callable[[], None]) -> Iterator[ProcessPoolExecutor]:
        """Workers; what they have not begun when this is left is not begun any more."""
        pool = ProcessPoolExecutor(self.labour.workers, get_context("spawn"), begin)
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)

    def _under_way(self, futures: dict[Future[Outcome], Job]) -> Iterator[tuple[Job, None]]:
        """The jobs that came first among those that a broken pool failed: it took them in order."""
        failed = [job for one, job in futures.items() if one.done() and not one.cancelled() and one.exception()]
        yield from ((job, None) for job in failed[: self.labour.workers])

    def _late(self, job: Job) -> bool:
        """Whether it is too late to begin with this: cells wait, what the tables need is made in any case."""
        return isinstance(job, Teach) and self.until is not None and time.monotonic() > self.until


_there: Desk | None = None  # a worker's own desk,
_told: Connection | None = None  # and where it tells what it does


def _begin(study: Study, root: Path, journal: Path, threads: int, parent: int, told: Connection | None = None) -> None:
    """Make a worker ready: its share of the cores, its desk, and an eye on its parent."""
    global _there, _told
    os.environ["OMP_NUM_THREADS"] = str(threads)
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    _there, _told = Desk(study, Artifacts(root, Journal(journal))), told
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: int) -> None:
    """A worker whose parent was killed would go on for nobody."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _attempt_there(job: Job, number: int = 0) -> Outcome:
    assert _there is not None  # `_begin` ran first
    return attempt(_there, job, partial(tell, _told, number))


def attempt(desk: Desk, job: Job, say: Say = lambda doing: None) -> Outcome:
    """Do a job, and tell how it ended. A study outlives whatever a single cell dies of."""
    began = time.monotonic()
    try:
        spent = job.do(desk, say)
    except CotpressError as error:
        return Outcome(time.monotonic() - began, str(error))
    except Exception as error:  # of torch, of a trainer: their classes are many
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:500]}"
        return Outcome(time.monotonic() - began, said)
    return Outcome(time.monotonic() - began, None, spent)
