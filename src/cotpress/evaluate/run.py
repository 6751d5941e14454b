"""One evaluation from items to figures, in memory or in a folder."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from cotpress.errors import OptionError
from cotpress.evaluate.asking import VERSION, Problem, ask_all
from cotpress.evaluate.evaluation import Evaluation, refuse_other_budget
from cotpress.evaluate.judging import Answered, judge
from cotpress.evaluate.log import Log, opened
from cotpress.evaluate.plan import Plan
from cotpress.evaluate.row import Row, finished_keys
from cotpress.evaluate.student import Student
from cotpress.grading import Grader
from cotpress.store import content_key

if TYPE_CHECKING:
    from cotpress.benchmarks import Item


class Progress(Protocol):
    """Told of problems as they are done."""

    def start(self, task: str, total: int | None) -> None:
        """A task begins, of `total` problems."""

    def advance(self, problems: int) -> None:
        """So many more problems are done."""

    def done(self) -> None:
        """The task has ended."""


class Unwatched:
    """The progress that nobody watches."""

    def start(self, task: str, total: int | None) -> None: ...

    def advance(self, problems: int) -> None: ...

    def done(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Output:
    """Where an evaluation is kept, and what its summary compares it with.

    `force` replaces what is there. `other_budget` allows a baseline with another generation budget.
    """

    folder: Path
    force: bool = False
    baseline: Evaluation | None = None
    other_budget: bool = False


def evaluate(
    student: Student,
    items: Mapping[str, Sequence[Item]],
    plan: Plan | None = None,
    output: Output | None = None,
    grader: Grader | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Have a student solve the items of each benchmark, and grade what it says: one row a problem and sample, in
    the order of the items.

    Without `output` nothing is written. With it, what an interrupted run left there is gone on from: only problems
    with a missing or failed sample are asked again. Pass a `grader` to share its processes among many evaluations.

    Raises:
        OptionError: nothing to evaluate, ids that are not unique, or a baseline with another budget.
        OutputError: the folder belongs to another run, or cannot be written.
        ModelError, MissingExtra: the student cannot be asked; what had arrived is kept.
    """
    began, plan = time.monotonic(), plan or Plan()
    settings = describe(student, items, plan)
    if output and output.baseline and not output.other_budget:
        refuse_other_budget(settings, output.baseline)
    unfinished = Evaluation(settings, ())
    with ExitStack() as stack:
        log = stack.enter_context(opened(output.folder, unfinished.key, output.force)) if output else None
        judges = stack.enter_context(nullcontext(grader) if grader else Grader())
        run = _Run(student, plan, judges, log, progress or Unwatched())
        rows = run.rows([Problem(name, item) for name, part in items.items() for item in part])
        finished = replace(unfinished, rows=tuple(rows), seconds=time.monotonic() - began)
        if log and output:
            log.finish(rows, finished.summary(output.baseline))
    return finished


def describe(student: Student, items: Mapping[str, Sequence[Item]], plan: Plan) -> dict[str, Any]:
    """All that the rows depend on, ready for JSON.

    Raises:
        OptionError: there is nothing to evaluate, or ids are not unique.
    """
    if not items:
        raise OptionError("No benchmark is named.", "Give --benchmark, such as --benchmark math500.")
    for name, part in items.items():
        if not part:
            raise OptionError(f"The benchmark {name} has no problems.", "Check its file and --limit.")
        if len({item.id for item in part}) < len(part):
            raise OptionError(f"The benchmark {name} has ids that occur twice.", "Give each problem its own id.")
    benchmarks = {
        name: {"problems": len(part), "items": content_key([asdict(item) for item in part])}
        for name, part in items.items()
    }
    return {
        "student": student.identity,
        **asdict(plan),
        "counted_with": student.counted_with,
        "benchmarks": benchmarks,
        "protocol": VERSION,
    }


@dataclass(slots=True)
class _Run:
    """What the handling of replies needs."""

    student: Student
    plan: Plan
    grader: Grader
    log: Log | None
    progress: Progress

    def rows(self, problems: Sequence[Problem]) -> list[Row]:
        """All rows, those of an earlier start included."""
        earlier = self.log.rows if self.log else ()
        there = finished_keys(earlier, self.plan.samples)
        table = {(*row.key, row.sample): row for row in earlier if row.key in there}

        def handle(answered: list[Answered]) -> None:
            found = judge(answered, self.grader, self.student)
            if self.log:
                self.log.append(found)
            table.update({(*row.key, row.sample): row for row in found})
            self.progress.advance(len(found) // self.plan.samples)

        missing = [one for one in problems if (one.benchmark, one.item.id) not in there]
        if missing:
            self.progress.start("evaluate", len(missing))
            ask_all(self.student, self.plan, missing, handle)
            self.progress.done()
        samples = range(self.plan.samples)
        return [table[one.benchmark, one.item.id, sample] for one in problems for sample in samples]
