"""Options of the executors that share work out: `--executor` and what goes with it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated

from cyclopts import Group, Parameter

from cotpress.cli.options.choices import EXECUTORS
from cotpress.cli.options.read_options import ReadOptions
from cotpress.errors import OptionError
from cotpress.number_formatting import count_noun

if TYPE_CHECKING:
    from cotpress.scale import InputShard, ScaleConfig, ShardedInput

SCALE_GROUP = Group("Scale-out", sort_key=6)
MIN_SPLIT_BYTES = 1 << 20  # bytes of a file that is worth cutting


@Parameter(name="*", group=SCALE_GROUP)
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

    def build_engine(self, executor: str, tasks: int | None, workers: int | None) -> ScaleConfig:
        """An executor whose tasks get that."""
        from cotpress.scale import ScaleConfig, SlurmQueue, TaskResources

        resources = TaskResources(self.cpus_per_task, self.mem_per_cpu, self.gpus_per_task)
        return ScaleConfig(executor, tasks, workers, resources, SlurmQueue(self.partition, self.time))


@Parameter(name="*", group=SCALE_GROUP)
@dataclass(frozen=True)
class ScaleOptions:
    """Which executor shares the input out, and to how many."""

    executor: Annotated[str, Parameter(choices=EXECUTORS)] = ""
    "Who shares the input out to workers; without one, this process does it all."
    split: int = 1
    "Shards that each file is cut to; a shard is what one worker does."
    tasks: int | None = None
    "Parts that share the shards; as many as there are shards by default."
    workers: int | None = None
    "Processes; one for each core by default. With an executor tasks that run at once, all by default but with local."
    task: TaskOptions = TaskOptions()

    def count_processes(self) -> int:
        """How many processes of this machine do a run without an executor.

        Raises:
            OptionError: fewer than one.
        """
        from cotpress.pipeline.worker_pool import count_workers

        if self.workers is not None and self.workers < 1:
            raise OptionError(f"{self.workers} workers can do nothing.", "Give --workers a number from 1 up.")
        return count_workers(self.workers)

    def build_engine(self) -> ScaleConfig:
        """The executor and what its tasks get."""
        return self.task.build_engine(self.executor, self.tasks, self.workers)

    def _describe_idle_workers(self, shards: tuple[InputShard, ...]) -> str:
        """What to do for workers without work; empty where all have some, or the files are too small to share."""
        cores = os.cpu_count() or 1 if self.executor == "local" else 1
        wanted = max(self.workers or cores, self.tasks or 1)
        if wanted <= len(shards) or max(shard.size for shard in shards) < MIN_SPLIT_BYTES:
            return ""
        each = -(-wanted * self.split // len(shards))
        few = count_noun(len(shards), "shard")
        return f"{few} for {wanted} workers or tasks: --split {each} would give each of them work."

    def find_inputs(self, inputs: Sequence[str], read: ReadOptions, quiet: bool) -> ShardedInput:
        """The shards. Standard error says what was passed over, and which workers have no work."""
        from cotpress.progress.display import create_progress
        from cotpress.scale import ShardedInput, find_shards, limit_inputs

        self.build_engine()  # what it refuses comes before anything is looked for
        select = read.build_selection()
        if select.shuffle:
            raise OptionError(
                "--shuffle draws from all rows of the input; a worker of --executor sees a shard.",
                "Write the rows first: cotpress rate INPUT -o part.jsonl --shuffle, then give part.jsonl instead.",
            )
        shards, skipped = find_shards(inputs, self.split)
        if idle := self._describe_idle_workers(shards):
            create_progress(quiet).say(idle)
        if skipped:
            rest = f" and {len(skipped) - 5} more" if len(skipped) > 5 else ""
            create_progress(quiet).say(f"Not read: {', '.join(skipped[:5])}{rest}.")
        found = ShardedInput(shards, read.build_fields(), read.join and read.join.absolute())
        return limit_inputs(found, select.limit) if select.limit else found


@Parameter(name="*", group=SCALE_GROUP)
@dataclass(frozen=True)
class StudyScoringOptions:
    """Which executor scores a study's traces. That comes before the cells; --workers tasks run at once."""

    executor: Annotated[str, Parameter(choices=EXECUTORS)] = ""
    "Who shares out what models score; every worker must reach the folder of finished steps."
    tasks: int | None = None
    "Parts that share the traces; as many as there are workers by default."
    task: TaskOptions = TaskOptions()


def refuse_unused_options(options: ScaleOptions | StudyScoringOptions) -> None:
    """Refuse what only an executor would heed, where none is named.

    Raises:
        OptionError: there is such an option.
    """
    for group in () if options.executor else (options, options.task):
        plain = type(group)()
        for name in (field.name for field in fields(group) if field.name not in ("task", "workers")):
            if getattr(group, name) != getattr(plain, name):
                option = f"--{name.replace('_', '-')}"
                raise OptionError(f"{option} is for an executor, and none is named.", "Add --executor local.")
