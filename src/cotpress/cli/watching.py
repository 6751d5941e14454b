"""A sweep on standard error: a live table of cells on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cotpress.study import Job, Outcome, Watcher

STAGES = ("score", "shorten", "train and evaluate")
_LATEST = 6


@dataclass(slots=True)
class _Board:
    """What is known of the run: counts by condition, tokens, cost, and the pace."""

    workers: int
    began: float = field(default_factory=time.monotonic)
    at: int = -1
    total: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    open: int = 0
    pace: list[float] = field(default_factory=list)
    tokens: int = 0
    cost: float = 0.0
    latest: list[str] = field(default_factory=list)

    def stage(self, jobs: Sequence[Job], open_jobs: Sequence[Job]) -> None:
        self.at, self.open, self.pace = self.at + 1, len(open_jobs), []
        self.total = Counter(map(_condition, jobs))
        self.done = self.total - Counter(map(_condition, open_jobs))
        self.failed = Counter()

    def finished(self, job: Job, outcome: Outcome) -> None:
        self.open -= 1
        self.pace += [outcome.seconds] if outcome.seconds else []  # none where it failed with what it needs
        (self.failed if outcome.error else self.done)[_condition(job)] += 1
        self.tokens += outcome.spent.tokens
        self.cost += outcome.spent.cost
        self.latest = [*self.latest, self._line(job, outcome)][-_LATEST:]

    @property
    def left(self) -> float:
        """Seconds until the stage is done, at the pace so far."""
        return self.open * sum(self.pace) / max(1, len(self.pace)) / self.workers

    @property
    def head(self) -> str:
        done, total = sum(self.done.values()), sum(self.total.values())
        left = f", about {self.left:.0f} s left" if self.pace else ""
        spent = f", {self.tokens:,} tokens, ${self.cost:.2f}" if self.tokens or self.cost else ""
        failed = f", {sum(self.failed.values())} failed" if self.failed else ""
        return f"{STAGES[self.at]}: {done}/{total}{failed}{left}{spent}"

    @staticmethod
    def _line(job: Job, outcome: Outcome) -> str:
        how = outcome.error or outcome.spent.note or "done"
        return f"{job.name}: {how} ({outcome.seconds:.0f} s)"


class Lines:
    """A line for every stage and every job."""

    def __init__(self, workers: int) -> None:
        self._board = _Board(workers)

    def stage(self, jobs: Sequence[Job], open_jobs: Sequence[Job]) -> None:
        self._board.stage(jobs, open_jobs)
        if jobs:
            print(self._board.head, file=sys.stderr, flush=True)

    def finished(self, job: Job, outcome: Outcome) -> None:
        self._board.finished(job, outcome)
        print(f"[{self._board.head}] {self._board.latest[-1]}", file=sys.stderr, flush=True)

    def done(self) -> None: ...


class Live:
    """A table of the cells by condition and state, drawn anew when something happens."""

    def __init__(self, workers: int) -> None:
        from rich.console import Console
        from rich.live import Live as RichLive

        self._board = _Board(workers)
        self._live = RichLive(console=Console(stderr=True), auto_refresh=False)

    def stage(self, jobs: Sequence[Job], open_jobs: Sequence[Job]) -> None:
        self._board.stage(jobs, open_jobs)
        self._live.start()
        self._draw()

    def finished(self, job: Job, outcome: Outcome) -> None:
        self._board.finished(job, outcome)
        self._draw()

    def done(self) -> None:
        self._live.stop()

    def _draw(self) -> None:
        self._live.update(self._table(), refresh=True)

    def _table(self) -> Any:
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        board = self._board
        table = Table("condition", "done", "failed", "to do", title=board.head, title_justify="left")
        for name, total in board.total.items():
            done, failed = board.done[name], board.failed[name]
            table.add_row(Text(name), str(done), str(failed), str(total - done - failed))
        return Group(table, *(Text(line, overflow="ellipsis", no_wrap=True) for line in board.latest))


def watcher_for(quiet: bool, workers: int) -> Watcher:
    """A table for a terminal, lines for a log, nothing when quiet."""
    from cotpress.study import Quiet

    if quiet:
        return Quiet()
    return Live(workers) if sys.stderr.isatty() else Lines(workers)


def _condition(job: Job) -> str:
    return job.condition
