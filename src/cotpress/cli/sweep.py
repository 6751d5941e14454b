"""`cotpress sweep`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from cotpress.cli.scaling import ScoringOptions, refuse_unused, score_scaled
from cotpress.wording import agreeing, counted, duration

if TYPE_CHECKING:
    from cotpress.study import Estimate, Sweep

_SHOWN = 8  # failed cells that are named


@Parameter(name="*")
@dataclass(frozen=True)
class LabourOptions:
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
    how: LabourOptions = LabourOptions(),
    scale: ScoringOptions = ScoringOptions(),
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
    from cotpress.cli.watching import watcher_for
    from cotpress.study import Labour, estimate_study, read_study
    from cotpress.study import sweep as run

    labour = Labour(how.workers, how.minutes)
    refuse_unused(scale)
    chosen = read_study(study)
    store = how.store or output / "steps"
    estimate = estimate_study(chosen, store)
    for line in told(estimate, how.workers):
        print(line, file=sys.stdout if plan else sys.stderr, flush=True)
    if plan:
        return 0
    if scale.executor and not score_scaled(chosen, store, scale, how.workers, quiet):
        return 0
    done = run(chosen, output, store=how.store, labour=labour, watch=watcher_for(quiet, how.workers))
    for line in summed_up(done, output):
        print(line)
    return 1 if done.failed else 0


def told(estimate: Estimate, workers: int) -> list[str]:
    """The plan, for people."""
    read_as = "" if estimate.counted_with == "units" else f" of {estimate.counted_with}"
    size = counted(estimate.tokens, "token" if read_as else "unit")
    lines = [
        f"{counted(estimate.traces, 'trace')} in {counted(estimate.conditions, 'condition')}, {size}{read_as}",
        f"{counted(estimate.compressions, 'compression')}, {counted(estimate.cells, 'cell')}; "
        f"{estimate.done:,} of {counted(estimate.jobs, 'job')} {agreeing(estimate.done, 'is', 'are')} in the store",
    ]
    if estimate.calls:
        read, written = estimate.call_tokens
        cost = "cost: known once rewriting.price is given" if estimate.cost is None else f"about ${estimate.cost:.2f}"
        lines.append(
            f"to rewrite: {counted(estimate.calls, 'call')}, about {counted(read, 'token')} read and {written:,} "
            f"written; {cost}"
        )
    if estimate.reply_tokens:
        lines.append(
            f"to train on: {counted(estimate.train_tokens, 'token')} of reasoning; to generate: at most "
            f"{counted(estimate.reply_tokens, 'token')}"
        )
        known = estimate.seconds is not None
        lines.append(f"about {duration((estimate.seconds or 0.0) / workers)}" if known else _UNKNOWN)
    return lines


_UNKNOWN = "time: known once a cell of each student is done (run the study with fewer cells first to see)"


def summed_up(done: Sweep, output: Path) -> list[str]:
    """How it ended, and what to type next."""
    what = counted(len(done.failed), "compression or cell", "compressions and cells")
    lines = [f"{what} failed:"] if done.failed else []
    lines += [f"  {name}: {error}" for name, error in list(done.failed.items())[:_SHOWN]]
    if len(done.failed) > _SHOWN:
        lines.append(f"  and {len(done.failed) - _SHOWN} more, in {done.tables}: compressions and cells")
    if done.left:
        them = agreeing(done.left, "it", "them")
        lines.append(f"{counted(done.left, 'cell')} left open: the same command goes on with {them}")
    lines.append(f"tables written to {done.tables} in {duration(done.seconds)}")
    return [*lines, f"next: cotpress report {output}"]
