"""What a long run tells whoever watches it: one protocol for runs, trainings and evaluations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

T = TypeVar("T")


class Progress(Protocol):
    """Receives what happens; the terminal draws it, tests and Python callers may ignore it."""

    def say(self, line: str) -> None:
        """One line about the run as a whole."""

    def start(self, task: str, total: int | None, before: int = 0) -> None:
        """A task begins, of `total` things if that is known; `before` of them an earlier run did."""

    def advance(self, count: int, /) -> None:
        """So many more things are done."""

    def note(self, line: str) -> None:
        """How the task stands, such as its cost or loss; each note replaces the one before."""

    def done(self) -> None:
        """The task has ended."""


class Silent:
    """The progress that nobody watches."""

    def __repr__(self) -> str:
        return "Silent()"

    def say(self, line: str) -> None: ...

    def start(self, task: str, total: int | None, before: int = 0) -> None: ...

    def advance(self, count: int, /) -> None: ...

    def note(self, line: str) -> None: ...

    def done(self) -> None: ...


def track(items: Iterable[T], progress: Progress, task: str, total: int | None = None) -> Iterator[T]:
    """The items as they are, each one counted as a task of `total` things.

    Args:
        items: what is taken.
        progress: who is told.
        task: what is done.
        total: how many items there are; None where that is not known.

    >>> list(track("ab", Silent(), "Counting"))
    ['a', 'b']
    """
    progress.start(task, total)
    for item in items:
        yield item
        progress.advance(1)
    progress.done()
