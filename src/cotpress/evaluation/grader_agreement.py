"""How far two graders agree: ours, and math-verify alone, on the replies that both decide."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from cotpress.evaluation.grading import Grader
from cotpress.evaluation.row import EvaluationRow
from cotpress.number_formatting import count_noun
from cotpress.storage import write_atomically

if TYPE_CHECKING:
    from cotpress.evaluation.benchmarks import BenchmarkItem

AGREEMENT_FILE = "graders.json"
MAX_COMPARED_REPLIES = 1000  # a long reply takes math-verify tens of milliseconds
MAX_NAMED_REPLIES = 20


@dataclass(frozen=True, slots=True)
class GraderAgreement:
    """Replies with mathematical answers that ours calls right or wrong, and what math-verify alone says of them.

    `both` are those that it decides too, `same` those that it decides likewise; `only_ours` and `only_theirs` are right
    by one of the two. `differing` names the first of those, "benchmark/problem#sample". `replies` are all that were
    compared, the first `MAX_COMPARED_REPLIES`.
    """

    replies: int
    both: int
    same: int
    only_ours: int
    only_theirs: int
    differing: tuple[str, ...] = ()

    def __str__(self) -> str:
        """For people.

        >>> print(GraderAgreement(50, 48, 47, 1, 0, ("gsm8k/7#0",)))
        graders agree on 47 of 48 replies that both decide; right by math-verify alone 0, by cotpress alone 1: gsm8k/7#0
        """
        told = f"graders agree on {self.same:,} of {count_noun(self.both, 'reply', 'replies')} that both decide"
        if not self.differing:
            return told
        apart = f"right by math-verify alone {self.only_theirs:,}, by cotpress alone {self.only_ours:,}"
        return f"{told}; {apart}: {', '.join(self.differing)}"


def compare_graders(
    rows: Sequence[EvaluationRow], items: Mapping[str, Sequence[BenchmarkItem]], grader: Grader
) -> GraderAgreement | None:
    """Grade the replies with mathematical answers again, by math-verify alone; None where there are none to compare, or
    math-verify is not installed."""
    kinds = {(name, item.id): item.kind for name, part in items.items() for item in part}
    decided = [row for row in rows if row.outcome in ("right", "wrong") and kinds.get(row.problem_key) == "math"]
    decided = decided[:MAX_COMPARED_REPLIES]
    if not decided or find_spec("math_verify") is None:
        return None
    theirs = grader.grade_alone([(row.text, row.gold) for row in decided])
    pairs = [(row, row.outcome == "right", said) for row, said in zip(decided, theirs, strict=True) if said is not None]
    differing = [f"{row.benchmark}/{row.id}#{row.sample}" for row, ours, said in pairs if ours != said]
    only_ours = sum(ours and not said for _, ours, said in pairs)
    return GraderAgreement(
        replies=len(decided),
        both=len(pairs),
        same=len(pairs) - len(differing),
        only_ours=only_ours,
        only_theirs=len(differing) - only_ours,
        differing=tuple(differing[:MAX_NAMED_REPLIES]),
    )


def write_grader_agreement(found: GraderAgreement, folder: Path) -> None:
    """Write the counts beside the evaluation's rows."""
    with write_atomically(folder / AGREEMENT_FILE) as path:
        path.write_text(json.dumps(asdict(found), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
