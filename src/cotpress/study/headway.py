"""How far a sweep's stage is, and how long what is left of it takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from cotpress.study.jobs import Job
from cotpress.study.watching import Outcome

STAGES = ("score", "shorten", "train and evaluate")


class Headway:
    """Jobs by condition, and their pace; tokens and US dollars are those of all stages."""

    def __init__(self, workers: int) -> None:
        self.tokens, self.cost = 0, 0.0
        self.total, self.done, self.failed = Counter[str](), Counter[str](), Counter[str]()
        self._workers, self._at, self._open = workers, -1, 0
        self._took: list[float] = []
        self._done_in: list[float] = []

    @property
    def stage(self) -> str:
        """What is done now, of `STAGES`."""
        return STAGES[self._at]

    def begin(self, jobs: Sequence[Job], open_jobs: Sequence[Job]) -> None:
        """A stage begins."""
        self._at, self._open = self._at + 1, len(open_jobs)
        self._took, self._done_in = [], []
        self.total = Counter(job.condition for job in jobs)
        self.done = self.total - Counter(job.condition for job in open_jobs)
        self.failed = Counter()

    def finished(self, job: Job, outcome: Outcome) -> None:
        """One of its jobs is done, or ended in an error."""
        self._open -= 1
        self._took += [outcome.seconds] if outcome.seconds else []  # none where it failed with what it needs
        self._done_in += [] if outcome.error else [outcome.seconds]
        (self.failed if outcome.error else self.done)[job.condition] += 1
        self.tokens += outcome.spent.tokens
        self.cost += outcome.spent.cost

    @property
    def whole(self) -> float | None:
        """Seconds that a job of this stage takes, by those that are done: many fail at once. None before the first."""
        return _mean(self._done_in)

    def left(self, under_way: Iterable[float] = ()) -> float | None:
        """Seconds until the stage is done, at the pace so far, when jobs are under way for so many seconds; None where
        there is no pace, or nothing left."""
        mean = _mean(self._took)
        if mean is None or self._open < 1:
            return None
        begun = sum(min(seconds, mean) for seconds in under_way)
        return (self._open * mean - begun) / min(self._workers, self._open)


def _mean(seconds: Sequence[float]) -> float | None:
    return sum(seconds) / len(seconds) if seconds else None
