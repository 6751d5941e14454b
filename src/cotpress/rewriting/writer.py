"""What a writer of drafts is: the rules or a language model, as the rewriter sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cotpress.rewriting.task import RewriteTask
from cotpress.types import ModelCall


@dataclass(frozen=True, slots=True)
class Feedback:
    """An earlier draft that was not accepted.

    Args:
        text: the draft.
        faults: a sentence for each check that it failed.
        ratio: its tokens per token of the original, None where that is not known.
        off_budget: whether the ratio is too far from the target.
    """

    text: str
    faults: tuple[str, ...] = ()
    ratio: float | None = None
    off_budget: bool = False


@dataclass(frozen=True, slots=True)
class WriterReply:
    """A draft as the writer gave it.

    Args:
        text: the draft.
        finish: "stop" where the writer had finished, "length" where it was cut off, "refused" where it refused.
        call: the call to a model that the draft cost, None for a writer without a model.
        flags: what an outcome of this draft is flagged with.
    """

    text: str
    finish: str = "stop"
    call: ModelCall | None = None
    flags: tuple[str, ...] = ()


class Writer(Protocol):
    """Writes drafts. Several tasks may be under way at once."""

    @property
    def name(self) -> str:
        """The rewriter's name in summaries."""

    async def write(self, task: RewriteTask, earlier: Sequence[Feedback]) -> WriterReply:
        """A draft. `earlier` says what was wrong with each draft before.

        Raises:
            ModelCallError: this task got no answer; others may.
            ModelError: no task would get an answer.
            SpendLimitError: no more may be spent.
        """

    def record_verdict(self, reply: WriterReply, verdict: str) -> None:
        """Record the verdict on a draft: "ok", or the code of the check that it failed."""

    def stop(self) -> None:
        """Begin no new draft; `write` raises `SpendLimitError` from now on. May be called from any thread."""

    async def close(self) -> None:
        """Close connections and files."""
