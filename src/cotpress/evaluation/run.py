"""One evaluation from items to figures, in memory or in a folder."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cotpress.errors import OptionError
from cotpress.evaluation.config import EvaluationConfig
from cotpress.evaluation.grading import Grader
from cotpress.evaluation.log import EvaluationLog, open_evaluation_log
from cotpress.evaluation.reply_rows import SampleReply, make_rows
from cotpress.evaluation.request_scheduler import PROTOCOL_VERSION, EvaluationProblem, ask_all
from cotpress.evaluation.result import EvaluationResult, check_same_token_limit
from cotpress.evaluation.row import EvaluationRow, find_finished_problems
from cotpress.evaluation.student import ChatStudent
from cotpress.progress import Progress, Silent
from cotpress.storage import compute_content_key

if TYPE_CHECKING:
    from cotpress.evaluation.benchmarks import BenchmarkItem


@dataclass(frozen=True, slots=True)
class EvaluationOutput:
    """Where an evaluation is kept, and what its summary compares it with.

    `force` replaces what is there. `allow_other_token_limit` allows a baseline with another generation budget.
    """

    folder: Path
    force: bool = False
    baseline: EvaluationResult | None = None
    allow_other_token_limit: bool = False


def evaluate(
    student: ChatStudent,
    items: Mapping[str, Sequence[BenchmarkItem]],
    plan: EvaluationConfig | None = None,
    output: EvaluationOutput | None = None,
    grader: Grader | None = None,
    progress: Progress | None = None,
) -> EvaluationResult:
    """Have a student solve the items of each benchmark, and grade what it says: one row a problem and sample, in
    the order of the items.

    What an interrupted run left in `output` is gone on from: only problems with a missing or failed sample are asked
    again.

    Args:
        student: who is asked; `open_student` makes one.
        items: the problems of each benchmark, by its name.
        plan: samples, temperature and length of replies.
        output: the folder of the run; None: nothing is written.
        grader: shares its processes among many evaluations; None: one for this call.
        progress: is told of problems that are complete.

    Raises:
        OptionError: nothing to evaluate, ids that are not unique, or a baseline with another budget.
        OutputError: the folder belongs to another run, or cannot be written.
        ModelError, MissingExtra: the student cannot be asked; what had arrived is kept.

    >>> from cotpress.chat import ChatReply
    >>> from cotpress.evaluation.benchmarks import BenchmarkItem
    >>> class Calculator:
    ...     endpoint = "calculator"
    ...     async def ask(self, request):
    ...         return ChatReply("2+3=5. The answer is 5.", "stop", 9, 12, 0.1)
    ...     async def close(self):
    ...         pass
    >>> sums = [BenchmarkItem("1", "2+3?", "5", "math"), BenchmarkItem("2", "4+4?", "8", "math")]
    >>> [row.outcome for row in evaluate(ChatStudent(Calculator()), {"sums": sums}).rows]
    ['right', 'wrong']
    """
    began, plan = time.monotonic(), plan or EvaluationConfig()
    settings = describe_settings(student, items, plan)
    if output and output.baseline and not output.allow_other_token_limit:
        check_same_token_limit(settings, output.baseline)
    unfinished = EvaluationResult(settings, ())
    with ExitStack() as stack:
        log = stack.enter_context(open_evaluation_log(output.folder, unfinished.key, output.force)) if output else None
        judges = stack.enter_context(nullcontext(grader) if grader else Grader())
        run = _EvaluationRun(student, plan, judges, log, progress or Silent())
        rows = run.collect_rows([EvaluationProblem(name, item) for name, part in items.items() for item in part])
        finished = replace(unfinished, rows=tuple(rows), seconds=time.monotonic() - began)
        if log and output:
            log.finish(rows, finished.summarize(output.baseline))
    return finished


def describe_settings(
    student: ChatStudent, items: Mapping[str, Sequence[BenchmarkItem]], plan: EvaluationConfig
) -> dict[str, Any]:
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
        name: {"problems": len(part), "items": compute_content_key([asdict(item) for item in part])}
        for name, part in items.items()
    }
    return {
        "student": student.identity,
        **asdict(plan),
        "counted_with": student.counter_name,
        "benchmarks": benchmarks,
        "protocol": PROTOCOL_VERSION,
    }


@dataclass(slots=True)
class _EvaluationRun:
    """What the handling of replies needs."""

    student: ChatStudent
    plan: EvaluationConfig
    grader: Grader
    log: EvaluationLog | None
    progress: Progress

    def collect_rows(self, problems: Sequence[EvaluationProblem]) -> list[EvaluationRow]:
        """All rows, those of an earlier start included."""
        earlier = self.log.rows if self.log else ()
        there = find_finished_problems(earlier, self.plan.samples)
        table = {(*row.problem_key, row.sample): row for row in earlier if row.problem_key in there}

        def handle(answered: list[SampleReply]) -> None:
            rows = make_rows(answered, self.grader, self.student)
            if self.log:
                self.log.append(rows)
            table.update({(*row.problem_key, row.sample): row for row in rows})
            self.progress.advance(len(rows) // self.plan.samples)

        missing = [problem for problem in problems if (problem.benchmark, problem.item.id) not in there]
        if missing:
            self.progress.start("evaluate", len(missing))
            ask_all(self.student, self.plan, missing, handle)
            self.progress.done()
        samples = range(self.plan.samples)
        return [table[problem.benchmark, problem.item.id, sample] for problem in problems for sample in samples]
