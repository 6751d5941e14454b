"""The rules as a writer, without a model."""

from __future__ import annotations

from collections.abc import Sequence

from cotpress.rewriting.rules import rewrite_by_rules
from cotpress.rewriting.task import RewriteTask
from cotpress.rewriting.writer import Feedback, WriterReply
from cotpress.text.language_words import LANGUAGES, choose_language

NO_PHRASES = "no-phrases"  # flag of a trace in a language whose phrases the rules do not know


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
        return WriterReply(text, flags=() if known else (NO_PHRASES,))

    def record_verdict(self, reply: WriterReply, verdict: str) -> None:
        """Nothing: the rules keep no record."""

    def stop(self) -> None:
        """Nothing: the rules begin no calls."""

    async def close(self) -> None:
        """Nothing: the rules open no files."""
