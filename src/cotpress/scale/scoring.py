"""A study's scoring on the executors, before the sweep that uses it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cotpress._version import __version__
from cotpress.errors import CotpressError
from cotpress.progress import Progress
from cotpress.scale.config import ScaleConfig
from cotpress.scale.executors import TASK_RUNNERS, submit_scoring
from cotpress.scale.plan import extend_search_path, list_search_path
from cotpress.scale.tasks import check_version

if TYPE_CHECKING:  # runs over files work without the libraries of studies
    from cotpress.study import Study

_logger = logging.getLogger("cotpress")


@dataclass(frozen=True, slots=True)
class ScoringTasks:
    """Task `rank` of so many scores its share of a study's traces into the store.

    What cannot be scored is one line of the log. The sweep that follows scores it, or says why not.
    """

    study: Study
    store: Path
    total: int
    version: str = __version__
    search_path: tuple[str, ...] = field(default_factory=list_search_path)

    @property
    def log_folder(self) -> str:
        """Where datatrove keeps its logs."""
        return str(self.store / "logs" / "scoring")

    def get_size(self, rank: int, tasks: int) -> int:
        """How many traces task `rank` of so many has, about."""
        return self.total * (rank + 1) // tasks - self.total * rank // tasks

    def with_attempt(self, attempt: int) -> ScoringTasks:
        """What an earlier attempt stored is not scored again: nothing differs."""
        return self

    def with_parent(self, parent: int) -> ScoringTasks:
        """A share is short, and of use even when its parent has ended."""
        return self

    def __call__(self, data: Any = None, rank: int = 0, world_size: int = 1) -> None:
        """Do the share. Raises OutputError: this machine has another version."""
        from cotpress.study import StudyScoring

        check_version(self.version)
        extend_search_path(self.search_path)
        try:
            StudyScoring(self.study, self.store).run_part(rank, world_size)
        except CotpressError as error:
            _logger.warning("%s", error)


def score_study(study: Study, store: Path, config: ScaleConfig, progress: Progress) -> bool:
    """Have all that models score in a study in its store, which every worker must reach; False: Slurm does it later.

    Traces are divided evenly over the tasks, one a worker where no number is given. What is stored is not scored
    again, and what a task could not do is left to the sweep.

    Args:
        study: the study; what it scores with an n-gram model is left to the sweep.
        store: the folder of finished steps.
        config: the executor.
        progress: receives what happens.

    Raises:
        CotpressError: the study's traces cannot be read, or Slurm takes no job.

    >>> from cotpress.progress import Silent
    >>> from cotpress.study import parse_study
    >>> conditions = "{m: {traces: world, domain: math, regime: long, limit: 2}}"
    >>> text = f"name: a\\nconditions: {conditions}\\npruning: {{criteria: [nll]}}"
    >>> score_study(parse_study(text, "a"), Path("store"), ScaleConfig("local", workers=1), Silent())
    True
    """
    from cotpress.study import StudyScoring

    total, place = len(StudyScoring(study, store)), store.expanduser().absolute()
    if not total:
        progress.say("No model scores anything in this study: nothing to share out.")
        return True
    tasks = min(total, config.tasks or config.count_workers(total))
    step = ScoringTasks(study, place, total)
    if config.name == "slurm":
        progress.say(f"Submitted; once job {submit_scoring(step, tasks, config)} has ended, sweep without --executor.")
        return False
    progress.start("Scoring", total)
    TASK_RUNNERS[config.name](step, tasks, config, progress)
    progress.done()
    return True
