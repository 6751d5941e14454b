"""Progress on standard error: bars with rate and ETA on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from cotpress.pipeline import Progress, Silent

if TYPE_CHECKING:
    from rich.progress import TaskID

    from cotpress.traces import Reading

_EVERY = 10.0  # seconds between plain lines


def progress_for(quiet: bool, what: str = "traces") -> Progress:
    """Bars for a terminal, lines for a log, nothing when quiet; `what` is counted."""
    if quiet:
        return Silent()
    return Bars(what) if sys.stderr.isatty() else Lines(what)


def announced(reading: Reading, quiet: bool) -> Progress:
    """The progress of a run over what is read, once it has said what the inputs were recognised as."""
    progress = progress_for(quiet)
    for line in reading.announcements():
        progress.say(line)
    return progress


class Lines:
    """One line when a task begins, one every few seconds, one when it ends."""

    def __init__(self, what: str = "traces") -> None:
        self._what = what
        self._task, self._note, self._done = "", "", 0
        self._total: int | None = None
        self._began = self._spoke = 0.0

    def say(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    def start(self, task: str, total: int | None) -> None:
        self._task, self._note, self._total, self._done = task, "", total, 0
        self._began = self._spoke = time.monotonic()

    def advance(self, traces: int) -> None:
        self._done += traces
        if self._done != self._total and time.monotonic() - self._spoke >= _EVERY:
            self._spoke = time.monotonic()
            self.say(self._line())

    def note(self, line: str) -> None:
        self._note = f", {line}"

    def done(self) -> None:
        self.say(self._line())

    def _line(self) -> str:
        seconds = max(time.monotonic() - self._began, 1e-9)
        rate = self._done / seconds
        whole = f"/{self._total}" if self._total else ""
        left = f", {(self._total - self._done) / rate:.0f} s left" if self._total and rate else ""
        return f"{self._task}: {self._done}{whole} {self._what}, {seconds:.1f} s, {rate:.1f}/s{self._note}{left}"


class Bars:
    """A bar with rate and ETA, drawn by rich."""

    def __init__(self, what: str = "traces") -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        rate = TextColumn("{task.fields[rate]}")
        note = TextColumn("{task.fields[note]}")
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            rate,
            note,
            TimeRemainingColumn(),
        )
        self._bars = Progress(*columns, console=Console(stderr=True))
        self._began, self._what = 0.0, what
        self._task: TaskID | None = None

    def say(self, line: str) -> None:
        self._bars.console.print(line, markup=False, highlight=False)

    def start(self, task: str, total: int | None) -> None:
        self._bars.start()
        self._began = time.monotonic()
        self._task = self._bars.add_task(task, total=total, rate="", note="")

    def advance(self, traces: int) -> None:
        if self._task is not None:
            done = self._bars.tasks[self._task].completed + traces
            rate = done / max(time.monotonic() - self._began, 1e-9)
            self._bars.update(self._task, advance=traces, rate=f"{rate:.1f} {self._what}/s")

    def note(self, line: str) -> None:
        if self._task is not None:
            self._bars.update(self._task, note=line)

    def done(self) -> None:
        if self._task is not None:
            self._bars.update(self._task, total=self._bars.tasks[self._task].completed)
        self._bars.stop()
