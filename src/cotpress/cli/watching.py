"""A sweep on standard error: a live table of cells on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from threading import Lock
from typing import TYPE_CHECKING

from cotpress.wording import duration

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from cotpress.study import Job, Outcome, Watcher

_A_SECOND = 2  # times that the table is drawn


class Lines:
    """A line for every stage and every job."""

    def __init__(self, workers: int) -> None:
        from cotpress.study import Board

        self._board = Board(workers)

    def plan(self, stages: Sequence[Sequence[Job]], stored: Collection[Job]) -> None:
        self._board.plan(stages, stored)

    def stage(self, jobs: Sequence[Job], open_jobs: Sequence[Job]) -> None:
        self._board.headway.begin(jobs, open_jobs)
        if jobs:
            print(self._head(), file=sys.stderr, flush=True)

    def began(self, job: Job, doing: str) -> None:
        self._board.began(job, doing)

    def finished(self, job: Job, outcome: Outcome) -> None:
        self._board.finished(job, outcome)
        how = outcome.error or outcome.spent.note or "done"
        print(f"[{self._head()}] {job.name}: {how} ({outcome.seconds:.0f} s)", file=sys.stderr, flush=True)

    def done(self) -> None: ...

    def _head(self) -> str:
        far, time_left = self._board.headway, self._board.left
        failed = f", {far.failed.total()} failed" if far.failed else ""
        left = "" if time_left is None else f", about {duration(time_left)} left"
        spent = f", {far.tokens:,} tokens, ${far.cost:.2f}" if far.tokens or far.cost else ""
        return f"{far.stage}: {far.done.total()}/{far.total.total()}{failed}{left}{spent}"


class Live:
    """The table of cells, drawn anew every half second by a thread of its own."""

    def __init__(self, workers: int, console: Console | None = None) -> None:
        from rich.console import Console
        from rich.live import Live as RichLive

        from cotpress.study import Board

        self._board, self._lock = Board(workers), Lock()
        self._console = console or Console(stderr=True)
        self._live = RichLive(console=self._console, get_renderable=self._drawn, refresh_per_second=_A_SECOND)

    def plan(self, stages: Sequence[Sequence[Job]], stored: Collection[Job]) -> None:
        self._board.plan(stages, stored)
        self._live.start()

    def stage(self, jobs: Sequence[Job], open_jobs: Sequence[Job]) -> None:
        with self._lock:
            self._board.headway.begin(jobs, open_jobs)

    def began(self, job: Job, doing: str) -> None:
        with self._lock:
            self._board.began(job, doing)

    def finished(self, job: Job, outcome: Outcome) -> None:
        with self._lock:
            self._board.finished(job, outcome)

    def done(self) -> None:
        with self._lock:
            self._board.stop()
        self._live.stop()

    def _drawn(self) -> RenderableType:
        from cotpress.cli.live import draw

        with self._lock:
            return draw(self._board, *self._console.size)


def watcher_for(quiet: bool, workers: int) -> Watcher:
    """A table for a terminal, lines for a log, nothing when quiet."""
    from cotpress.study import Quiet

    if quiet:
        return Quiet()
    return Live(workers) if sys.stderr.isatty() else Lines(workers)
