"""Whoever writes the drafts: the seam between steering and the rules, or a language model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cotpress.rewriting.assignment import Assignment
from cotpress.types import Call


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier draft that was not accepted: its text, the faults found, and its realized ratio."""

    text: str
    faults: tuple[str, ...] = ()
    ratio: float | None = None
    off_budget: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A draft as it came. `finish` is "stop", "length" (cut off) or "refused"; `call` is None where nobody was
    asked."""

    text: str
    finish: str = "stop"
    call: Call | None = None


class Writer(Protocol):
    """Writes drafts. Several assignments may be under way at once."""

    @property
    def name(self) -> str:
        """What an artifact records as the rewriter."""

    async def write(self, assignment: Assignment, turns: Sequence[Turn]) -> Written:
        """A draft that heeds what was wrong with the earlier ones.

        Raises:
            CallFailed: this assignment got no answer.
            ModelError: none would.
            LimitReached: no more may be spent.
        """

    def judge(self, written: Written, verdict: str) -> None:
        """Learn what became of a draft: "ok", or the code of the check that it failed."""

    def stop(self) -> None:
        """Begin nothing new: whoever asks from now on gets `LimitReached`. May be called from any thread."""

    async def close(self) -> None:
        """Let go of connections and files."""
