"""The passes over the shards, each shard by itself: what is done to one, under which key, and what is left of it.

`ids` reads a shard once, for the ids that other shards may have too, and for its sample of the corpus. `sample` takes
that sample again where rows turned out to be another shard's. `survey` lays importance into a histogram. `outcomes`
does the work. A pass over a shard is finished once its mark is there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from cotpress.ngram import MAX_CHARS, Sample
from cotpress.pipeline import Job, batch_size, checks_for, surveyed
from cotpress.scale.dealt import Dealt
from cotpress.scale.folder import local_copy
from cotpress.scale.outcomes import pruner_for, write_outcomes
from cotpress.scale.plan import WORK, Known, Plan
from cotpress.scale.repeated import earlier_ids
from cotpress.scale.shards import Shard, largest_first
from cotpress.traces import Ids, Part, source_at
from cotpress.types import Trace

Mark = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pass:
    """`key` names what a shard's result depends on; `do` makes it and returns what the mark says."""

    key: Callable[[Plan, Known, Shard], str]
    do: Callable[[Plan, Known, Shard, Dealt], Mark]


def _ids(plan: Plan, known: Known, shard: Shard, reading: Dealt) -> Mark:
    sample, rows = Sample(MAX_CHARS), 0
    named: list[tuple[int, str]] = []
    for line, row in reading.numbered():
        rows += 1
        if isinstance(row, Trace):
            named.append((line, row.id))
            if plan.fits:
                sample.add([row])
    ids = Ids.of(named)
    place = f"{WORK}/ids/{shard.called(plan.inputs.read_key(shard))}.parquet"
    plan.output.write_table(place, {"high": ids.high, "low": ids.low, "line": ids.line})
    if plan.fits:
        _write_sample(plan, shard, Known().rows_key(plan, shard), sample)
        plan.output.write_json(mark_name(plan, Known(), "sample", shard), {})
    return {"rows": rows, "traces": len(ids), "recognised": reading.recognised}


def _sample(plan: Plan, known: Known, shard: Shard, reading: Dealt) -> Mark:
    sample = Sample(MAX_CHARS)
    sample.add(row for row in reading if isinstance(row, Trace))
    _write_sample(plan, shard, known.rows_key(plan, shard), sample)
    return {}


def _write_sample(plan: Plan, shard: Shard, key: str, sample: Sample) -> None:
    rows = sample.sorted()
    columns = {
        "digest": np.array([number for number, _ in rows], np.uint64),
        "reasoning": pa.array([text for _, text in rows], pa.string()),
    }
    plan.output.write_table(f"{WORK}/sample/{shard.called(key)}.parquet", columns)


def _survey(plan: Plan, known: Known, shard: Shard, reading: Dealt) -> Mark:
    job = plan.job
    assert isinstance(job, Job)
    pruner = pruner_for(plan, known, shard)
    bins, tokens = surveyed(pruner, reading, batch_size(job.source), checks_for(job.drop_wrong)).counted()
    name = shard.called(known.survey_key(plan, shard))
    plan.output.write_table(f"{WORK}/survey/{name}.parquet", {"bin": bins, "tokens": tokens})
    return {}


PASSES: Final[Mapping[str, Pass]] = {
    "ids": Pass(lambda plan, known, shard: plan.inputs.read_key(shard), _ids),
    "sample": Pass(lambda plan, known, shard: known.rows_key(plan, shard), _sample),
    "survey": Pass(lambda plan, known, shard: known.survey_key(plan, shard), _survey),
    "outcomes": Pass(lambda plan, known, shard: known.outcome_key(plan, shard), write_outcomes),
}


def mark_name(plan: Plan, known: Known, name: str, shard: Shard) -> str:
    """Where the mark of a finished shard lies."""
    return f"{WORK}/{name}/{shard.called(PASSES[name].key(plan, known, shard))}.json"


def open_shards(plan: Plan, known: Known, name: str) -> list[Shard]:
    """The shards that a pass has not finished, the largest first."""
    marks = set(plan.output.names(f"{WORK}/{name}"))
    shards = [
        shard for shard in plan.inputs.shards if mark_name(plan, known, name, shard).rpartition("/")[2] not in marks
    ]
    return sorted(shards, key=largest_first)


def do_shard(plan: Plan, known: Known, name: str, shard: Shard) -> None:
    """One pass over one shard, its mark last.

    Raises:
        CotpressError: it cannot be read, done or written.
    """
    began = time.monotonic()
    earlier = {} if name == "ids" else earlier_ids(plan, known, shard)
    with local_copy(shard.place) as path:
        source = source_at(path, shard.stem, shard.name)
        reading = Part((source,), plan.inputs.fields, plan.inputs.join, earlier).reading()
        mark = PASSES[name].do(plan, known, shard, Dealt(reading, shard.part, shard.parts))
    seconds = round(time.monotonic() - began, 3)
    plan.output.write_json(mark_name(plan, known, name, shard), {**mark, "seconds": seconds})
