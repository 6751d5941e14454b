"""The end of a run: every row accounted for, what other runs left cleared away, the summary last."""

from __future__ import annotations

import time
from typing import Any

from cotpress.errors import OutputError
from cotpress.output import FOLDERS, SUMMARY, Tally, total
from cotpress.pipeline import about_run, beside
from cotpress.scale.joints import marks
from cotpress.scale.passes import Mark
from cotpress.scale.plan import WORK, Known, Plan, load_known
from cotpress.wording import counted


def finish(plan: Plan) -> dict[str, Any]:
    """Write the summary of all shards and return it.

    Raises:
        OutputError: a shard is unfinished, or changed while it was read; or the summary cannot be written.
    """
    known, shards = load_known(plan), plan.inputs.shards
    seen, done = marks(plan, Known(), "ids"), marks(plan, known, "outcomes")
    tallies = [Tally(**mark["tally"]) for mark in done]
    _check_rows(plan, seen, tallies)
    _clear(plan, known)
    files = [(shard, mark) for shard, mark in zip(shards, seen, strict=True) if not shard.part]
    said = {
        "counted_with": done[0]["counted_with"],
        "recognised": [about for _, mark in files for about in mark["recognised"]],
        "input": [list(shard.file) for shard, _ in files],
        "shards": len(done),
        "worker_seconds": round(sum(mark["seconds"] for mark in done), 3),
        **done[0]["about"],
    }
    summary = {**total(tallies).figures(), **about_run(plan.job, time.time() - plan.began, said)}
    for name, text in beside(plan.job.format, summary, sharded=True).items():
        plan.output.write(name, text.encode())
    plan.output.write_json(SUMMARY, summary)
    written: dict[str, Any] = plan.output.read_json(SUMMARY)
    return written


def _check_rows(plan: Plan, seen: list[Mark], tallies: list[Tally]) -> None:
    for shard, mark, tally in zip(plan.inputs.shards, seen, tallies, strict=True):
        if mark["rows"] != tally.rows:
            first, later = counted(mark["rows"], "row"), tally.rows
            raise OutputError(
                f"{shard.title} changed while it was read: {first} at first, {later} later.",
                "Run it again with --force once nobody writes there.",
            )


def _clear(plan: Plan, known: Known) -> None:
    """Take away what runs with other settings or other shards left: first their marks, then their files."""
    names = {shard.called(known.outcome_key(plan, shard)) for shard in plan.inputs.shards}
    for folder in (f"{WORK}/outcomes", *FOLDERS.values()):
        for name in plan.output.names(folder):
            if name.rpartition(".")[0] not in names:
                plan.output.remove(f"{folder}/{name}")
