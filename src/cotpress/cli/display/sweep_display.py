"""A sweep on standard error: a live table of cells on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from threading import Lock
from typing import TYPE_CHECKING

from cotpress.number_formatting import format_duration

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from cotpress.study import JobResult, StudyJob, SweepObserver

_REFRESHES_PER_SECOND = 2  # times that the table is drawn


class SweepLines:
    """A line for every stage and every job."""

    def __init__(self, workers: int) -> None:
        from cotpress.study import SweepStatus

        self._board = SweepStatus(workers)

    def start_sweep(self, stages: Sequence[Sequence[StudyJob]], stored: Collection[StudyJob]) -> None:
        self._board.start_sweep(stages, stored)

    def start_stage(self, jobs: Sequence[StudyJob], open_jobs: Sequence[StudyJob]) -> None:
        self._board.progress.start_stage(jobs, open_jobs)
        if jobs:
            print(self._format_head(), file=sys.stderr, flush=True)

    def update_job(self, job: StudyJob, doing: str) -> None:
        self._board.update_job(job, doing)

    def end_job(self, job: StudyJob, outcome: JobResult) -> None:
        self._board.end_job(job, outcome)
        how = outcome.error or outcome.usage.note or "done"
        print(f"[{self._format_head()}] {job.name}: {how} ({outcome.seconds:.0f} s)", file=sys.stderr, flush=True)

    def end_sweep(self) -> None: ...

    def _format_head(self) -> str:
        far, time_left = self._board.progress, self._board.seconds_left
        failed = f", {far.failed.total()} failed" if far.failed else ""
        left = "" if time_left is None else f", about {format_duration(time_left)} left"
        paid = f", ${far.cost:.2f}" if far.cost else ""
        spent = f", {far.tokens:,} tokens{paid}" if far.tokens or far.cost else ""
        return f"{far.stage}: {far.done.total()}/{far.total.total()}{failed}{left}{spent}"


class SweepLiveTable:
    """The table of cells, drawn anew every half second by a thread of its own."""

    def __init__(self, workers: int, console: Console | None = None) -> None:
        from rich.console import Console
        from rich.live import Live as RichLive

        from cotpress.study import SweepStatus

        self._board, self._lock = SweepStatus(workers), Lock()
        self._console = console or Console(stderr=True)
        self._live = RichLive(
            console=self._console, get_renderable=self._draw, refresh_per_second=_REFRESHES_PER_SECOND
        )

    def start_sweep(self, stages: Sequence[Sequence[StudyJob]], stored: Collection[StudyJob]) -> None:
        self._board.start_sweep(stages, stored)
        self._live.start()

    def start_stage(self, jobs: Sequence[StudyJob], open_jobs: Sequence[StudyJob]) -> None:
        with self._lock:
            self._board.progress.start_stage(jobs, open_jobs)

    def update_job(self, job: StudyJob, doing: str) -> None:
        with self._lock:
            self._board.update_job(job, doing)

    def end_job(self, job: StudyJob, outcome: JobResult) -> None:
        with self._lock:
            self._board.end_job(job, outcome)

    def end_sweep(self) -> None:
        with self._lock:
            self._board.end_sweep()
        self._live.stop()

    def _draw(self) -> RenderableType:
        from cotpress.cli.display.sweep_table import draw_table

        with self._lock:
            return draw_table(self._board, *self._console.size)


def create_watcher(quiet: bool, workers: int) -> SweepObserver:
    """A table for a terminal, lines for a log, nothing when quiet."""
    from cotpress.study import SilentObserver

    if quiet:
        return SilentObserver()
    return SweepLiveTable(workers) if sys.stderr.isatty() else SweepLines(workers)
