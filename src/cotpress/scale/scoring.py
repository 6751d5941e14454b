"""A study's scoring on the executors, before the sweep that uses it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cotpress._version import __version__
from cotpress.errors import CotpressError
from cotpress.pipeline import Progress
from cotpress.scale.engine import Engine
from cotpress.scale.executors import SPREAD, submit_scoring
from cotpress.scale.step import check_version

if TYPE_CHECKING:  # whoever only shares out files has no study's libraries
    from cotpress.study import Study


@dataclass(frozen=True, slots=True)
class Scoring:
    """Task `rank` of so many scores its share of a study's traces into the store.

    What cannot be scored is told and left: the sweep that comes after does it, or says why not.
    """

    study: Study
    store: Path
    total: int
    version: str = __version__

    @property
    def logs(self) -> str:
        """Where datatrove keeps its logs."""
        return str(self.store / "logs" / "scoring")

    def size(self, rank: int, tasks: int) -> int:
        """How many traces task `rank` of so many has, about."""
        return self.total * (rank + 1) // tasks - self.total * rank // tasks

    def tried(self, attempt: int) -> Scoring:
        """What an earlier attempt stored is not scored again: nothing differs."""
        return self

    def under(self, parent: int) -> Scoring:
        """A share is short, and worth having even when nobody waits for it."""
        return self

    def __call__(self, data: Any = None, rank: int = 0, world_size: int = 1) -> None:
        """Do the share. Raises OutputError: this machine has another version."""
        from cotpress.study import Scores

        check_version(self.version)
        try:
            Scores(self.study, self.store).do(rank, world_size)
        except CotpressError as error:
            print(f"cotpress: {error}", file=sys.stderr, flush=True)


def score_study(study: Study, store: Path, engine: Engine, progress: Progress) -> bool:
    """Have all that models score in a study in its store, which every worker must reach; False: Slurm does it later.

    Traces are dealt out evenly over the tasks, one a worker where no number is given. What is stored is not scored
    again, and what a task could not do is left to the sweep.

    Raises:
        CotpressError: the study's traces cannot be read, or Slurm takes no job.
    """
    from cotpress.study import Scores

    total, place = len(Scores(study, store)), store.expanduser().absolute()
    if not total:
        progress.say("No model scores anything in this study: nothing to share out.")
        return True
    tasks = min(total, engine.tasks or engine.workers_for(total))
    step = Scoring(study, place, total)
    if engine.name == "slurm":
        progress.say(f"Submitted; once job {submit_scoring(step, tasks, engine)} has ended, sweep without --executor.")
        return False
    progress.start("Scoring", total)
    SPREAD[engine.name](step, tasks, engine, progress)
    progress.done()
    return True
