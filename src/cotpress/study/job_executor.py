"""Does the jobs of a study, in this process or in several. A job that fails or kills its worker stops no other."""

from __future__ import annotations

import os
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
from cotpress.pipeline.worker_pool import end_with_parent
from cotpress.study.artifacts import ArtifactStore
from cotpress.study.config import Study
from cotpress.study.context import StudyContext
from cotpress.study.events import (
    JOURNAL_FILE,
    JobActivityCallback,
    JobResult,
    Journal,
    open_activity_pipe,
    send_activity,
)
from cotpress.study.jobs import ActivityCallback, StudyJob, TrainJob

MAX_ATTEMPTS = 2  # times that a job may be under way when a worker dies; what dies is seldom the job's fault
WORKER_DIED_MESSAGE = "A worker process died at it, as when memory runs out. Try fewer workers, or a smaller batch."


@dataclass(frozen=True, slots=True)
class ExecutorConfig:
    """How the jobs of a study are done.

    Args:
        workers: processes, each with its share of the cores; 1 or more.
        minutes: no cell is begun later than this; None for no limit.

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
class JobExecutor:
    """Does jobs, here or in processes: pairs of a job and how it ended, as they come."""

    context: StudyContext
    output: Path
    config: ExecutorConfig
    deadline: float | None = None

    @classmethod
    def from_config(cls, context: StudyContext, output: Path, config: ExecutorConfig) -> JobExecutor:
        """An executor whose time begins now."""
        until = None if config.minutes is None else time.monotonic() + 60 * config.minutes
        return cls(context, output, config, until)

    def run(
        self, jobs: Sequence[StudyJob], began: JobActivityCallback = lambda job, doing: None
    ) -> Iterator[tuple[StudyJob, JobResult]]:
        """Do the jobs in order, as long as there is time. `began` is called with what is done at each job,
        perhaps in another thread."""
        if self.config.workers == 1 or not jobs:
            yield from (
                (job, run_job(self.context, job, partial(began, job))) for job in jobs if not self._is_too_late(job)
            )
            return
        left, tries = [job for job in jobs if not self._is_too_late(job)], dict.fromkeys(jobs, 0)
        while left:
            done = set()
            for job, outcome in self._run_in_processes(left, began):
                tries[job] += outcome is None
                if outcome is not None or tries[job] == MAX_ATTEMPTS:
                    done.add(job)
                    yield job, outcome or JobResult(0.0, WORKER_DIED_MESSAGE)
            left = [job for job in left if job not in done and not self._is_too_late(job)]

    def _run_in_processes(
        self, jobs: Sequence[StudyJob], began: JobActivityCallback
    ) -> Iterator[tuple[StudyJob, JobResult | None]]:
        """Outcomes of a pool of processes; None for what was under way when one of them died, which ends the pool."""
        threads = max(1, (os.cpu_count() or 1) // self.config.workers)
        settings = (self.context.study, self.context.artifacts.root, self.output / JOURNAL_FILE, threads, os.getpid())
        with (
            open_activity_pipe(jobs, began) as sender,
            self._open_pool(partial(_start_worker, *settings, sender)) as pool,
        ):
            futures = {pool.submit(_run_job_in_worker, job, number): job for number, job in enumerate(jobs)}
            for future in as_completed(futures):
                if not future.cancelled():
                    try:
                        yield futures[future], future.result()
                    except BrokenProcessPool:
                        yield from self._find_interrupted(futures)
                        return
                for other, job in futures.items():
                    if self._is_too_late(job):
                        other.cancel()

    @contextmanager
    def _open_pool(self, begin: Callable[[], None]) -> Iterator[ProcessPoolExecutor]:
        """Workers; what they have not begun when this is left is not begun any more."""
        pool = ProcessPoolExecutor(self.config.workers, get_context("spawn"), begin)
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)

    def _find_interrupted(self, futures: dict[Future[JobResult], StudyJob]) -> Iterator[tuple[StudyJob, None]]:
        """The jobs that came first among those that a broken pool failed: it took them in order."""
        failed = [
            job for future, job in futures.items() if future.done() and not future.cancelled() and future.exception()
        ]
        yield from ((job, None) for job in failed[: self.config.workers])

    def _is_too_late(self, job: StudyJob) -> bool:
        """Whether it is too late to begin with this: cells wait, what the tables need is made in any case."""
        return isinstance(job, TrainJob) and self.deadline is not None and time.monotonic() > self.deadline


_worker_context: StudyContext | None = None  # a worker's own context
_worker_connection: Connection | None = None  # where it says what it does


def _start_worker(
    study: Study, root: Path, journal: Path, threads: int, parent: int, sender: Connection | None = None
) -> None:
    """Make a worker ready: its share of the cores, its context, and a thread that ends it with its parent."""
    global _worker_context, _worker_connection
    os.environ["OMP_NUM_THREADS"] = str(threads)
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    _worker_context, _worker_connection = StudyContext(study, ArtifactStore(root, Journal(journal))), sender
    end_with_parent(parent)


def _run_job_in_worker(job: StudyJob, number: int = 0) -> JobResult:
    assert _worker_context is not None  # `_start_worker` ran first
    return run_job(_worker_context, job, partial(send_activity, _worker_connection, number))


def run_job(context: StudyContext, job: StudyJob, say: ActivityCallback = lambda doing: None) -> JobResult:
    """Do a job and return how it ended. An error of one job does not end the study."""
    began = time.monotonic()
    try:
        usage = job.run(context, say)
    except CotpressError as error:
        return JobResult(time.monotonic() - began, str(error))
    except Exception as error:  # of torch, of a trainer: their classes are many
        line = f"{type(error).__name__}: {' '.join(str(error).split())[:500]}"
        return JobResult(time.monotonic() - began, line)
    return JobResult(time.monotonic() - began, None, usage)
