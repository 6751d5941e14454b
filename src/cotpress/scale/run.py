"""A run over many shards, from what the user named to the summary."""

from __future__ import annotations

from typing import Any

from cotpress.errors import OutputError
from cotpress.output import SUMMARY, TRACES
from cotpress.pipeline import Job, Progress
from cotpress.scale.engine import Engine
from cotpress.scale.executors import SPREAD, submit
from cotpress.scale.finish import finish
from cotpress.scale.joints import JOINTS, passes_of
from cotpress.scale.passes import open_shards
from cotpress.scale.plan import WORK, Plan, load_known
from cotpress.scale.step import Step

TITLES = {
    "ids": "Reading",
    "sample": "Sampling again",
    "survey": "Finding the threshold",
}
_REDONE = "call-failed"  # as in one process: an outage is not the trace's fault


def run_shards(plan: Plan, engine: Engine, progress: Progress, force: bool = False) -> dict[str, Any] | None:
    """Do what the plan says, or go on with it, and return the summary; None where Slurm does it later.

    A shard that is finished under the same content key is not done again.

    Raises:
        CotpressError: it cannot be done as asked, or a shard is unfinished; what is finished is kept.
    """
    engine.check([plan.output.url, *(shard.name for shard in plan.inputs.shards)])
    _claim(plan, force)
    if engine.name == "slurm":
        job = submit(plan, passes_of(plan), engine)
        progress.say(f"Submitted; job {job} is the last and writes {plan.output.url}/{SUMMARY}.")
        return None
    for name in passes_of(plan):
        _spread(plan, name, engine, progress)
        if name in JOINTS and not plan.output.exists(f"{plan.here}/known-{name}.json"):
            JOINTS[name](plan)
    return finish(plan)


def _spread(plan: Plan, name: str, engine: Engine, progress: Progress) -> None:
    """One pass over the shards that are unfinished."""
    shards = tuple(open_shards(plan, load_known(plan), name))
    finished = len(plan.inputs.shards) - len(shards)
    if not shards:
        return
    doing = "Compressing" if isinstance(plan.job, Job) else "Rewriting"
    progress.start(TITLES.get(name, doing), len(plan.inputs.shards), finished)
    SPREAD[engine.name](Step(plan, name, shards), engine.tasks_for(len(shards)), engine, progress)
    progress.done()


def _claim(plan: Plan, force: bool) -> None:
    """Take the output for this run.

    Raises:
        OutputError: it holds a finished output, or what another run left, and is not to be replaced.
    """
    output, note = plan.output, f"{WORK}/run.json"
    if plan.output.path is not None and plan.output.path.is_file():
        raise OutputError(f"{output.url} is a file.", "Give -o a folder that is new or empty.")
    for name in (SUMMARY, TRACES):
        if output.exists(name) and not force:
            hint = "Add --force to replace it; shards that are the same are not done again."
            raise OutputError(f"{output.url} holds a finished output ({name}).", hint)
    left = output.read_json(note)["key"] if output.exists(note) else plan.key
    if left != plan.key and output.names(f"{WORK}/outcomes") and not force:
        raise OutputError(
            f"{output.url} holds an unfinished run with other settings, other input or another version.",
            "Repeat that command to continue it, or add --force to start this one.",
        )
    if force:
        output.remove(SUMMARY)
        _forget_failed_calls(plan)
    output.write_json(note, {"key": plan.key})


def _forget_failed_calls(plan: Plan) -> None:
    for name in plan.output.names(f"{WORK}/outcomes"):
        if _REDONE in plan.output.read_json(f"{WORK}/outcomes/{name}")["tally"]["reasons"]:
            plan.output.remove(f"{WORK}/outcomes/{name}")
