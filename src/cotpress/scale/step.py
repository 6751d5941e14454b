"""The step that datatrove's executors run, and how a task that is killed is begun again.

A step is a callable that takes datatrove's (data, rank, world size). It carries the plan, so that a task needs nothing
but this package and the places that the plan names.
"""

from __future__ import annotations

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
from cotpress.scale.finish import finish
from cotpress.scale.folder import told
from cotpress.scale.joints import JOINTS, check_ready, failure_name
from cotpress.scale.passes import do_shard, mark_name
from cotpress.scale.plan import Known, Plan, load_known
from cotpress.scale.shards import Shard, largest_first

TRIES = 3  # of a task whose process is killed


class Tasks(Protocol):
    """What an executor runs: a callable that does one task of so many, and can be sent to another process."""

    @property
    def logs(self) -> str:
        """Where datatrove keeps its logs."""

    def size(self, rank: int, tasks: int) -> int:
        """How many shards or traces task `rank` of so many has."""

    def tried(self, attempt: int) -> Tasks:
        """The same for a task that is begun for the `attempt`-th time, from 0."""

    def under(self, parent: int) -> Tasks:
        """The same for a process that begins nothing more once `parent` is not its parent."""

    def __call__(self, data: Any = None, rank: int = 0, world_size: int = 1) -> None:
        """Do task `rank` of `world_size`."""


@dataclass(frozen=True, slots=True)
class Step:
    """One pass over the shards. A task does those of its share that are unfinished.

    A shard that cannot be done is noted and does not hold up the others. `shards` is what the tasks share, None for
    all. Every other `attempt` begins at the other end, so that a shard that kills its worker holds up none but
    itself. `parent` is the process without which nothing more is begun, 0 for none.
    """

    plan: Plan
    name: str
    shards: tuple[Shard, ...] | None = None
    version: str = __version__
    attempt: int = 0
    parent: int = 0

    @property
    def logs(self) -> str:
        """Where datatrove keeps the logs of the pass."""
        return logs(self.plan, self.name)

    def size(self, rank: int, tasks: int) -> int:
        """How many shards task `rank` of so many has."""
        return len((self.shards or ())[rank::tasks])

    def tried(self, attempt: int) -> Step:
        """The step, begun for the `attempt`-th time."""
        return replace(self, attempt=attempt)

    def under(self, parent: int) -> Step:
        """The step, below a process."""
        return replace(self, parent=parent)

    def __call__(self, data: Any = None, rank: int = 0, world_size: int = 1) -> None:
        """Do the shards of task `rank` of `world_size`.

        Raises:
            OutputError: a pass before this one failed, or this machine has another version than made the plan.
        """
        check_version(self.version)
        check_ready(self.plan, self.name)
        known = load_known(self.plan)
        shards = sorted(self.plan.inputs.shards, key=largest_first) if self.shards is None else self.shards
        for shard in shards[rank::world_size][:: -1 if self.attempt % 2 else 1]:
            if self.parent and os.getppid() != self.parent:
                return
            if not self.plan.output.exists(mark_name(self.plan, known, self.name, shard)):
                self._do(known, shard)

    def _do(self, known: Known, shard: Shard) -> None:
        try:
            do_shard(self.plan, known, self.name, shard)
        except Exception as error:  # whatever it is, the other shards are done and the run says what happened
            said = str(error) if isinstance(error, CotpressError) else told(error)
            note = {"shard": shard.title, "error": said, "traceback": traceback.format_exc()}
            try:
                self.plan.output.write_json(failure_name(self.plan, shard), note)
            except OutputError:
                print(f"cotpress: {shard.title}: {said}", file=sys.stderr, flush=True)


def check_version(version: str) -> None:
    """Raises OutputError: this machine has another version than planned the run."""
    if version != __version__:
        problem = f"The run was planned by cotpress {version}; this machine has {__version__}."
        raise OutputError(problem, "Install the same version everywhere.")


def logs(plan: Plan, name: str) -> str:
    """Where datatrove keeps the logs of a pass."""
    return f"{plan.output.url}/{plan.here}/logs/{name}"


@dataclass(frozen=True, slots=True)
class Joint:
    """What comes after a pass, as a step of one task: "finish", or the name of the pass."""

    plan: Plan
    name: str

    @property
    def logs(self) -> str:
        """Where datatrove keeps the logs of it."""
        return logs(self.plan, f"{'outcomes' if self.name == 'finish' else self.name}-joint")

    def __call__(self, data: Any = None, rank: int = 0, world_size: int = 1) -> None:
        """Do it. Raises CotpressError."""
        (finish if self.name == "finish" else JOINTS[self.name])(self.plan)


@dataclass(frozen=True, slots=True)
class Guarded:
    """A step whose tasks run in child processes, for executors that wait for ever for one that was killed."""

    step: Tasks

    def __call__(self, data: Any = None, rank: int = 0, world_size: int = 1) -> None:
        """Do task `rank` of `world_size`; a child that is killed is followed by another."""
        survive(lambda attempt: Share(self.step.tried(attempt), rank, world_size))


@dataclass(frozen=True, slots=True)
class Share:
    """One task of a step."""

    step: Tasks
    rank: int
    world_size: int

    def __call__(self) -> None:
        """Do it."""
        self.step.under(os.getppid())(None, self.rank, self.world_size)


def survive(make: Callable[[int], Callable[[], object]], children: list[subprocess.Popen[bytes]] | None = None) -> bool:
    """Call what `make` makes of 0, 1, ... in a child process until one ends well, at most `TRIES` times.

    `children` holds the child that runs, for whoever has to end it.
    """
    for attempt in range(TRIES):
        child = subprocess.Popen([sys.executable, "-m", "cotpress.scale.child"], stdin=subprocess.PIPE)
        if children is not None:
            children.append(child)
        child.communicate(pickle.dumps(make(attempt)))
        if child.returncode == 0:
            return True
    return False
