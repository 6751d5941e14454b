"""The passes over the shards, each shard by itself: what is done to one, under which key, and what is left of it.

`ids` reads a shard once, for the ids that other shards may have too, and for its sample of the corpus. `sample` takes
that sample again where rows turned out to be another shard's. `survey` counts importance in a histogram. `outcomes`
does the work. A pass over a shard is finished once its completion record is there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from cotpress.pipeline import CompressionSpec, build_importance_histogram, choose_batch_size, select_spec_checks
from cotpress.scale.input_copies import open_shard_file
from cotpress.scale.outcomes import make_shard_pruner, write_outcomes
from cotpress.scale.plan import WORK_FOLDER, CorpusState, ScalePlan
from cotpress.scale.repeated_ids import load_earlier_ids
from cotpress.scale.shards import InputShard, ShardReader, compute_sort_key
from cotpress.signals.ngram import MAX_SAMPLE_CHARS, CorpusSample
from cotpress.traces import InputPart, SortedIds, build_source
from cotpress.types import Trace

CompletionRecord = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MapPass:
    """`compute_key` names what a shard's result depends on; `process` makes it and returns its completion record."""

    compute_key: Callable[[ScalePlan, CorpusState, InputShard], str]
    process: Callable[[ScalePlan, CorpusState, InputShard, ShardReader], CompletionRecord]


def _map_ids(plan: ScalePlan, state: CorpusState, shard: InputShard, reader: ShardReader) -> CompletionRecord:
    sample, rows = CorpusSample(MAX_SAMPLE_CHARS), 0
    named: list[tuple[int, str]] = []
    for line, row in reader.iterate_with_lines():
        rows += 1
        if isinstance(row, Trace):
            named.append((line, row.id))
            if plan.needs_ngram:
                sample.add([row])
    ids = SortedIds.from_rows(named)
    name = f"{WORK_FOLDER}/ids/{shard.make_output_name(plan.inputs.compute_read_key(shard))}.parquet"
    plan.output.write_table(name, {"high": ids.high, "low": ids.low, "line": ids.line})
    if plan.needs_ngram:
        _write_sample(plan, shard, CorpusState().compute_rows_key(plan, shard), sample)
        plan.output.write_json(get_completion_path(plan, CorpusState(), "sample", shard), {})
    return {"rows": rows, "traces": len(ids), "recognised": reader.recognised}


def _map_sample(plan: ScalePlan, state: CorpusState, shard: InputShard, reading: ShardReader) -> CompletionRecord:
    sample = CorpusSample(MAX_SAMPLE_CHARS)
    sample.add(row for row in reading if isinstance(row, Trace))
    _write_sample(plan, shard, state.compute_rows_key(plan, shard), sample)
    return {}


def _write_sample(plan: ScalePlan, shard: InputShard, key: str, sample: CorpusSample) -> None:
    rows = sample.list_by_digest()
    columns = {
        "digest": np.array([number for number, _ in rows], np.uint64),
        "reasoning": pa.array([text for _, text in rows], pa.string()),
    }
    plan.output.write_table(f"{WORK_FOLDER}/sample/{shard.make_output_name(key)}.parquet", columns)


def _map_histogram(plan: ScalePlan, state: CorpusState, shard: InputShard, reading: ShardReader) -> CompletionRecord:
    spec = plan.spec
    assert isinstance(spec, CompressionSpec)
    pruner = make_shard_pruner(plan, state, shard)
    bins, tokens = build_importance_histogram(
        pruner, reading, choose_batch_size(spec.kinds), select_spec_checks(spec)
    ).list_bins()
    name = shard.make_output_name(state.compute_histogram_key(plan, shard))
    plan.output.write_table(f"{WORK_FOLDER}/survey/{name}.parquet", {"bin": bins, "tokens": tokens})
    return {}


MAP_PASSES: Final[Mapping[str, MapPass]] = {
    "ids": MapPass(lambda plan, state, shard: plan.inputs.compute_read_key(shard), _map_ids),
    "sample": MapPass(lambda plan, state, shard: state.compute_rows_key(plan, shard), _map_sample),
    "survey": MapPass(lambda plan, state, shard: state.compute_histogram_key(plan, shard), _map_histogram),
    "outcomes": MapPass(lambda plan, state, shard: state.compute_outcome_key(plan, shard), write_outcomes),
}


def get_completion_path(plan: ScalePlan, state: CorpusState, name: str, shard: InputShard) -> str:
    """The file name of a finished shard's completion record."""
    return f"{WORK_FOLDER}/{name}/{shard.make_output_name(MAP_PASSES[name].compute_key(plan, state, shard))}.json"


def find_unfinished_shards(plan: ScalePlan, state: CorpusState, name: str) -> list[InputShard]:
    """The shards that a pass has not finished, the largest first."""
    marks = set(plan.output.list_names(f"{WORK_FOLDER}/{name}"))
    shards = [
        shard
        for shard in plan.inputs.shards
        if get_completion_path(plan, state, name, shard).rpartition("/")[2] not in marks
    ]
    return sorted(shards, key=compute_sort_key)


def process_shard(plan: ScalePlan, state: CorpusState, name: str, shard: InputShard) -> None:
    """One pass over one shard. Its completion record is written last.

    Raises:
        CotpressError: it cannot be read, done or written.
    """
    began = time.monotonic()
    earlier = {} if name == "ids" else load_earlier_ids(plan, state, shard)
    with open_shard_file(shard) as path:
        source = build_source(path, shard.stem, shard.name)
        reading = InputPart((source,), plan.inputs.fields, plan.inputs.join, earlier, shard.rows).open_reader()
        mark = MAP_PASSES[name].process(plan, state, shard, ShardReader(reading, shard.part, shard.parts))
    seconds = round(time.monotonic() - began, 3)
    plan.output.write_json(get_completion_path(plan, state, name, shard), {**mark, "seconds": seconds})
