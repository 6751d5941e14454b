"""What is made of one shard: the same work as in one process, in a folder of the worker's own, then moved out."""

from __future__ import annotations

import tempfile
from dataclasses import asdict, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from cotpress.pipeline import (
    ClientConfig,
    CompressionSpec,
    RewriteSpec,
    RunPlan,
    SignalSourceConfig,
    make_package_pruner,
    make_pruner,
    make_source,
    open_writer,
    plan_pruning,
    plan_rewriting,
    write_rows,
)
from cotpress.pipeline.output import SHARD_FOLDERS, open_output_directory, sum_counts
from cotpress.pipeline.source_kinds import LLMLINGUA
from cotpress.progress import Silent
from cotpress.pruning import ImportanceThreshold, Pruner
from cotpress.scale.plan import CorpusState, ScalePlan
from cotpress.scale.shards import InputShard, ShardReader
from cotpress.scale.storage import StorageFolder
from cotpress.signals.ngram import MAX_SAMPLE_CHARS, CorpusSample, NGram
from cotpress.types import SignalSource


def write_outcomes(plan: ScalePlan, state: CorpusState, shard: InputShard, reading: ShardReader) -> dict[str, Any]:
    """Prune or rewrite a shard's rows; its files go to the output under its content key, and its counts are returned.

    Raises:
        CotpressError: it cannot be done or written.
    """
    key = state.compute_outcome_key(plan, shard)
    work = _plan_shard_run(plan, state, shard)
    with tempfile.TemporaryDirectory(prefix="cotpress-") as place, open_output_directory(Path(place), key) as output:
        write_rows(reading, work, plan.spec, output, Silent())
        counts = sum_counts(output.read_counts())
        output.finish({}, lambda summary: {})
        for name, folder in SHARD_FOLDERS.items():
            if (output.folder / name).exists():
                plan.output.upload(output.folder / name, f"{folder}/{shard.make_output_name(key)}{Path(name).suffix}")
    return {"tally": asdict(counts), "counted_with": work.counted_with, "about": dict(work.summary_fields)}


def make_shard_pruner(plan: ScalePlan, state: CorpusState, shard: InputShard) -> Pruner:
    """The pruner of a plan, without a corpus-wide threshold. Raises CotpressError."""
    assert isinstance(plan.spec, CompressionSpec)
    return make_pruner(plan.spec, _get_signal_sources(plan, state), plan.get_shard_store(shard))


def _plan_shard_run(plan: ScalePlan, state: CorpusState, shard: InputShard) -> RunPlan:
    if isinstance(plan.spec, RewriteSpec):
        return _plan_shard_rewriting(plan.with_spend_share(state.get_row_share(shard)), plan.spec, shard)
    if LLMLINGUA in plan.spec.kinds:
        return plan_pruning(make_package_pruner(plan.spec), None, plan.spec)
    pruner = make_shard_pruner(plan, state, shard)
    if state.threshold is not None:
        bin_, share, whole = state.threshold
        threshold = ImportanceThreshold(bin_, Fraction(share, whole))
        pruner = replace(pruner, budget_of=lambda trace: threshold)
    return plan_pruning(pruner, None, plan.spec)


def _plan_shard_rewriting(plan: ScalePlan, spec: RewriteSpec, shard: InputShard) -> RunPlan:
    client = plan.client_config or ClientConfig()
    writer = open_writer(spec, client, plan.get_shard_store(shard), Silent())
    return plan_rewriting(spec, writer, client.drafts_under_way, None)


def _get_signal_sources(plan: ScalePlan, state: CorpusState) -> list[SignalSource]:
    assert isinstance(plan.spec, CompressionSpec)
    return [
        _load_ngram(plan, state) if config.source == "ngram" else _load_source(config) for config in plan.spec.sources
    ]


def _load_ngram(plan: ScalePlan, state: CorpusState) -> NGram:
    return _fit_ngram(plan.output, f"{plan.run_folder}/fit.parquet", state.fit_key)


# A task does many shards, and fits or loads its models once.
@lru_cache(maxsize=1)
def _fit_ngram(output: StorageFolder, name: str, key: str) -> NGram:
    rows = output.read_table(name)
    sample = CorpusSample(MAX_SAMPLE_CHARS)
    sample.merge(zip(rows["digest"].to_pylist(), rows["reasoning"].to_pylist(), strict=True))
    return NGram(sample)


@lru_cache(maxsize=4)
def _load_source(config: SignalSourceConfig) -> SignalSource:
    return make_source(config)
