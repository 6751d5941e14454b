"""The grader: reads each attempt by its kind, and sends to children only what takes algebra."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from types import TracebackType
from typing import NamedTuple

from cotpress.answers import normalise
from cotpress.errors import OptionError, require, unknown_name
from cotpress.grading.child import Child
from cotpress.grading.choice import read_choice
from cotpress.grading.grade import KINDS, Attempt, Grade
from cotpress.grading.mathematics import Pair, decide, read_math
from cotpress.grading.words import read_truth, read_words, same_words
from cotpress.wording import counted

LEAST_MEMORY = 256  # MB; less does not hold the libraries
READERS: Mapping[str, Callable[[Attempt], str | None]] = {
    "math": lambda attempt: read_math(attempt.text),
    "choice": lambda attempt: read_choice(attempt.text, attempt.options),
    "truth": lambda attempt: read_truth(attempt.text),
    "text": lambda attempt: read_words(attempt.text),
}
# Whether a found answer is the gold one, or what has to be compared by algebra.
DECIDERS: Mapping[str, Callable[[str, str], bool | Pair | None]] = {
    "math": decide,
    "choice": lambda found, gold: found == normalise(gold),
    "truth": lambda found, gold: found == normalise(gold),
    "text": same_words,
}
OUTCOME = {True: "right", False: "wrong", None: "timed-out"}


class Reading(NamedTuple):
    """What can be said of an attempt here: its grade; or the answer found, and the pair left for a child."""

    grade: Grade
    left: Pair | None = None


class Grader:
    """Grades attempts; the last answer that a text states wins.

    `seconds` is the wall clock limit of one comparison and `memory_mb` the address space of a child; what exceeds
    either is "timed-out", its child is replaced, and the rest goes on. (A memory error that math-verify catches
    itself counts as a comparison that failed: "wrong".) At most `workers` children run at a time. They are started
    when first needed and kept until `close`, which a `with` block calls; a closed grader may be used again. Safe to use
    from any thread.
    """

    def __init__(self, seconds: float = 5.0, memory_mb: int = 2048, workers: int = 2) -> None:
        """Set the limits; nothing is started.

        Raises:
            OptionError: a limit that nothing could keep.
        """
        if not 0 < seconds < float("inf") or memory_mb < LEAST_MEMORY or workers < 1:
            raise OptionError(
                f"Cannot grade within {seconds} seconds and {memory_mb} MB by {counted(workers, 'worker')}.",
                f"Give more than 0 seconds, {LEAST_MEMORY} MB or more, and at least one worker.",
            )
        self._seconds, self._memory_mb, self._workers = seconds, memory_mb, workers
        self._idle: list[Child] = []
        self._lock = Lock()

    def grade(self, attempts: Sequence[Attempt]) -> list[Grade]:
        """One grade an attempt, in the order given. Equal comparisons are made once.

        Raises:
            OptionError: an attempt of an unknown kind.
            MissingExtra: a comparison takes algebra, and math-verify is not installed.
        """
        readings = [_read(attempt) for attempt in attempts]
        same = self._compare(list(dict.fromkeys(reading.left for reading in readings if reading.left)))
        return [
            Grade(OUTCOME[same[reading.left]], reading.grade.answer) if reading.left else reading.grade
            for reading in readings
        ]

    def close(self) -> None:
        """End the children."""
        with self._lock:
            children, self._idle = self._idle, []
        for child in children:
            child.end()

    def __enter__(self) -> Grader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def _compare(self, pairs: Sequence[Pair]) -> dict[Pair, bool | None]:
        if not pairs:
            return {}
        if importlib.util.find_spec("math_verify") is None:
            require("math_verify", "evaluate")
        with ThreadPoolExecutor(min(self._workers, len(pairs)), "grading") as threads:
            return dict(zip(pairs, threads.map(self._ask, pairs), strict=True))

    def _ask(self, pair: Pair) -> bool | None:
        with self._lock:
            child = self._idle.pop() if self._idle else None
        child = child if child and child.alive else Child(self._seconds, self._memory_mb)
        same = child.same(*pair)
        if child.alive:
            with self._lock:
                self._idle.append(child)
        return same


def _read(attempt: Attempt) -> Reading:
    if attempt.kind not in KINDS:
        raise unknown_name("kind of answer", attempt.kind, KINDS)
    if not attempt.text.strip():
        return Reading(Grade("empty"))
    found = READERS[attempt.kind](attempt)
    if found is None:
        return Reading(Grade("unparsed"))
    decided = DECIDERS[attempt.kind](found, attempt.gold)
    if decided is None:  # an answer that was not compared is not called wrong
        return Reading(Grade("unparsed", found))
    if isinstance(decided, bool):
        return Reading(Grade(OUTCOME[decided], found))
    return Reading(Grade("timed-out", found), decided)
