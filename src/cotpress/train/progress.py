"""What a training tells whoever watches."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives what happens; the terminal draws it, Python callers may ignore it."""

    def say(self, line: str) -> None:
        """One line about the run as a whole."""

    def start(self, task: str, total: int | None, before: int = 0) -> None:
        """A task begins, of `total` steps if that is known; `before` of them an earlier run did."""

    def advance(self, steps: int, /) -> None:
        """So many more steps are done."""

    def note(self, line: str) -> None:
        """How it stands, such as the loss; each note replaces the one before."""

    def done(self) -> None:
        """The task has ended."""


class Quiet:
    """The progress that nobody watches."""

    def say(self, line: str) -> None: ...

    def start(self, task: str, total: int | None, before: int = 0) -> None: ...

    def advance(self, steps: int, /) -> None: ...

    def note(self, line: str) -> None: ...

    def done(self) -> None: ...
