"""What a study's students of Math leave out: replies by the results that they state, and how many of those are right.

python benchmarks/world_omissions.py docs/results/world-drop-0.25.yaml runs/steps

A problem names the values that are wanted one after another ("c = b - 9. d = c - 3."). A reply that never says what
one of them is has left a step out. Reads the replies from the store of the study's steps.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path

from cotpress.evaluation import EvaluationRow
from cotpress.study import read_study
from cotpress.study.artifacts import ArtifactStore
from cotpress.study.context import StudyContext
from cotpress.study.jobs import TrainJob, is_done
from cotpress.study.plan import list_cells
from cotpress.study.student_steps import make_evaluation_folder, read_evaluation_rows

COMPUTED_VALUE = re.compile(r"\b([a-z]) = [^.]*[a-z][^.]*\.")  # in a problem: "c = b - 9.", not the given "b = 9."
STATED_VALUE = re.compile(r"\b([a-z]) = ")


def main() -> None:
    study, store = read_study(sys.argv[1]), ArtifactStore(Path(sys.argv[2]))
    context = StudyContext(study, store)
    counts: dict[tuple[str, str, str], list[EvaluationRow]] = defaultdict(list)
    for cell in list_cells(study):
        if is_done(context, TrainJob(cell)):
            rows = read_evaluation_rows(make_evaluation_folder(context, cell))
            counts[cell.compression.condition, cell.compression.short_name, cell.student] += rows
    context.close()
    print("| traces, student | replies | right | nothing left out | right of these | last left out | right of others |")
    print(f"|{'---|' * 7}")
    for names, rows in counts.items():
        print(f"| {', '.join(names)} | {len(rows)} | {_share(rows)} | {_describe_omissions(rows)} |")


def _describe_omissions(rows: list[EvaluationRow]) -> str:
    """The share of replies that leave nothing out, those of them that are right; the share without the last value; and
    those that are right of all that leave something out."""
    missing = [_list_missing(row) for row in rows]
    whole = [row for row, left_out in zip(rows, missing, strict=True) if not left_out]
    last = [row for row, left_out in zip(rows, missing, strict=True) if _find_wanted(row)[-1:] == left_out[-1:] != []]
    rest = [row for row, left_out in zip(rows, missing, strict=True) if left_out]
    return f"{len(whole) / len(rows):.2f} | {_share(whole)} | {len(last) / len(rows):.2f} | {_share(rest)}"


def _list_missing(row: EvaluationRow) -> list[str]:
    stated = set(STATED_VALUE.findall(row.text))
    return [name for name in _find_wanted(row) if name not in stated]


def _find_wanted(row: EvaluationRow) -> list[str]:
    return COMPUTED_VALUE.findall(row.prompt)


def _share(rows: list[EvaluationRow]) -> str:
    return f"{sum(row.outcome == 'right' for row in rows) / len(rows):.2f}" if rows else "-"


if __name__ == "__main__":
    main()
