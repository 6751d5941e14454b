"""What is known of a sweep while it runs: the state of every cell."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from cotpress.study.events import JobResult
from cotpress.study.jobs import (
    ScoreJob,
    StudyJob,
    Usage,
    get_compression,
    get_compression_group,
    get_produced_group,
    list_score_jobs,
)

WAITING, STORED, DONE, FAILED = "waiting", "stored", "done", "failed"


@dataclass(frozen=True, slots=True)
class JobStatus:
    """A job in a state: `WAITING`, `STORED`, `DONE`, `FAILED`, or what is done at it now; `cell_count` are as many as
    are in that state for it. `seconds` it took so far, about `estimate_seconds_left` it takes from here, and the
    texts cost `cost` US dollars; each None where it is unknown."""

    job: StudyJob
    state: str
    cell_count: int = 1
    seconds: float | None = None
    seconds_left: float | None = None
    cost: float | None = None
    usage: Usage = field(default_factory=Usage)
    error: str = ""


class SweepStatus:
    """Cells are the trainings, or the compressions where no student is trained. A job is for cells, its own or those
    that wait for it, and what is done at it is their state; a compression that is only compared is for none."""

    def __init__(self, workers: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.progress, self._clock = StageProgress(workers), clock
        self.cells: Sequence[StudyJob] = ()
        self.ended_jobs: list[JobStatus] = []  # in the order in which they ended
        self._states: list[str] = []
        self._costs: dict[int, float] = {}
        self._cell_numbers: dict[StudyJob, list[int]] = {}  # numbers of cells
        self._running: dict[StudyJob, tuple[str, float]] = {}  # what is done, and when the job began
        self._ended: set[StudyJob] = set()

    def start_sweep(self, stages: Sequence[Sequence[StudyJob]], stored: Collection[StudyJob]) -> None:
        """All that there is to do, and what of it is in the store."""
        self.cells = next((jobs for jobs in reversed(stages) if jobs), ())
        self._states = [STORED if cell in stored else WAITING for cell in self.cells]
        self._cell_numbers = _map_jobs_to_cells(stages, self.cells)

    def update_job(self, job: StudyJob, doing: str) -> None:
        """This is done at a job from now on."""
        if job not in self._ended:  # the event may come late
            _, since = self._running.get(job, ("", self._clock()))
            self._running[job] = (doing, since)
            self._set_state(doing, job, STORED, FAILED)

    def end_job(self, job: StudyJob, outcome: JobResult) -> None:
        """A job is done, or ended in an error."""
        self.progress.end_job(job, outcome)
        self._running.pop(job, None)
        self._ended.add(job)
        if outcome.usage.cost:
            self._costs |= dict.fromkeys(self._cell_numbers.get(job, ()), outcome.usage.cost)
        state, cells = self._close_cells(job, outcome)
        if cells or (outcome.error and (isinstance(job, ScoreJob) or not self._cell_numbers.get(job))):
            details = (outcome.seconds, None, self._find_cost(job), outcome.usage, outcome.error or "")
            self.ended_jobs.append(JobStatus(job, state, cells, *details))

    def end_sweep(self) -> None:
        """What is under way waits for another run."""
        for job in self._running:
            self._set_state(WAITING, job, STORED, FAILED)
        self._running.clear()

    @property
    def state_counts(self) -> Counter[str]:
        """How many cells are in each state."""
        return Counter(self._states)

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the stage is done, None where it is unknown."""
        return self.progress.estimate_seconds_left(self._clock() - since for _, since in self._running.values())

    def list_running(self) -> list[JobStatus]:
        """The jobs that are worked on, the oldest first."""
        running, now, whole = [], self._clock(), self.progress.seconds_per_job
        for job, (doing, since) in self._running.items():
            cells = sum(self._states[number] == doing for number in self._cell_numbers.get(job, ()))
            left = None if whole is None or whole < now - since else whole - (now - since)
            running.append(JobStatus(job, doing, cells, now - since, left, self._find_cost(job)))
        return running

    def find_cells(self, state: str) -> Iterator[JobStatus]:
        """Cells `WAITING` or `STORED`, in the order of the study."""
        return (JobStatus(cell, state) for cell, here in zip(self.cells, self._states, strict=True) if here == state)

    def _close_cells(self, job: StudyJob, outcome: JobResult) -> tuple[str, int]:
        """What becomes of the job's cells, and of how many. A scoring that failed is tried again by what needs it."""
        if outcome.error and not isinstance(job, ScoreJob):
            return FAILED, self._set_state(FAILED, job, DONE, FAILED)
        if self.cells and type(job) is type(self.cells[0]):
            return DONE, self._set_state(DONE, job, DONE, FAILED)
        self._set_state(WAITING, job, STORED, FAILED)
        return FAILED, 0

    def _set_state(self, state: str, job: StudyJob, *unless: str) -> int:
        """How many of the job's cells got into this state: those that were not in others."""
        numbers = [number for number in self._cell_numbers.get(job, ()) if self._states[number] not in unless]
        for number in numbers:
            self._states[number] = state
        return len(numbers)

    def _find_cost(self, job: StudyJob) -> float | None:
        return next((self._costs[number] for number in self._cell_numbers.get(job, ()) if number in self._costs), None)


def _map_jobs_to_cells(stages: Sequence[Sequence[StudyJob]], cells: Sequence[StudyJob]) -> dict[StudyJob, list[int]]:
    """The numbers of the cells that each job is for."""
    numbers: dict[StudyJob, list[int]] = {job: [] for jobs in stages for job in jobs}
    makers = {get_produced_group(job): job for job in numbers}
    for number, cell in enumerate(cells):
        compression = get_compression(cell)
        ahead = (*list_score_jobs(compression), makers[get_compression_group(compression)]) if compression else ()
        for job in {cell, *ahead}:
            if job is not None:
                numbers[job].append(number)
    return numbers


STAGE_NAMES = ("score", "shorten", "train and evaluate")


class StageProgress:
    """Jobs by condition, and their pace; tokens and US dollars are those of all stages."""

    def __init__(self, workers: int) -> None:
        self.tokens, self.cost = 0, 0.0
        self.total, self.done, self.failed = Counter[str](), Counter[str](), Counter[str]()
        self._workers, self._stage_index, self._open_count = workers, -1, 0
        self._job_seconds: list[float] = []
        self._done_seconds: list[float] = []

    @property
    def stage(self) -> str:
        """What is done now, of `STAGE_NAMES`."""
        return STAGE_NAMES[self._stage_index]

    def start_stage(self, jobs: Sequence[StudyJob], open_jobs: Sequence[StudyJob]) -> None:
        """A stage begins."""
        self._stage_index, self._open_count = self._stage_index + 1, len(open_jobs)
        self._job_seconds, self._done_seconds = [], []
        self.total = Counter(job.condition for job in jobs)
        self.done = self.total - Counter(job.condition for job in open_jobs)
        self.failed = Counter()

    def end_job(self, job: StudyJob, outcome: JobResult) -> None:
        """One of its jobs is done, or ended in an error."""
        self._open_count -= 1
        self._job_seconds += [outcome.seconds] if outcome.seconds else []  # none where it failed with what it needs
        self._done_seconds += [] if outcome.error else [outcome.seconds]
        (self.failed if outcome.error else self.done)[job.condition] += 1
        self.tokens += outcome.usage.tokens
        self.cost += outcome.usage.cost

    @property
    def seconds_per_job(self) -> float | None:
        """Seconds that a job of this stage takes, by those that are done: many fail at once. None before the first."""
        return _mean(self._done_seconds)

    def estimate_seconds_left(self, under_way: Iterable[float] = ()) -> float | None:
        """Seconds until the stage is done, at the pace so far, when jobs are under way for so many seconds; None where
        there is no pace, or nothing left."""
        mean = _mean(self._job_seconds)
        if mean is None or self._open_count < 1:
            return None
        begun = sum(min(seconds, mean) for seconds in under_way)
        return (self._open_count * mean - begun) / min(self._workers, self._open_count)


def _mean(seconds: Sequence[float]) -> float | None:
    return sum(seconds) / len(seconds) if seconds else None
