"""Which executor runs the passes, with how many tasks and what each of them gets."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from cotpress.errors import OptionError, build_unknown_name_error

EXECUTOR_NAMES = ("local", "ray", "slurm")


@dataclass(frozen=True, slots=True)
class TaskResources:
    """What each task gets; `memory` is in GiB for each core."""

    cpus: int = 1
    memory: int = 2
    gpus: int = 0


@dataclass(frozen=True, slots=True)
class SlurmQueue:
    """Where Slurm puts the tasks, and their time limit."""

    partition: str = ""
    time: str = "24:00:00"


@dataclass(frozen=True, slots=True)
class ScaleConfig:
    """An executor. `tasks` is how many parts the shards are divided into, `workers` how many run at once.

    Raises:
        OptionError: on construction, for an executor that is unknown or numbers that cannot be.
    """

    name: str = "local"
    tasks: int | None = None
    workers: int | None = None
    resources: TaskResources = field(default_factory=TaskResources)
    queue: SlurmQueue = field(default_factory=SlurmQueue)

    def __post_init__(self) -> None:
        if self.name not in EXECUTOR_NAMES:
            raise build_unknown_name_error("executor", self.name, EXECUTOR_NAMES)
        for name, number in (("tasks", self.tasks), ("workers", self.workers), ("cpus", self.resources.cpus)):
            if number is not None and number < 1:
                raise OptionError(f"{name} is {number}.", "Give 1 or more.")
        if self.name == "slurm" and not self.queue.partition:
            raise OptionError("Slurm needs a partition.", "Give --partition NAME; sinfo lists them.")

    def count_tasks(self, shards: int) -> int:
        """How many tasks so many shards are divided into: no more than there are shards."""
        return max(1, min(self.tasks or shards, shards))

    def count_workers(self, tasks: int) -> int:
        """How many tasks run at once: all that are asked for; as many as this machine has cores for "local"."""
        return min(tasks, self.workers or (os.cpu_count() or 1 if self.name == "local" else tasks))

    def check_locations(self, places: list[str]) -> None:
        """Refuse places that the workers cannot see.

        Raises:
            OptionError: a place in the memory of this process, for other processes.
        """
        inside = next((place for place in places if place.startswith("memory:")), None)
        if inside and (self.name != "local" or self.workers != 1):
            raise OptionError(f"{inside} is in this process alone.", "Give --executor local --workers 1 with it.")
