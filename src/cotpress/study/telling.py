"""What workers tell the process that began them: the steps that they made, and what they are at."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread

from cotpress.study.artifacts import Step
from cotpress.study.jobs import Job

JOURNAL = "journal.jsonl"
Began = Callable[[Job, str], None]
"""Hears what is done at a job from now on, as `Watcher.began`."""


class Journal:
    """A line for every step that was made or found damaged; several processes append to it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, what: str, step: Step, seconds: float) -> None:
        line = json.dumps({"what": what, "kind": step.kind, "key": step.key, "seconds": round(seconds, 3)})
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


@contextmanager
def listening(jobs: Sequence[Job], began: Began) -> Iterator[Connection]:
    """A pipe for workers to `tell` into; `began` hears of it in a thread.

    A few bytes get into a pipe whole or not at all, so that no lock is needed: a worker that is killed would keep it.
    """
    heard, told = Pipe(duplex=False)

    def listen() -> None:
        with heard, suppress(EOFError):  # all who could write are gone
            while True:
                number, doing = heard.recv_bytes().decode().split(" ", 1)
                began(jobs[int(number)], doing)

    listener = Thread(target=listen, daemon=True)
    listener.start()
    try:
        yield told
    finally:
        told.close()
        listener.join(timeout=1.0)


def tell(told: Connection | None, number: int, doing: str) -> None:
    """Say that this is done now at the job of that number."""
    if told is not None:
        with suppress(OSError):  # nobody listens any more
            told.send_bytes(f"{number} {doing}".encode())
