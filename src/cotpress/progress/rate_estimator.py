"""How fast a task goes, and how long what is left of it takes."""

from __future__ import annotations

import time
from collections.abc import Callable


class RateEstimator:
    """The pace of a task of which `total` things are to be done, None where nobody knows. An earlier run did `before`
    of them; `clock` gives seconds.

    A model does a batch at a time: nothing for minutes, then all of the batch within a moment. Its first outcome comes
    after the time of the whole batch, and says nothing. So the pace is taken before what arrives is counted, when all
    that took the time is there; and what is left is known only once half as much time has gone by after the first
    outcome as there was before it.
    """

    def __init__(self, total: int | None, clock: Callable[[], float] = time.monotonic, before: int = 0) -> None:
        self.total, self.done = total, before
        self._clock, self._began = clock, clock()
        self._before = before
        self._first: float | None = None  # seconds at the first outcome of this one,
        self._last = 0.0  # and at the last

    @property
    def elapsed_seconds(self) -> float:
        """Since the task began."""
        return self._clock() - self._began

    def advance(self, things: int) -> None:
        """So many more are done."""
        if things:
            self._last = self.elapsed_seconds
            self._first = self._last if self._first is None else self._first
        self.done += things

    @property
    def rate(self) -> float | None:
        """Things a second, up to the last outcome; None before the first."""
        return (self.done - self._before) / self._last if self._last > 0 else None

    @property
    def seconds_left(self) -> float | None:
        """Seconds until all are done; None where there is too little to tell it from, or where it is overdue."""
        if self.total is None or self._first is None or not self.rate or self.elapsed_seconds < 1.5 * self._first:
            return None
        left = (self.total - self.done) / self.rate - (self.elapsed_seconds - self._last)
        return left if left > 0 else None
