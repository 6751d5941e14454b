"""A step on processes of this machine, and on datatrove's Ray and Slurm executors: the only module that calls them.

Completion records say which shards are done. Those of datatrove are not used: they know of no settings.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from cotpress.errors import CotpressError, import_optional
from cotpress.progress import Progress
from cotpress.scale.config import ScaleConfig
from cotpress.scale.local_workers import can_fork, open_local_workers
from cotpress.scale.plan import ScalePlan
from cotpress.scale.tasks import ChildTask, PassTasks, ReduceTask, RestartingTasks, TaskSet, run_with_restarts


def run_local(step: TaskSet, tasks: int, config: ScaleConfig, progress: Progress) -> None:
    """The tasks, so many at once, each in a process of its own: a killed one is seen, and done again.

    datatrove's local executor waits for ever for a worker that was killed, and its manager outlives it.
    """
    workers = config.count_workers(tasks)
    if workers == 1:
        for rank in range(tasks):
            step(None, rank, tasks)
        progress.advance(step.get_size(0, 1))
        return
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // workers)))
    children: list[subprocess.Popen[bytes]] = []

    def ranked(rank: int) -> Callable[[int], ChildTask]:
        return lambda attempt: ChildTask(step.with_attempt(attempt), rank, tasks)

    with ThreadPoolExecutor(workers) as pool:
        try:
            waiting = {pool.submit(run_with_restarts, ranked(rank), children): rank for rank in range(tasks)}
            while waiting:
                for done in wait(waiting, return_when=FIRST_COMPLETED).done:
                    progress.advance(step.get_size(waiting.pop(done), tasks))
                    done.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for child in children:
                child.kill()
            raise


def run_ray(step: TaskSet, tasks: int, config: ScaleConfig, progress: Progress) -> None:
    """The tasks on a Ray cluster: the one that $RAY_ADDRESS names, else one that is begun on this machine."""
    ray = import_optional("ray", "ray")
    executor = import_optional("datatrove.executor.ray", "scale")
    import_optional("loguru", "scale").logger.disable("datatrove")
    if not ray.is_initialized():
        ray.init(include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    resources = config.resources
    executor.RayPipelineExecutor(
        pipeline=[RestartingTasks(step)],
        tasks=tasks,
        workers=config.count_workers(tasks),
        logging_dir=step.log_folder,
        skip_completed=False,
        cpus_per_task=resources.cpus,
        mem_per_cpu_gb=resources.memory,
        gpus_per_task=resources.gpus,
    ).run()
    progress.advance(step.get_size(0, 1))


TaskRunner = Callable[[TaskSet, int, ScaleConfig, Progress], None]
TASK_RUNNERS: Final[dict[str, TaskRunner]] = {"local": run_local, "ray": run_ray}


@contextmanager
def open_task_runner(config: ScaleConfig, most_tasks: int) -> Iterator[TaskRunner]:
    """What runs the tasks of several steps, one step after the other, each of `most_tasks` at most.

    On this machine it has workers that live until the end. Where forking them is not safe, each task has a process of
    its own.
    """
    workers = config.count_workers(most_tasks)
    if config.name != "local" or workers == 1 or not can_fork():
        yield TASK_RUNNERS[config.name]
        return
    pa.array([0])  # and pandas, where it is installed: pyarrow imports it as soon as it is given a list
    with open_local_workers(workers) as pool:

        def run(step: TaskSet, tasks: int, config: ScaleConfig, progress: Progress) -> None:
            pool.run(step, tasks, lambda ready, rank: ChildTask(ready, rank, tasks), progress)

        yield run


def submit_passes(plan: ScalePlan, passes: list[str], config: ScaleConfig) -> str:
    """Hand all passes to Slurm as a chain of jobs, and return the number of the last one.

    A job begins when the one before it has ended, well or not: what is missing is then said by the next.

    Raises:
        CotpressError: sbatch refuses, or is not there.
    """
    tasks = config.count_tasks(len(plan.inputs.shards))
    last: Any = None
    for name in passes:
        last = _build_slurm_executor(PassTasks(plan, name), name, tasks, config, last)
        joint = "finish" if name == "outcomes" else name
        last = _build_slurm_executor(ReduceTask(plan, joint), f"{name}-joint", 1, config, last)
    return _launch_slurm(last)


def submit_scoring(step: TaskSet, tasks: int, config: ScaleConfig) -> str:
    """Hand a study's scoring to Slurm as one job, and return its number. Raises as `submit_passes`."""
    return _launch_slurm(_build_slurm_executor(step, "scoring", tasks, config, None))


def _launch_slurm(last: Any) -> str:
    try:
        last.run()
    except (OSError, subprocess.CalledProcessError) as error:
        raise CotpressError(f"Slurm took no job: {error}.", "Run it where sbatch works.") from error
    return str(last.job_id)


def _build_slurm_executor(step: TaskSet | ReduceTask, name: str, tasks: int, config: ScaleConfig, after: Any) -> Any:
    slurm = import_optional("datatrove.executor.slurm", "scale")
    import_optional("loguru", "scale").logger.disable("datatrove")
    work = name in ("survey", "outcomes", "scoring")
    return slurm.SlurmPipelineExecutor(
        pipeline=[step],
        tasks=tasks,
        workers=config.workers or -1,
        time=config.queue.time,
        partition=config.queue.partition,
        cpus_per_task=config.resources.cpus,
        mem_per_cpu_gb=config.resources.memory,
        gpus_per_task=config.resources.gpus if work else 0,
        job_name=f"cotpress-{name}",
        qos=None,
        env_command=f"export PATH={Path(sys.executable).parent}:$PATH",
        logging_dir=step.log_folder,
        skip_completed=False,
        # else datatrove's own job of statistics, which waits for all tasks to end well, stays queued for ever
        sbatch_args={"kill-on-invalid-dep": "yes"},
        depends=after,
        run_on_dependency_fail=True,
    )
