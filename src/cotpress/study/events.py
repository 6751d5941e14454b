"""Events of a sweep: stages that begin, jobs that begin and end. An observer receives them."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import Protocol

from cotpress.study.artifacts import Artifact
from cotpress.study.jobs import StudyJob, Usage


@dataclass(frozen=True, slots=True)
class JobResult:
    """How a job ended: `error` in one line, None where it is done."""

    seconds: float
    error: str | None = None
    usage: Usage = field(default_factory=Usage)


class SweepObserver(Protocol):
    """Receives the events of a sweep. `update_job` may come from another thread than the rest, and late: after the end
    of its job."""

    def start_sweep(self, stages: Sequence[Sequence[StudyJob]], stored: Collection[StudyJob]) -> None:
        """All that there is to do, by stages, and what of it was found in the store."""

    def start_stage(self, jobs: Sequence[StudyJob], open_jobs: Sequence[StudyJob]) -> None:
        """A stage begins; of its jobs, these are not in the store yet."""

    def update_job(self, job: StudyJob, doing: str) -> None:
        """What is done at a job from now on, in one word: "training"."""

    def end_job(self, job: StudyJob, outcome: JobResult) -> None:
        """A job is done, or ended in an error."""

    def end_sweep(self) -> None:
        """All stages are through and the tables come next, or the run ends early."""


class SilentObserver:
    """An observer that ignores every event."""

    def start_sweep(self, stages: Sequence[Sequence[StudyJob]], stored: Collection[StudyJob]) -> None: ...

    def start_stage(self, jobs: Sequence[StudyJob], open_jobs: Sequence[StudyJob]) -> None: ...

    def update_job(self, job: StudyJob, doing: str) -> None: ...

    def end_job(self, job: StudyJob, outcome: JobResult) -> None: ...

    def end_sweep(self) -> None: ...


JOURNAL_FILE = "journal.jsonl"
JobActivityCallback = Callable[[StudyJob, str], None]
"""Is called with a job and what is done at it from now on, as `SweepObserver.update_job`."""


class Journal:
    """A line for every step that was made or found damaged; several processes append to it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, what: str, step: Artifact, seconds: float) -> None:
        line = json.dumps({"what": what, "kind": step.kind, "key": step.key, "seconds": round(seconds, 3)})
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


@contextmanager
def open_activity_pipe(jobs: Sequence[StudyJob], began: JobActivityCallback) -> Iterator[Connection]:
    """A pipe for `send_activity` in worker processes. A thread of this process calls `began` with what arrives.

    A few bytes get into a pipe whole or not at all, so no lock is needed. A worker that is killed would keep a lock.
    """
    receiver, sender = Pipe(duplex=False)

    def listen() -> None:
        with receiver, suppress(EOFError):  # all who could write are gone
            while True:
                number, doing = receiver.recv_bytes().decode().split(" ", 1)
                began(jobs[int(number)], doing)

    listener = Thread(target=listen, daemon=True)
    listener.start()
    try:
        yield sender
    finally:
        sender.close()
        listener.join(timeout=1.0)


def send_activity(sender: Connection | None, number: int, doing: str) -> None:
    """Say that this is done now at the job of that number."""
    if sender is not None:
        with suppress(OSError):  # nobody listens any more
            sender.send_bytes(f"{number} {doing}".encode())
