"""A run over many shards, from what the user named to the summary."""

from __future__ import annotations

from typing import Any

from cotpress.errors import OutputError
from cotpress.pipeline import CompressionSpec
from cotpress.pipeline.execution import RETRIED_REASON
from cotpress.pipeline.output import SUMMARY_FILE, TRACES_FILE
from cotpress.progress import Progress
from cotpress.scale.config import ScaleConfig
from cotpress.scale.executors import TaskRunner, open_task_runner, submit_passes
from cotpress.scale.input_copies import share_copies
from cotpress.scale.map import find_unfinished_shards
from cotpress.scale.plan import WORK_FOLDER, ScalePlan, load_corpus_state
from cotpress.scale.reduce import REDUCERS, list_passes
from cotpress.scale.summary import finish_run
from cotpress.scale.tasks import PassTasks

PASS_TITLES = {
    "ids": "Reading",
    "sample": "Sampling again",
    "survey": "Finding the threshold",
}


def run_shards(plan: ScalePlan, config: ScaleConfig, progress: Progress, force: bool = False) -> dict[str, Any] | None:
    """Do what the plan says, or go on with it, and return the summary; None where Slurm does it later.

    A shard that is finished under the same content key is not done again.

    Args:
        plan: what is done to which shards, and where it is written.
        config: the executor.
        progress: receives what happens.
        force: whether a finished output, or one of another run, is replaced.

    Raises:
        CotpressError: it cannot be done as asked, or a shard is unfinished; what is finished is kept.

    >>> from cotpress.progress import Silent
    >>> from cotpress.pruning import Method
    >>> from cotpress.scale import ScaleConfig, ScalePlan, ShardedInput, StorageFolder, find_shards
    >>> from pathlib import Path
    >>> line = '{"question": "2+3?", "reasoning": "Two and three. 2+3=5.", "answer": "5"}'
    >>> _ = Path("traces.jsonl").write_text(line)
    >>> inputs = ShardedInput(find_shards(["traces.jsonl"])[0])
    >>> plan = ScalePlan(CompressionSpec(Method("head")), inputs, StorageFolder.from_name("out"), Path("store"))
    >>> run_shards(plan, ScaleConfig("local", workers=1), Silent())["compressed"]
    1
    """
    config.check_locations([plan.output.url, *(shard.name for shard in plan.inputs.shards)])
    _claim_output(plan, force)
    if config.name == "slurm":
        job = submit_passes(plan, list_passes(plan), config)
        progress.say(f"Submitted; job {job} is the last and writes {plan.output.url}/{SUMMARY_FILE}.")
        return None
    with share_copies(), open_task_runner(config, config.count_tasks(len(plan.inputs.shards))) as run_tasks:
        for name in list_passes(plan):
            _run_pass(plan, name, config, run_tasks, progress)
            if name in REDUCERS and not plan.output.exists(f"{plan.run_folder}/known-{name}.json"):
                REDUCERS[name](plan)
    return finish_run(plan)


def _run_pass(plan: ScalePlan, name: str, config: ScaleConfig, run_tasks: TaskRunner, progress: Progress) -> None:
    """One pass over the shards that are unfinished."""
    shards = tuple(find_unfinished_shards(plan, load_corpus_state(plan), name))
    finished = len(plan.inputs.shards) - len(shards)
    if not shards:
        return
    doing = "Compressing" if isinstance(plan.spec, CompressionSpec) else "Rewriting"
    progress.start(PASS_TITLES.get(name, doing), len(plan.inputs.shards), finished)
    run_tasks(PassTasks(plan, name, shards), config.count_tasks(len(shards)), config, progress)
    progress.done()


def _claim_output(plan: ScalePlan, force: bool) -> None:
    """Take the output for this run.

    Raises:
        OutputError: it holds a finished output, or what another run left, and is not to be replaced.
    """
    output, note = plan.output, f"{WORK_FOLDER}/run.json"
    if plan.output.path is not None and plan.output.path.is_file():
        raise OutputError(f"{output.url} is a file.", "Give -o a folder that is new or empty.")
    for name in (SUMMARY_FILE, TRACES_FILE):
        if output.exists(name) and not force:
            hint = "Name another -o, or add --force to replace it; shards that are the same are not done again."
            raise OutputError(f"{output.url} holds a finished output ({name}).", hint)
    left = output.read_json(note)["key"] if output.exists(note) else plan.key
    if left != plan.key and output.list_names(f"{WORK_FOLDER}/outcomes") and not force:
        raise OutputError(
            f"{output.url} holds an unfinished run with other settings, other input or another version.",
            "Repeat that command to continue it, or add --force to start this one.",
        )
    if force:
        output.remove(SUMMARY_FILE)
        _remove_failed_calls(plan)
    output.write_json(note, {"key": plan.key})


def _remove_failed_calls(plan: ScalePlan) -> None:
    for name in plan.output.list_names(f"{WORK_FOLDER}/outcomes"):
        if RETRIED_REASON in plan.output.read_json(f"{WORK_FOLDER}/outcomes/{name}")["tally"]["reasons"]:
            plan.output.remove(f"{WORK_FOLDER}/outcomes/{name}")
