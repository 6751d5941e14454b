"""Running a study: stage by stage, in one process or several, whatever fails recorded, the tables written last."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from cotpress.errors import CotpressError, OptionError
from cotpress.store import writing
from cotpress.study.artifacts import Artifacts, Step, alone
from cotpress.study.config import Study
from cotpress.study.desk import Desk
from cotpress.study.jobs import Job, Teach, is_done, made_by, made_together, stages, waits_for
from cotpress.study.plan import cells, compressions
from cotpress.study.tabulating import write_tables
from cotpress.study.watching import Outcome, Quiet, Watcher

TABLES, JOURNAL, SETTINGS = "tables", "journal.jsonl", "study.json"


@dataclass(frozen=True, slots=True)
class Sweep:
    """A run: where its tables are, cells that failed with their errors, cells left open, and the seconds it took."""

    tables: Path
    failed: dict[str, str]
    left: int
    seconds: float


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


def sweep(
    study: Study,
    output: Path,
    *,
    store: Path | None = None,
    labour: Labour | None = None,
    watch: Watcher | None = None,
) -> Sweep:
    """Do what the study asks for and is not in the store, then write its tables.

    `store` keeps finished steps and is shared between studies; by default it is in `output`. Stopped at any point,
    the same call continues.

    Raises:
        OutputError: another process runs in `output`, or it cannot be written.
        InputError, ModelError: the study's traces or scorers cannot be read. What fails in single cells is recorded.
    """
    began, watch, labour = time.monotonic(), watch or Quiet(), labour or Labour()
    place = store or output / "steps"
    with alone(output):
        with writing(output / SETTINGS) as path:
            path.write_text(study.model_dump_json(indent=2) + "\n", encoding="utf-8")
        desk = Desk(study, Artifacts(place, Journal(output / JOURNAL)))
        with _crew(desk, output, labour) as crew:
            failed = _run(desk, crew, watch)
        write_tables(desk, output / TABLES, failed)
        left = sum(not is_done(desk, Teach(cell)) and cell.name not in failed for cell in cells(study))
        desk.close()
    return Sweep(output / TABLES, failed, left, time.monotonic() - began)


class Journal:
    """A line for every step that was made or found damaged; several processes append to it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, what: str, step: Step, seconds: float) -> None:
        line = json.dumps({"what": what, "kind": step.kind, "key": step.key, "seconds": round(seconds, 3)})
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


class _Crew:
    """Does jobs, here or in processes: pairs of a job and how it ended, as they come."""

    def __init__(self, desk: Desk, pool: ProcessPoolExecutor | None, minutes: float | None) -> None:
        self._desk, self._pool = desk, pool
        self._until = None if minutes is None else time.monotonic() + 60 * minutes

    def do(self, jobs: Sequence[Job]) -> Iterator[tuple[Job, Outcome]]:
        """In order, as long as there is time."""
        if self._pool is None:
            yield from ((job, attempt(self._desk, job)) for job in jobs if not self._late(job))
            return
        futures = {self._pool.submit(_attempt_there, job): job for job in jobs}
        for future in as_completed(futures):
            if not future.cancelled():
                yield futures[future], future.result()
            for one, job in futures.items():
                if self._late(job):
                    one.cancel()

    def _late(self, job: Job) -> bool:
        """Whether it is too late to begin with this: cells wait, what the tables need is made in any case."""
        return isinstance(job, Teach) and self._until is not None and time.monotonic() > self._until


@contextmanager
def _crew(desk: Desk, output: Path, labour: Labour) -> Iterator[_Crew]:
    if labour.workers == 1:
        yield _Crew(desk, None, labour.minutes)
        return
    threads = max(1, (os.cpu_count() or 1) // labour.workers)
    given = (desk.study, desk.artifacts.root, output / JOURNAL, threads, os.getpid())
    pool = ProcessPoolExecutor(labour.workers, get_context("spawn"), _begin, given)
    try:
        yield _Crew(desk, pool, labour.minutes)
    finally:
        pool.shutdown(cancel_futures=True)


_there: Desk | None = None  # a worker's own desk


def _begin(study: Study, root: Path, journal: Path, threads: int, parent: int) -> None:
    """Make a worker ready: its share of the cores, its desk, and an eye on its parent."""
    global _there
    os.environ["OMP_NUM_THREADS"] = str(threads)
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    _there = Desk(study, Artifacts(root, Journal(journal)))
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: int) -> None:
    """A worker whose parent was killed would go on for nobody."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _attempt_there(job: Job) -> Outcome:
    assert _there is not None  # `_begin` ran first
    return attempt(_there, job)


def attempt(desk: Desk, job: Job) -> Outcome:
    """Do a job, and tell how it ended. A study outlives whatever a single cell dies of."""
    began = time.monotonic()
    try:
        spent = job.do(desk)
    except CotpressError as error:
        return Outcome(time.monotonic() - began, str(error))
    except Exception as error:  # of torch, of a trainer: their classes are many
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:500]}"
        return Outcome(time.monotonic() - began, said)
    return Outcome(time.monotonic() - began, None, spent)


def _run(desk: Desk, crew: _Crew, watch: Watcher) -> dict[str, str]:
    """All stages; the errors of compressions and cells by name."""
    for condition in desk.study.conditions:
        desk.material(condition)  # unreadable input ends the run before anything is computed
    broken: dict[tuple[object, ...], str] = {}
    failed: dict[str, str] = {}
    for jobs in stages(desk):
        open_jobs = []
        for job in jobs:
            if error := broken.get(waits_for(job)):
                failed[job.name] = error
            elif not is_done(desk, job):
                open_jobs.append(job)
        watch.stage(jobs, open_jobs)
        for job, outcome in crew.do(open_jobs):
            watch.finished(job, outcome)
            if error := outcome.error:
                broken |= {made_by(job): error} if made_by(job) else {}
                failed |= {job.name: error} if isinstance(job, Teach) else {}
    failed |= {way.name: broken[key] for way in compressions(desk.study) if (key := made_together(way)) in broken}
    watch.done()
    return failed
