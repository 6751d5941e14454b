"""The door to datatrove: a step on its local, Ray and Slurm executors.

Which shards are done is told by their marks, so datatrove's own marks, which know of no settings, are not asked.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cotpress.errors import CotpressError, require
from cotpress.pipeline import Progress
from cotpress.scale.engine import Engine
from cotpress.scale.plan import Plan
from cotpress.scale.step import Guarded, Joint, Step, Tasks, survive


@dataclass(frozen=True, slots=True)
class Rank:
    """One task of a step on the local executor; a child process calls it."""

    step: Tasks
    rank: int
    tasks: int

    def __call__(self) -> None:
        """Do it."""
        run_ranks(self.step.under(os.getppid()), self.tasks, self.rank, 1)


def run_ranks(step: Tasks, tasks: int, first: int, count: int) -> None:
    """Tasks `first` .. `first + count - 1` of a step on datatrove's local executor, one after the other, here."""
    executor = require("datatrove.executor.local", "scale")
    require("loguru", "scale").logger.disable("datatrove")  # what goes wrong is noted shard by shard
    executor.LocalPipelineExecutor(
        pipeline=[step],
        tasks=tasks,
        workers=1,
        logging_dir=step.logs,
        skip_completed=False,
        local_tasks=count,
        local_rank_offset=first,
    ).run()


def run_local(step: Tasks, tasks: int, engine: Engine, progress: Progress) -> None:
    """The tasks, so many at once, each in a process of its own: a killed one is seen, and done again.

    datatrove's own pool waits for ever for a worker that was killed.
    """
    workers = engine.workers_for(tasks)
    if workers == 1:
        run_ranks(step, tasks, 0, tasks)
        progress.advance(step.size(0, 1))
        return
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // workers)))
    children: list[subprocess.Popen[bytes]] = []

    def ranked(rank: int) -> Callable[[int], Rank]:
        return lambda attempt: Rank(step.tried(attempt), rank, tasks)

    with ThreadPoolExecutor(workers) as pool:
        try:
            waiting = {pool.submit(survive, ranked(rank), children): rank for rank in range(tasks)}
            while waiting:
                for done in wait(waiting, return_when=FIRST_COMPLETED).done:
                    progress.advance(step.size(waiting.pop(done), tasks))
                    done.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for child in children:
                child.kill()
            raise


def run_ray(step: Tasks, tasks: int, engine: Engine, progress: Progress) -> None:
    """The tasks on a Ray cluster: the one that $RAY_ADDRESS names, else one that is begun on this machine."""
    ray = require("ray", "ray")
    executor = require("datatrove.executor.ray", "scale")
    require("loguru", "scale").logger.disable("datatrove")
    if not ray.is_initialized():
        ray.init(include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    resources = engine.resources
    executor.RayPipelineExecutor(
        pipeline=[Guarded(step)],
        tasks=tasks,
        workers=engine.workers_for(tasks),
        logging_dir=step.logs,
        skip_completed=False,
        cpus_per_task=resources.cpus,
        mem_per_cpu_gb=resources.memory,
        gpus_per_task=resources.gpus,
    ).run()
    progress.advance(step.size(0, 1))


Spread = Callable[[Tasks, int, Engine, Progress], None]
SPREAD: Final[dict[str, Spread]] = {"local": run_local, "ray": run_ray}


def submit(plan: Plan, passes: list[str], engine: Engine) -> str:
    """Hand all passes to Slurm as a chain of jobs, and return the number of the last one.

    A job begins when the one before it has ended, well or not: what is missing is then said by the next.

    Raises:
        CotpressError: sbatch refuses, or is not there.
    """
    tasks = engine.tasks_for(len(plan.inputs.shards))
    last: Any = None
    for name in passes:
        last = _slurm(Step(plan, name), name, tasks, engine, last)
        joint = "finish" if name == "outcomes" else name
        last = _slurm(Joint(plan, joint), f"{name}-joint", 1, engine, last)
    return _handed_over(last)


def submit_scoring(step: Tasks, tasks: int, engine: Engine) -> str:
    """Hand a study's scoring to Slurm as one job, and return its number. Raises as `submit`."""
    return _handed_over(_slurm(step, "scoring", tasks, engine, None))


def _handed_over(last: Any) -> str:
    try:
        last.run()
    except (OSError, subprocess.CalledProcessError) as error:
        raise CotpressError(f"Slurm took no job: {error}.", "Run it where sbatch works.") from error
    return str(last.job_id)


def _slurm(step: Tasks | Joint, name: str, tasks: int, engine: Engine, after: Any) -> Any:
    slurm = require("datatrove.executor.slurm", "scale")
    require("loguru", "scale").logger.disable("datatrove")
    work = name in ("survey", "outcomes", "scoring")
    return slurm.SlurmPipelineExecutor(
        pipeline=[step],
        tasks=tasks,
        workers=engine.workers or -1,
        time=engine.queue.time,
        partition=engine.queue.partition,
        cpus_per_task=engine.resources.cpus,
        mem_per_cpu_gb=engine.resources.memory,
        gpus_per_task=engine.resources.gpus if work else 0,
        job_name=f"cotpress-{name}",
        qos=None,
        env_command=f"export PATH={Path(sys.executable).parent}:$PATH",
        logging_dir=step.logs,
        skip_completed=False,
        # else datatrove's own job of statistics, which waits for all tasks to end well, stays queued for ever
        sbatch_args={"kill-on-invalid-dep": "yes"},
        depends=after,
        run_on_dependency_fail=True,
    )
