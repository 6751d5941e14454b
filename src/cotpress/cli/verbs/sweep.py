"""`cotpress sweep`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from cotpress.cli.options.scale_options import StudyScoringOptions, refuse_unused_options
from cotpress.cli.verbs.executor_runs import score_on_executor
from cotpress.errors import EXIT_JOBS_FAILED
from cotpress.number_formatting import count_noun, format_duration, inflect

if TYPE_CHECKING:
    from cotpress.study import StudyEstimate, SweepResult

_MAX_NAMED_FAILURES = 8  # failed cells that are named


@Parameter(name="*")
@dataclass(frozen=True)
class SweepOptions:
    """Who works, how long, and where finished steps are kept."""

    workers: int = 1
    "Processes that work side by side, each with its share of the cores."
    minutes: float | None = None
    "Begin no cell after so many minutes; the tables hold what is done, the same command continues."
    store: Path | None = None
    "Folder of finished steps, to be shared between studies; OUTPUT/steps by default."


def sweep(
    study: str,
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    how: SweepOptions = SweepOptions(),
    scale: StudyScoringOptions = StudyScoringOptions(),
    plan: Annotated[bool, Parameter(negative=())] = False,
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"], negative=())] = False,
) -> int:
    """Run a study: shorten the traces in every way it names, train and ask students, and write the tables.

    Parameters
    ----------
    study
        YAML file, or the name of a study that comes along: demo, published, world.
    output
        Folder of the run. Stopped at any point, the same command continues.
    plan
        Only print what there is to do and what it takes.
    quiet
        No progress.
    """
    from cotpress.cli.display.sweep_display import create_watcher
    from cotpress.study import ExecutorConfig, estimate_study, read_study
    from cotpress.study import sweep as run

    executor = ExecutorConfig(how.workers, how.minutes)
    refuse_unused_options(scale)
    chosen = read_study(study)
    store = how.store or output / "steps"
    estimate = estimate_study(chosen, store)
    for line in format_estimate(estimate, how.workers):
        print(line, file=sys.stdout if plan else sys.stderr, flush=True)
    if plan:
        return 0
    if scale.executor and not score_on_executor(chosen, store, scale, how.workers, quiet):
        return 0
    done = run(chosen, output, store=how.store, executor=executor, observer=create_watcher(quiet, how.workers))
    for line in format_sweep_result(done, output):
        print(line)
    return EXIT_JOBS_FAILED if done.failed else 0


def format_estimate(estimate: StudyEstimate, workers: int) -> list[str]:
    """The plan, for people."""
    read_as = "" if estimate.counted_with == "units" else f" of {estimate.counted_with}"
    size = count_noun(estimate.tokens, "token" if read_as else "unit")
    left_out = (
        f"; {count_noun(estimate.rejected, 'row')} cannot be read (cotpress inspect FILE says why)"
        if estimate.rejected
        else ""
    )
    lines = [
        f"{count_noun(estimate.traces, 'trace')} in {count_noun(estimate.conditions, 'condition')}, {size}{read_as}"
        f"{left_out}",
        f"{count_noun(estimate.compressions, 'compression')}, {count_noun(estimate.cells, 'cell')}; "
        f"{estimate.done:,} of {count_noun(estimate.jobs, 'job')} {inflect(estimate.done, 'is', 'are')} in the store",
    ]
    if estimate.calls:
        read, written = estimate.call_tokens
        cost = "cost: known once rewriting.price is given" if estimate.cost is None else f"about ${estimate.cost:.2f}"
        lines.append(
            f"to rewrite: {count_noun(estimate.calls, 'call')}, about {count_noun(read, 'token')} read and {written:,} "
            f"written; {cost}"
        )
    if estimate.reply_tokens:
        lines.append(
            f"to train on: {count_noun(estimate.train_tokens, 'token')} of reasoning; to generate: at most "
            f"{count_noun(estimate.reply_tokens, 'token')}"
        )
        known = estimate.seconds is not None
        lines.append(f"about {format_duration((estimate.seconds or 0.0) / workers)}" if known else _UNKNOWN_TIME)
    return lines


_UNKNOWN_TIME = "time: known once a cell of each student is done (run the study with fewer cells first to see)"


def format_sweep_result(done: SweepResult, output: Path) -> list[str]:
    """How it ended, and what to type next."""
    what = count_noun(len(done.failed), "compression or cell", "compressions and cells")
    lines = [f"{what} failed:"] if done.failed else []
    lines += [f"  {name}: {error}" for name, error in list(done.failed.items())[:_MAX_NAMED_FAILURES]]
    if len(done.failed) > _MAX_NAMED_FAILURES:
        lines.append(f"  and {len(done.failed) - _MAX_NAMED_FAILURES} more, in {done.tables}: compressions and cells")
    if done.open_cells:
        them = inflect(done.open_cells, "it", "them")
        lines.append(f"{count_noun(done.open_cells, 'cell')} left open: the same command goes on with {them}")
    lines.append(f"tables written to {done.tables} in {format_duration(done.seconds)}")
    return [*lines, f"next: cotpress report {output}"]
