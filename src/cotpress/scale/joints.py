"""Between the passes: what the shards left, laid together for the whole corpus. Done once, by one process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from cotpress.errors import InputError, OutputError
from cotpress.ngram import MAX_CHARS, Sample
from cotpress.pipeline import Job
from cotpress.prune import Survey, keep_ratio
from cotpress.scale.passes import mark_name, open_shards
from cotpress.scale.plan import WORK, Known, Plan, load_known, save_known
from cotpress.scale.repeated import find_repeats
from cotpress.scale.shards import Shard
from cotpress.store import content_key
from cotpress.wording import agreeing, counted

AGAIN = "Run the same command again: what is finished is kept."


def marks(plan: Plan, known: Known, name: str) -> list[dict[str, Any]]:
    """What the marks of a pass say, in the order of the shards.

    Raises:
        OutputError: some shard is unfinished; the message says which and why.
    """
    unfinished = open_shards(plan, known, name)
    if unfinished:
        why = "; ".join(f"{shard.title}: {_why(plan, shard)}" for shard in unfinished[:3])
        rest = f"; and {len(unfinished) - 3} more" if len(unfinished) > 3 else ""
        share = f"{len(unfinished)} of {counted(len(plan.inputs.shards), 'shard')}"
        are = agreeing(len(unfinished), "is", "are")
        raise OutputError(f"{share} {are} unfinished: {why}{rest}.", AGAIN)
    return [plan.output.read_json(mark_name(plan, known, name, shard)) for shard in plan.inputs.shards]


def check_ready(plan: Plan, name: str) -> None:
    """Refuse a pass whose predecessors' results are not there.

    Raises:
        OutputError: one of them has failed.
    """
    passes = passes_of(plan)
    for earlier in passes[: passes.index(name)]:
        if not plan.output.exists(f"{plan.here}/known-{earlier}.json"):
            raise OutputError(f"The pass '{earlier}', which '{name}' needs, is unfinished.", AGAIN)


def failure_name(plan: Plan, shard: Shard) -> str:
    """Where a worker says why it gave a shard up."""
    return f"{plan.here}/failed/{content_key(shard.stem, shard.part)}.json"


def _why(plan: Plan, shard: Shard) -> str:
    name = failure_name(plan, shard)
    if not plan.output.exists(name):
        return "no word from its worker (killed, not started, or without room to write)"
    return str(plan.output.read_json(name)["error"]).rstrip(".")


def join_ids(plan: Plan) -> None:
    """After `ids`: which rows are rejected because an earlier shard has their id. Raises CotpressError."""
    found = marks(plan, Known(), "ids")
    if not sum(mark["rows"] for mark in found):
        names = ", ".join(shard.name for shard in plan.inputs.shards[:3] if not shard.part)
        raise InputError(f"There is nothing to read in {names}: no rows.", "Give a file with at least one row.")
    repeated = find_repeats(plan, sum(mark["traces"] for mark in found))
    save_known(plan, "ids", {"repeated": repeated, "rows": [mark["rows"] for mark in found]})


def join_samples(plan: Plan) -> None:
    """After `sample`: the sample of the whole corpus that the n-gram model is fitted on. Raises CotpressError."""
    known = load_known(plan)
    marks(plan, known, "sample")
    sample = Sample(MAX_CHARS)
    for shard in plan.inputs.shards:
        name = f"{WORK}/sample/{shard.called(known.rows_key(plan, shard))}.parquet"
        where = pc.field("digest") <= pa.scalar(min(sample.border, (1 << 64) - 1), pa.uint64())
        rows = plan.output.read_table(name, where)  # less and less of each, as the border falls
        sample.merge(zip(rows["digest"].to_pylist(), rows["reasoning"].to_pylist(), strict=True))
    chosen = sample.sorted()
    columns = {
        "digest": pa.array([number for number, _ in chosen], pa.uint64()),
        "reasoning": pa.array([text for _, text in chosen], pa.string()),
    }
    plan.output.write_table(f"{plan.here}/fit.parquet", columns)
    save_known(plan, "sample", {"fit": content_key([number for number, _ in chosen])})


def join_surveys(plan: Plan) -> None:
    """After `survey`: the corpus-wide threshold. Raises CotpressError."""
    known, job = load_known(plan), plan.job
    assert isinstance(job, Job)
    marks(plan, known, "survey")
    survey = Survey()
    for shard in plan.inputs.shards:
        rows = plan.output.read_table(f"{WORK}/survey/{shard.called(known.survey_key(plan, shard))}.parquet")
        survey.merge(rows["bin"].to_numpy(), rows["tokens"].to_numpy())
    found = survey.threshold(keep_ratio(job.amount.keep[0]))
    save_known(plan, "survey", {"threshold": [found.bin, found.share.numerator, found.share.denominator]})


JOINTS: Final[Mapping[str, Callable[[Plan], None]]] = {
    "ids": join_ids,
    "sample": join_samples,
    "survey": join_surveys,
}


def passes_of(plan: Plan) -> list[str]:
    """The passes that a plan needs, in order."""
    return ["ids", *(["sample"] if plan.fits else []), *(["survey"] if plan.surveys else []), "outcomes"]
