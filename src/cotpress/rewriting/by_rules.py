"""The rules as a writer: no model, no waiting."""

from __future__ import annotations

from collections.abc import Sequence

from cotpress.rewriting.assignment import Assignment
from cotpress.rewriting.writer import Turn, Written
from cotpress.rules import rewrite_by_rules


class RulesWriter:
    """Applies the rules of a level. Too long or too short a draft makes it aim lower or higher."""

    name = "rules"

    async def write(self, assignment: Assignment, turns: Sequence[Turn]) -> Written:
        aim = assignment.ratio
        for turn in turns:
            if aim is not None and assignment.ratio is not None and turn.ratio:
                aim = min(1.0, aim * assignment.ratio / turn.ratio)
        return Written(rewrite_by_rules(assignment.trace, assignment.level, assignment.domain, aim, assignment.cut))

    def judge(self, written: Written, verdict: str) -> None:
        """Rules do not learn."""

    def stop(self) -> None:
        """Nothing takes long."""

    async def close(self) -> None:
        """Nothing is open."""
