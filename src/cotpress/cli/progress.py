"""Progress on standard error: bars with rate and time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

from cotpress.cli.pace import Pace
from cotpress.pipeline import Progress, Silent
from cotpress.wording import agreeing, duration

if TYPE_CHECKING:
    from rich.progress import ProgressColumn, Task, TaskID
    from rich.text import Text

    from cotpress.traces import Reading

_EVERY = 10.0  # seconds between plain lines


def progress_for(quiet: bool, what: str = "trace") -> Progress:
    """Bars for a terminal, lines for a log, nothing when quiet; `what` is one of what is counted."""
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
    """A line every few seconds, and one when a task ends."""

    def __init__(self, what: str = "trace", clock: Callable[[], float] = time.monotonic) -> None:
        self._what, self._clock = what, clock
        self._task, self._note, self._spoke = "", "", 0.0
        self._pace = Pace(None, clock)

    def say(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    def start(self, task: str, total: int | None, before: int = 0) -> None:
        self._task, self._note, self._spoke = task, "", self._clock()
        self._pace = Pace(total, self._clock, before)

    def advance(self, traces: int) -> None:
        rate, left = _rate(self._pace), _left(self._pace)
        self._pace.advance(traces)
        if self._pace.done != self._pace.total and self._clock() - self._spoke >= _EVERY:
            self._spoke = self._clock()
            self.say(self._line(rate, left))

    def note(self, line: str) -> None:
        self._note = line

    def done(self) -> None:
        self.say(self._line(_rate(self._pace), ""))

    def _line(self, rate: str, left: str) -> str:
        done, total, seconds = self._pace.done, self._pace.total, self._pace.seconds
        counted = f"{done}{f'/{total}' if total else ''} {agreeing(total or done, self._what)}"
        spent = f"{seconds:.1f} s" if seconds < 60 else duration(seconds)
        parts = (counted, spent, rate, self._note, left and f"{left} left")
        return f"{self._task}: {', '.join(part for part in parts if part)}"


class Bars:
    """A bar with rate and time left, drawn by rich."""

    def __init__(self, what: str = "trace") -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _live(lambda task: _rate(self._paces[task], f" {agreeing(0, what)}")),
            TextColumn("{task.fields[note]}"),
            _live(lambda task: _left(self._paces[task])),
        )
        self._bars = Progress(*columns, console=Console(stderr=True))
        self._paces: defaultdict[TaskID, Pace] = defaultdict(lambda: Pace(None))
        self._task: TaskID | None = None

    def say(self, line: str) -> None:
        self._bars.console.print(line, markup=False, highlight=False)

    def start(self, task: str, total: int | None, before: int = 0) -> None:
        self._bars.start()
        self._task = self._bars.add_task(task, total=total, completed=before, note="")
        self._paces[self._task] = Pace(total, before=before)

    def advance(self, traces: int) -> None:
        if self._task is not None:
            self._paces[self._task].advance(traces)
            self._bars.update(self._task, advance=traces)

    def note(self, line: str) -> None:
        if self._task is not None:
            self._bars.update(self._task, note=line)

    def done(self) -> None:
        if self._task is not None:
            self._bars.update(self._task, total=self._bars.tasks[self._task].completed)
        self._bars.stop()


def _rate(pace: Pace, what: str = "") -> str:
    """How fast: "12.5/s", "3.2 traces/min"; "" where it is not known."""
    if pace.rate is None:
        return ""
    number, unit = (pace.rate, "s") if pace.rate >= 1 else (60 * pace.rate, "min")
    return f"{number:.1f}{what}/{unit}"


def _left(pace: Pace) -> str:
    """How long it takes from here: "2 h 5 min"; "" where it is not known."""
    return "" if pace.left is None else duration(pace.left)


def _live(told: Callable[[TaskID], str]) -> ProgressColumn:
    """A column that is asked anew whenever a bar is drawn: time goes by between two batches too."""
    from rich.progress import ProgressColumn
    from rich.text import Text

    class Live(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(told(task.id), style="progress.remaining")

    return Live()
