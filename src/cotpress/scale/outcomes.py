"""What is made of one shard: the same work as in one process, in a folder of the worker's own, then moved out."""

from __future__ import annotations

import tempfile
from dataclasses import asdict, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from cotpress.ngram import MAX_CHARS, NGram, Sample
from cotpress.output import FOLDERS, opened, total
from cotpress.pipeline import (
    Asking,
    Job,
    RewriteJob,
    Scoring,
    Silent,
    Work,
    make_source,
    open_writer,
    package_pruner,
    pruner_of,
    pruning,
    rewriting,
    write_rows,
)
from cotpress.prune import Pruner, Threshold
from cotpress.scale.dealt import Dealt
from cotpress.scale.folder import Folder
from cotpress.scale.plan import Known, Plan
from cotpress.scale.shards import Shard
from cotpress.types import SignalSource


def write_outcomes(plan: Plan, known: Known, shard: Shard, reading: Dealt) -> dict[str, Any]:
    """Prune or rewrite a shard's rows; its files go to the output under its content key, and its tally is returned.

    Raises:
        CotpressError: it cannot be done or written.
    """
    key = known.outcome_key(plan, shard)
    work = _work(plan, known, shard)
    with tempfile.TemporaryDirectory(prefix="cotpress-") as place, opened(Path(place), key) as output:
        write_rows(reading, work, plan.job, output, Silent())
        tally = total(output.tallies())
        output.finish({}, lambda summary: {})
        for name, folder in FOLDERS.items():
            if (output.folder / name).exists():
                plan.output.upload(output.folder / name, f"{folder}/{shard.called(key)}{Path(name).suffix}")
    return {"tally": asdict(tally), "counted_with": work.counted_with, "about": dict(work.about)}


def pruner_for(plan: Plan, known: Known, shard: Shard) -> Pruner:
    """The pruner of a plan, without a corpus-wide threshold. Raises CotpressError."""
    assert isinstance(plan.job, Job)
    return pruner_of(plan.job, _source(plan, known), plan.shard_store(shard))


def _work(plan: Plan, known: Known, shard: Shard) -> Work:
    if isinstance(plan.job, RewriteJob):
        return _rewriting(plan.sharing(known.share(shard)), plan.job, known, shard)
    if plan.job.source == "llmlingua":
        return pruning(package_pruner(plan.job), None, plan.job)
    pruner = pruner_for(plan, known, shard)
    if known.threshold is not None:
        bin_, share, whole = known.threshold
        threshold = Threshold(bin_, Fraction(share, whole))
        pruner = replace(pruner, budget_of=lambda trace: threshold)
    return pruning(pruner, None, plan.job)


def _rewriting(plan: Plan, job: RewriteJob, known: Known, shard: Shard) -> Work:
    asking = plan.asking or Asking()
    writer = open_writer(job, asking, plan.shard_store(shard), Silent())
    return rewriting(job, writer, asking.concurrency, _source(plan, known), None)


def _source(plan: Plan, known: Known) -> SignalSource | None:
    if plan.fits:
        return _fitted(plan.output, f"{plan.here}/fit.parquet", known.fit)
    return _loaded(plan.job.source, plan.job.scoring) if isinstance(plan.job, Job) else None


# A task does many shards, and fits or loads its model once.
@lru_cache(maxsize=1)
def _fitted(output: Folder, name: str, key: str) -> NGram:
    rows = output.read_table(name)
    sample = Sample(MAX_CHARS)
    sample.merge(zip(rows["digest"].to_pylist(), rows["reasoning"].to_pylist(), strict=True))
    return NGram(sample)


@lru_cache(maxsize=1)
def _loaded(kind: str, scoring: Scoring) -> SignalSource | None:
    return make_source(kind, scoring, ())
