"""What a long run tells whoever watches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

T = TypeVar("T")


class Progress(Protocol):
    """Receives what happens; the terminal draws it, tests and Python callers may ignore it."""

    def say(self, line: str) -> None:
        """One line about the run as a whole."""

    def start(self, task: str, total: int | None, before: int = 0) -> None:
        """A task begins, of `total` traces if that is known; `before` of them an earlier run did."""

    def advance(self, traces: int) -> None:
        """So many more traces are through."""

    def note(self, line: str) -> None:
        """What the task has come to so far, such as its cost; each note replaces the one before."""

    def done(self) -> None:
        """The task has ended."""


class Silent:
    """The progress that nobody watches."""

    def say(self, line: str) -> None: ...

    def start(self, task: str, total: int | None, before: int = 0) -> None: ...

    def advance(self, traces: int) -> None: ...

    def note(self, line: str) -> None: ...

    def done(self) -> None: ...


def watched(rows: Iterable[T], progress: Progress, task: str, total: int | None = None) -> Iterator[T]:
    """The rows as they are, each one counted."""
    progress.start(task, total)
    for row in rows:
        yield row
        progress.advance(1)
    progress.done()
