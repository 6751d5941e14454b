"""The rules as a writer, without a model."""

from __future__ import annotations

from collections.abc import Sequence

from cotpress.rewriting.policy import RewritePolicy
from cotpress.rewriting.rules import rewrite_by_rules
from cotpress.rewriting.task import RewriteTask
from cotpress.rewriting.writer import Feedback, WriterReply
from cotpress.text import segment
from cotpress.text.language_words import LANGUAGES, choose_language

NO_PHRASES = "no-phrases"  # flag of a trace in a language whose phrases the rules do not know

NEEDED_LONGER = "needed-longer"  # flag of a trace of which all that the answer rests on is longer than the budget
_TOLERANCE = RewritePolicy().tolerance


def _is_too_long(task: RewriteTask, text: str) -> bool:
    """Whether a text that the rules could not make shorter is over the budget by more than is tolerated."""
    if task.ratio is None:
        return False
    return len(segment(text).kinds) > task.ratio * (1 + _TOLERANCE) * len(segment(task.trace.reasoning).kinds)


class RulesWriter:
    """Applies the rules of a level. After a draft that was too long or too short it aims lower or higher; after one
    that failed a check it leaves sentences whole, since what went wrong may be a phrase that was deleted."""

    name = "rules"

    async def write(self, task: RewriteTask, earlier: Sequence[Feedback]) -> WriterReply:
        aim = task.ratio
        for feedback in earlier:
            if aim is not None and task.ratio is not None and feedback.ratio:
                aim = min(1.0, aim * task.ratio / feedback.ratio)
        failed = any(feedback.faults for feedback in earlier)
        text = rewrite_by_rules(task.trace, task.level, task.domain, aim, task.segmentation, failed)
        known = choose_language([task.trace.reasoning]) in LANGUAGES
        flags = ((NO_PHRASES, not known), (NEEDED_LONGER, _is_too_long(task, text)))
        return WriterReply(text, flags=tuple(flag for flag, raised in flags if raised))

    def record_verdict(self, reply: WriterReply, verdict: str) -> None:
        """Nothing: the rules keep no record."""

    def stop(self) -> None:
        """Nothing: the rules begin no calls."""

    async def close(self) -> None:
        """Nothing: the rules open no files."""
