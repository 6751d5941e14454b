"""Progress: bars with rate and time left on a terminal, one line in a notebook, a line now and then in a log."""

from __future__ import annotations

import importlib
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sized
from typing import TYPE_CHECKING, ClassVar, TypeVar

from cotpress.number_formatting import format_duration, inflect
from cotpress.progress.protocol import Progress, Silent, track
from cotpress.progress.rate_estimator import RateEstimator

if TYPE_CHECKING:
    from rich.progress import ProgressColumn, Task, TaskID
    from rich.text import Text

_LINE_INTERVAL_SECONDS = 10.0  # between lines of a log
_NOTEBOOK_INTERVAL_SECONDS = 0.5  # between changes of the line in a notebook
T = TypeVar("T")


def create_progress(quiet: bool, what: str = "trace") -> Progress:
    """Bars for a terminal, one line for a notebook, lines for a log, nothing when quiet.

    Args:
        quiet: whether nothing is shown.
        what: one of what is counted.

    >>> create_progress(quiet=True)
    Silent()
    """
    if quiet:
        return Silent()
    if is_in_notebook():
        return NotebookLine(what)
    return ProgressBars(what) if sys.stderr.isatty() else ProgressLines(what)


def show_progress(items: Iterable[T], task: str = "Compressing", total: int | None = None) -> Iterator[T]:
    """The items as they are, with the progress shown while they are taken: what `compress` and `rewrite` give, say.

    Bars on a terminal, one line in a notebook, a line every ten seconds in a log.

    Args:
        items: what is taken.
        task: what is done.
        total: how many items there are, if that is known; that of a list is.

    >>> from cotpress import Trace, compress, show_progress
    >>> traces = [Trace("1", "2+3?", "Two and three. 2+3=5.", "5")]
    >>> len(list(show_progress(compress(traces), total=len(traces))))
    1
    """
    if total is None and isinstance(items, Sized):
        total = len(items)
    progress = create_progress(quiet=False)
    try:
        yield from track(items, progress, task, total)
    except (Exception, GeneratorExit):
        progress.done()  # whoever takes no more gets the terminal back
        raise


def is_in_notebook() -> bool:
    """Whether this runs in the kernel of a notebook."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return getattr(shell, "kernel", None) is not None


class ProgressLines:
    """A line every few seconds, and one when a task ends."""

    interval: ClassVar[float] = _LINE_INTERVAL_SECONDS

    def __init__(self, what: str = "trace", clock: Callable[[], float] = time.monotonic) -> None:
        self._what, self._clock = what, clock
        self._task, self._note, self._spoke = "", "", 0.0
        self._pace = RateEstimator(None, clock)

    def say(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    def start(self, task: str, total: int | None, before: int = 0) -> None:
        self._task, self._note, self._spoke = task, "", self._clock()
        self._pace = RateEstimator(total, self._clock, before)

    def advance(self, traces: int) -> None:
        rate, left = _format_rate(self._pace), _format_time_left(self._pace)
        self._pace.advance(traces)
        if self._pace.done != self._pace.total and self._clock() - self._spoke >= self.interval:
            self._spoke = self._clock()
            self._show(self._format_line(rate, left))

    def note(self, line: str) -> None:
        self._note = line

    def done(self) -> None:
        self._show(self._format_line(_format_rate(self._pace), ""))

    def _show(self, line: str) -> None:
        self.say(line)

    def _format_line(self, rate: str, left: str) -> str:
        done, total, seconds = self._pace.done, self._pace.total, self._pace.elapsed_seconds
        counted = f"{done}{f'/{total}' if total else ''} {inflect(total or done, self._what)}"
        spent = f"{seconds:.1f} s" if seconds < 60 else format_duration(seconds)
        parts = (counted, spent, rate, self._note, left and f"{left} left")
        return f"{self._task}: {', '.join(part for part in parts if part)}"


class NotebookLine(ProgressLines):
    """One line of a cell's output, which changes while a task goes on."""

    interval: ClassVar[float] = _NOTEBOOK_INTERVAL_SECONDS

    def start(self, task: str, total: int | None, before: int = 0) -> None:
        super().start(task, total, before)
        self._handle = importlib.import_module("IPython.display").display(
            _as_plain(f"{task} ..."), raw=True, display_id=True
        )

    def _show(self, line: str) -> None:
        self._handle.update(_as_plain(line), raw=True)


def _as_plain(line: str) -> dict[str, str]:
    return {"text/plain": line}


class ProgressBars:
    """A bar with rate and time left, drawn by rich."""

    def __init__(self, what: str = "trace") -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _create_live_column(lambda task: _format_rate(self._paces[task], f" {inflect(0, what)}")),
            TextColumn("{task.fields[note]}"),
            _create_live_column(lambda task: _format_time_left(self._paces[task])),
        )
        self._bars = Progress(*columns, console=Console(stderr=True))
        self._paces: defaultdict[TaskID, RateEstimator] = defaultdict(lambda: RateEstimator(None))
        self._task: TaskID | None = None

    def say(self, line: str) -> None:
        self._bars.console.print(line, markup=False, highlight=False)

    def start(self, task: str, total: int | None, before: int = 0) -> None:
        self._bars.start()
        self._task = self._bars.add_task(task, total=total, completed=before, note="")
        self._paces[self._task] = RateEstimator(total, before=before)

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


def _format_rate(pace: RateEstimator, what: str = "") -> str:
    """How fast: "12.5/s", "3.2 traces/min"; "" where it is not known."""
    if pace.rate is None:
        return ""
    number, unit = (pace.rate, "s") if pace.rate >= 1 else (60 * pace.rate, "min")
    return f"{number:.1f}{what}/{unit}"


def _format_time_left(pace: RateEstimator) -> str:
    """How long it takes from here: "2 h 5 min"; "" where it is not known."""
    left = pace.seconds_left  # asked once: time goes by, and it may not be known a moment later
    return "" if left is None else format_duration(left)


def _create_live_column(describe: Callable[[TaskID], str]) -> ProgressColumn:
    """A column that is asked anew whenever a bar is drawn: time goes by between two batches too."""
    from rich.progress import ProgressColumn
    from rich.text import Text

    class Live(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(describe(task.id), style="progress.remaining")

    return Live()
