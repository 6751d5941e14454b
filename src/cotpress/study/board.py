"""What is known of a sweep while it runs: the state of every cell."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from cotpress.study.headway import Headway
from cotpress.study.jobs import Job, Score, Spent, made_by, made_together, scored_by, way_of
from cotpress.study.watching import Outcome

WAITING, STORED, DONE, FAILED = "waiting", "stored", "done", "failed"


@dataclass(frozen=True, slots=True)
class Entry:
    """A job in a state: `WAITING`, `STORED`, `DONE`, `FAILED`, or what is done at it now; `cells` are as many as are in
    that state for it. `seconds` it took so far, about `left` it takes from here, and the texts cost `cost` US dollars;
    each None where nobody knows."""

    job: Job
    state: str
    cells: int = 1
    seconds: float | None = None
    left: float | None = None
    cost: float | None = None
    spent: Spent = field(default_factory=Spent)
    error: str = ""


class Board:
    """Cells are the trainings, or the compressions where no student is trained. A job is for cells, its own or those
    that wait for it, and what is done at it is their state; a compression that is only compared is for none."""

    def __init__(self, workers: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.headway, self._clock = Headway(workers), clock
        self.cells: Sequence[Job] = ()
        self.over: list[Entry] = []  # in the order in which they ended
        self._states: list[str] = []
        self._costs: dict[int, float] = {}
        self._for: dict[Job, list[int]] = {}  # numbers of cells
        self._under_way: dict[Job, tuple[str, float]] = {}  # what is done, and when the job began
        self._ended: set[Job] = set()

    def plan(self, stages: Sequence[Sequence[Job]], stored: Collection[Job]) -> None:
        """All that there is to do, and what of it is in the store."""
        self.cells = next((jobs for jobs in reversed(stages) if jobs), ())
        self._states = [STORED if cell in stored else WAITING for cell in self.cells]
        self._for = _cells_of(stages, self.cells)

    def began(self, job: Job, doing: str) -> None:
        """This is done at a job from now on."""
        if job not in self._ended:  # it may be told late
            _, since = self._under_way.get(job, ("", self._clock()))
            self._under_way[job] = (doing, since)
            self._become(doing, job, STORED, FAILED)

    def finished(self, job: Job, outcome: Outcome) -> None:
        """A job is done, or ended in an error."""
        self.headway.finished(job, outcome)
        self._under_way.pop(job, None)
        self._ended.add(job)
        if outcome.spent.cost:
            self._costs |= dict.fromkeys(self._for.get(job, ()), outcome.spent.cost)
        state, cells = self._end(job, outcome)
        if cells or (outcome.error and (isinstance(job, Score) or not self._for.get(job))):
            told = (outcome.seconds, None, self._cost(job), outcome.spent, outcome.error or "")
            self.over.append(Entry(job, state, cells, *told))

    def stop(self) -> None:
        """What is under way will be done by another run."""
        for job in self._under_way:
            self._become(WAITING, job, STORED, FAILED)
        self._under_way.clear()

    @property
    def states(self) -> Counter[str]:
        """How many cells are in each state."""
        return Counter(self._states)

    @property
    def left(self) -> float | None:
        """Seconds until the stage is done, None where nobody knows."""
        return self.headway.left(self._clock() - since for _, since in self._under_way.values())

    def under_way(self) -> list[Entry]:
        """The jobs that are worked on, the oldest first."""
        found, now, whole = [], self._clock(), self.headway.whole
        for job, (doing, since) in self._under_way.items():
            cells = sum(self._states[number] == doing for number in self._for.get(job, ()))
            left = None if whole is None or whole < now - since else whole - (now - since)
            found.append(Entry(job, doing, cells, now - since, left, self._cost(job)))
        return found

    def untouched(self, state: str) -> Iterator[Entry]:
        """Cells `WAITING` or `STORED`, in the order of the study."""
        return (Entry(cell, state) for cell, here in zip(self.cells, self._states, strict=True) if here == state)

    def _end(self, job: Job, outcome: Outcome) -> tuple[str, int]:
        """What becomes of the job's cells, and of how many. A scoring that failed is tried again by what needs it."""
        if outcome.error and not isinstance(job, Score):
            return FAILED, self._become(FAILED, job, DONE, FAILED)
        if self.cells and type(job) is type(self.cells[0]):
            return DONE, self._become(DONE, job, DONE, FAILED)
        self._become(WAITING, job, STORED, FAILED)
        return FAILED, 0

    def _become(self, state: str, job: Job, *unless: str) -> int:
        """How many of the job's cells got into this state: those that were not in others."""
        numbers = [number for number in self._for.get(job, ()) if self._states[number] not in unless]
        for number in numbers:
            self._states[number] = state
        return len(numbers)

    def _cost(self, job: Job) -> float | None:
        return next((self._costs[number] for number in self._for.get(job, ()) if number in self._costs), None)


def _cells_of(stages: Sequence[Sequence[Job]], cells: Sequence[Job]) -> dict[Job, list[int]]:
    """The numbers of the cells that each job is for."""
    found: dict[Job, list[int]] = {job: [] for jobs in stages for job in jobs}
    makers = {made_by(job): job for job in found}
    for number, cell in enumerate(cells):
        way = way_of(cell)
        ahead = (scored_by(way), makers[made_together(way)]) if way else ()
        for job in {cell, *ahead}:
            if job is not None:
                found[job].append(number)
    return found
