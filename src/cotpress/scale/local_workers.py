"""Processes of this machine that do one task after the other, in every pass of a run.

They are forked before the first pass: what this process has imported is not imported again, and a model that a worker
has loaded serves all of its tasks. One that is killed is followed by another, which does its task again.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Final

from cotpress.progress import Progress
from cotpress.scale.tasks import MAX_TASK_ATTEMPTS, TaskSet

_UNFORKABLE: Final = ("torch", "ray")  # libraries with threads that do not survive a fork
_LOOK_AFTER: Final = 1.0  # seconds after which it is looked whether a silent worker lives

MakeCall = Callable[[TaskSet, int], Callable[[], object]]
"""Gives the call that does task `rank` of a step in a worker."""


def can_fork() -> bool:
    """Whether this process can be forked, and holds nothing that a fork would break."""
    methods = multiprocessing.get_all_start_methods()
    return "fork" in methods and not any(name in sys.modules for name in _UNFORKABLE)


class LocalWorker:
    """A process that calls what it is sent, until its connection is closed.

    Args:
        others: connections to other workers; this one must not hold them open.
    """

    def __init__(self, others: Sequence[Connection]) -> None:
        context: Any = multiprocessing.get_context("fork")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, [self.connection, *others]))
        self.process.start()
        theirs.close()

    def send(self, call: Callable[[], object]) -> None:
        """Send the worker a call. `receive` says when it has ended, also where the worker is dead already."""
        try:
            self.connection.send(call)
        except OSError:
            self.process.kill()

    def receive(self) -> bool:
        """Whether what was sent was called to its end; False where the process has ended over it."""
        try:
            return self.connection.poll() and bool(self.connection.recv())
        except (EOFError, OSError):
            return False

    def end(self, at_once: bool) -> None:
        """Let it go: once it has nothing to do, or now."""
        if at_once:
            self.process.kill()
        self.connection.close()
        self.process.join()


def _serve(connection: Connection, others: Sequence[Connection]) -> None:
    """The life of a worker. What a call raises ends it, and is printed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the business of the process that began it
    for other in others:
        other.close()
    while True:
        try:
            call = connection.recv()
        except EOFError:
            return
        call()
        with suppress(OSError):  # the process that waited for it has ended: the next line says so
            connection.send(True)


@dataclass(frozen=True, slots=True)
class _Begun:
    """A task under way."""

    worker: LocalWorker
    rank: int
    attempt: int


class LocalWorkers:
    """So many workers, which share out the tasks of one step after another.

    Args:
        count: how many.
    """

    def __init__(self, count: int) -> None:
        os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // count)))
        self._idle: list[LocalWorker] = []
        self._begun: dict[Connection, _Begun] = {}
        self._count = count
        for _ in range(count):
            self._idle.append(self._begin_worker())

    def run(self, step: TaskSet, tasks: int, make_call: MakeCall, progress: Progress) -> None:
        """Do all tasks of a step. One that ends its worker `MAX_TASK_ATTEMPTS` times is given up.

        Args:
            step: what is done.
            tasks: how many tasks it is divided into.
            make_call: what a worker calls for a task.
            progress: receives what happens.
        """
        waiting = deque((rank, 0) for rank in range(tasks))
        while waiting or self._begun:
            while waiting and len(self._begun) < self._count:
                rank, attempt = waiting.popleft()
                self._begin_task(make_call(step.with_attempt(attempt), rank), rank, attempt)
            for connection in self._wait():
                begun = self._begun.pop(connection)
                if begun.worker.receive():
                    self._idle.append(begun.worker)
                else:
                    begun.worker.end(at_once=True)
                    if begun.attempt + 1 < MAX_TASK_ATTEMPTS:
                        waiting.append((begun.rank, begun.attempt + 1))
                        continue
                progress.advance(step.get_size(begun.rank, tasks))

    def _wait(self) -> list[Connection]:
        """Wait for workers that have something to say, or are dead.

        A process that a worker began may hold the worker's connection open after its death.
        """
        ready = wait(list(self._begun), _LOOK_AFTER)
        return [one for one, begun in self._begun.items() if one in ready or not begun.worker.process.is_alive()]

    def end(self, at_once: bool) -> None:
        """Let all workers go."""
        for worker in [*self._idle, *(begun.worker for begun in self._begun.values())]:
            worker.end(at_once)

    def _begin_worker(self) -> LocalWorker:
        begun = [task.worker.connection for task in self._begun.values()]
        return LocalWorker([*(worker.connection for worker in self._idle), *begun])

    def _begin_task(self, call: Callable[[], object], rank: int, attempt: int) -> None:
        worker = self._idle.pop() if self._idle else self._begin_worker()
        self._begun[worker.connection] = _Begun(worker, rank, attempt)
        worker.send(call)


@contextmanager
def open_local_workers(count: int) -> Iterator[LocalWorkers]:
    """So many workers, which are gone afterwards."""
    workers = LocalWorkers(count)
    try:
        yield workers
    except BaseException:
        workers.end(at_once=True)
        raise
    workers.end(at_once=False)
