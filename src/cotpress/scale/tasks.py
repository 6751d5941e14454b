"""The step that executors run, and how a task that is killed is begun again.

A step is a callable that takes datatrove's (data, rank, world size). It carries the plan, so that a task needs nothing
but this package and the places that the plan names.
"""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from cotpress._version import __version__
from cotpress.errors import CotpressError, OutputError
from cotpress.scale.input_copies import share_copies
from cotpress.scale.map import get_completion_path, process_shard
from cotpress.scale.plan import CorpusState, ScalePlan, extend_search_path, load_corpus_state
from cotpress.scale.reduce import REDUCERS, check_prerequisites, get_failure_path
from cotpress.scale.shards import InputShard, compute_sort_key
from cotpress.scale.storage import format_error
from cotpress.scale.summary import finish_run

_logger = logging.getLogger("cotpress")
MAX_TASK_ATTEMPTS = 3  # of a task whose process is killed


class TaskSet(Protocol):
    """What an executor runs: a callable that does one task of so many, and can be sent to another process."""

    @property
    def log_folder(self) -> str:
        """Where datatrove keeps its logs."""

    def get_size(self, rank: int, tasks: int) -> int:
        """How many shards or traces task `rank` of so many has."""

    def with_attempt(self, attempt: int) -> TaskSet:
        """The same for a task that is begun for the `attempt`-th time, from 0."""

    def with_parent(self, parent: int) -> TaskSet:
        """The same for a process that begins nothing more once `parent` is not its parent."""

    def __call__(self, data: Any = None, rank: int = 0, world_size: int = 1) -> None:
        """Do task `rank` of `world_size`."""


@dataclass(frozen=True, slots=True)
class PassTasks:
    """One pass over the shards. A task does those of its share that are unfinished.

    A shard that cannot be done is noted and does not hold up the others. `shards` is what the tasks share, None for
    all. Every other `attempt` begins at the other end, so that a shard that kills its worker holds up none but
    itself. `parent` is the process without which nothing more is begun, 0 for none.
    """

    plan: ScalePlan
    name: str
    shards: tuple[InputShard, ...] | None = None
    version: str = __version__
    attempt: int = 0
    parent: int = 0

    @property
    def log_folder(self) -> str:
        """Where datatrove keeps the logs of the pass."""
        return get_log_folder(self.plan, self.name)

    def get_size(self, rank: int, tasks: int) -> int:
        """How many shards task `rank` of so many has."""
        return len((self.shards or ())[rank::tasks])

    def with_attempt(self, attempt: int) -> PassTasks:
        """The step, begun for the `attempt`-th time."""
        return replace(self, attempt=attempt)

    def with_parent(self, parent: int) -> PassTasks:
        """The step, below a process."""
        return replace(self, parent=parent)

    def __call__(self, data: Any = None, rank: int = 0, world_size: int = 1) -> None:
        """Do the shards of task `rank` of `world_size`.

        Raises:
            OutputError: a pass before this one failed, or this machine has another version than made the plan.
        """
        check_version(self.version)
        extend_search_path(self.plan.search_path)
        check_prerequisites(self.plan, self.name)
        state = load_corpus_state(self.plan)
        shards = sorted(self.plan.inputs.shards, key=compute_sort_key) if self.shards is None else self.shards
        with share_copies():
            for shard in shards[rank::world_size][:: -1 if self.attempt % 2 else 1]:
                if self.parent and os.getppid() != self.parent:
                    return
                if not self.plan.output.exists(get_completion_path(self.plan, state, self.name, shard)):
                    self._try_shard(state, shard)

    def _try_shard(self, state: CorpusState, shard: InputShard) -> None:
        try:
            process_shard(self.plan, state, self.name, shard)
        except Exception as error:  # whatever it is, the other shards are done and the run says what happened
            message = str(error) if isinstance(error, CotpressError) else format_error(error)
            failure = {"shard": shard.title, "error": message, "traceback": traceback.format_exc()}
            try:
                self.plan.output.write_json(get_failure_path(self.plan, shard), failure)
            except OutputError:
                _logger.warning("%s: %s", shard.title, message)


def check_version(version: str) -> None:
    """Raises OutputError: this machine has another version than planned the run."""
    if version != __version__:
        problem = f"The run was planned by cotpress {version}; this machine has {__version__}."
        raise OutputError(problem, "Install the same version everywhere.")


def get_log_folder(plan: ScalePlan, name: str) -> str:
    """Where datatrove keeps the logs of a pass."""
    return f"{plan.output.url}/{plan.run_folder}/logs/{name}"


@dataclass(frozen=True, slots=True)
class ReduceTask:
    """What comes after a pass, as a step of one task: "finish", or the name of the pass."""

    plan: ScalePlan
    name: str

    @property
    def log_folder(self) -> str:
        """Where datatrove keeps the logs of it."""
        return get_log_folder(self.plan, f"{'outcomes' if self.name == 'finish' else self.name}-joint")

    def __call__(self, data: Any = None, rank: int = 0, world_size: int = 1) -> None:
        """Do it. Raises CotpressError."""
        extend_search_path(self.plan.search_path)
        (finish_run if self.name == "finish" else REDUCERS[self.name])(self.plan)


@dataclass(frozen=True, slots=True)
class RestartingTasks:
    """A step whose tasks run in child processes, for executors that wait for ever for one that was killed."""

    task_set: TaskSet

    def __call__(self, data: Any = None, rank: int = 0, world_size: int = 1) -> None:
        """Do task `rank` of `world_size`; a child that is killed is followed by another."""
        run_with_restarts(lambda attempt: ChildTask(self.task_set.with_attempt(attempt), rank, world_size))


@dataclass(frozen=True, slots=True)
class ChildTask:
    """One task of a step."""

    task_set: TaskSet
    rank: int
    world_size: int

    def __call__(self) -> None:
        """Do it."""
        self.task_set.with_parent(os.getppid())(None, self.rank, self.world_size)


def run_with_restarts(
    make: Callable[[int], Callable[[], object]], children: list[subprocess.Popen[bytes]] | None = None
) -> bool:
    """Call what `make` makes of 0, 1, ... in a child process until one ends well, at most `MAX_TASK_ATTEMPTS` times.

    `children` holds the child that runs, so that a caller can end it.
    """
    for attempt in range(MAX_TASK_ATTEMPTS):
        child = subprocess.Popen([sys.executable, "-m", "cotpress.scale.child"], stdin=subprocess.PIPE)
        if children is not None:
            children.append(child)
        child.communicate(pickle.dumps(make(attempt)))
        if child.returncode == 0:
            return True
    return False
