"""`--executor` of `cotpress compress` and `rewrite`: the same work on more than one process or machine."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import Group, Parameter

from cotpress.cli.options import ReadOptions
from cotpress.errors import OptionError
from cotpress.wording import counted

if TYPE_CHECKING:
    from cotpress.cli.compress import OutputOptions
    from cotpress.pipeline import Asking, Job, RewriteJob
    from cotpress.scale import Engine, Inputs, Shard
    from cotpress.study import Study

SCALE = Group("Scale-out", sort_key=6)
WORTH = 1 << 20  # bytes of a file that is worth cutting


@Parameter(name="*", group=SCALE)
@dataclass(frozen=True)
class TaskOptions:
    """What each task gets, and where Slurm puts it."""

    cpus_per_task: int = 1
    "ray and slurm: cores of each task."
    mem_per_cpu: int = 2
    "ray and slurm: memory for each core in GiB."
    gpus_per_task: int = 0
    "ray and slurm: GPUs of each task."
    partition: str = ""
    "slurm: the partition."
    time: str = "24:00:00"
    "slurm: time limit of a task."

    def engine(self, executor: str, tasks: int | None, workers: int | None) -> Engine:
        """An executor whose tasks get that."""
        from cotpress.scale import Engine, Queue, Resources

        resources = Resources(self.cpus_per_task, self.mem_per_cpu, self.gpus_per_task)
        return Engine(executor, tasks, workers, resources, Queue(self.partition, self.time))


@Parameter(name="*", group=SCALE)
@dataclass(frozen=True)
class ScaleOptions:
    """Which executor shares the input out, and to how many."""

    executor: str = ""
    "local, ray or slurm, to share the input out; without one, this process does it all."
    split: int = 1
    "Shards that each file is cut to; a shard is what one worker does."
    tasks: int | None = None
    "Parts that the shards are dealt to; as many as there are shards by default."
    workers: int | None = None
    "Tasks that run at once; all by default, and as many as there are cores with local."
    task: TaskOptions = TaskOptions()

    def engine(self) -> Engine:
        """The executor and what its tasks get."""
        return self.task.engine(self.executor, self.tasks, self.workers)

    def _idle(self, shards: tuple[Shard, ...]) -> str:
        """What to do for workers without work; empty where all have some, or the files are too small to share."""
        cores = os.cpu_count() or 1 if self.executor == "local" else 1
        wanted = max(self.workers or cores, self.tasks or 1)
        if wanted <= len(shards) or max(shard.size for shard in shards) < WORTH:
            return ""
        each = -(-wanted * self.split // len(shards))
        few = counted(len(shards), "shard")
        return f"{few} for {wanted} workers or tasks: --split {each} would give each of them work."

    def inputs(self, given: list[str], read: ReadOptions, quiet: bool) -> Inputs:
        """The shards; what was passed over, and workers without work, are told on standard error."""
        from cotpress.cli.progress import progress_for
        from cotpress.scale import Inputs, find_shards

        self.engine()  # what it refuses comes before anything is looked for
        shards, skipped = find_shards(given, self.split)
        if idle := self._idle(shards):
            progress_for(quiet).say(idle)
        if skipped:
            rest = f" and {len(skipped) - 5} more" if len(skipped) > 5 else ""
            progress_for(quiet).say(f"Not read: {', '.join(skipped[:5])}{rest}.")
        return Inputs(shards, read.fields(), read.join and read.join.absolute())


@Parameter(name="*", group=SCALE)
@dataclass(frozen=True)
class ScoringOptions:
    """Which executor scores a study's traces before its cells are begun; --workers tasks run at once."""

    executor: str = ""
    "local, ray or slurm, to share out what models score; every worker must reach the folder of finished steps."
    tasks: int | None = None
    "Parts that the traces are dealt to; as many as there are workers by default."
    task: TaskOptions = TaskOptions()


def refuse_unused(options: ScaleOptions | ScoringOptions) -> None:
    """Refuse what only an executor would heed, where none is named.

    Raises:
        OptionError: there is such an option.
    """
    for given in () if options.executor else (options, options.task):
        plain = type(given)()
        for name in (one.name for one in fields(given) if one.name != "task"):
            if getattr(given, name) != getattr(plain, name):
                option = f"--{name.replace('_', '-')}"
                raise OptionError(f"{option} is for an executor, and none is named.", "Add --executor local.")


def score_scaled(study: Study, store: Path, how: ScoringOptions, workers: int, quiet: bool) -> bool:
    """Score a study's traces on an executor; False where Slurm does it later."""
    from cotpress.cli.progress import progress_for
    from cotpress.scale import score_study

    engine = how.task.engine(how.executor, how.tasks, workers)
    return score_study(study, store, engine, progress_for(quiet, "trace"))


def run_scaled(
    inputs: Inputs,
    job: Job | RewriteJob,
    to: OutputOptions,
    store: Path,
    asking: Asking | None = None,
) -> int:
    """Run a job over shards and report it; the exit code, 0 where Slurm does it later."""
    from cotpress.cli.progress import progress_for
    from cotpress.cli.show import report
    from cotpress.scale import Folder, Plan, run_shards

    engine = to.scale.engine()
    plan = Plan(job, inputs, Folder.named(to.output), store.expanduser().absolute(), asking)
    summary = run_shards(plan, engine, progress_for(to.quiet, "shard"), to.force)
    return 0 if summary is None else report(summary, to.output, to.json)
