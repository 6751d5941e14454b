"""Between the passes: what the shards left is merged for the whole corpus. One process does it, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from cotpress.errors import InputError, OutputError
from cotpress.number_formatting import count_noun, inflect
from cotpress.pipeline import CompressionSpec
from cotpress.pruning import ImportanceHistogram, parse_keep_ratio
from cotpress.scale.map import find_unfinished_shards, get_completion_path
from cotpress.scale.plan import WORK_FOLDER, CorpusState, ScalePlan, load_corpus_state, save_corpus_state
from cotpress.scale.repeated_ids import collect_repeated_ids
from cotpress.scale.shards import InputShard
from cotpress.signals.ngram import MAX_SAMPLE_CHARS, CorpusSample
from cotpress.storage import compute_content_key

RERUN_HINT = "Run the same command again: what is finished is kept."


def load_completion_records(plan: ScalePlan, state: CorpusState, name: str) -> list[dict[str, Any]]:
    """The completion records of a pass, in the order of the shards.

    Raises:
        OutputError: some shard is unfinished; the message says which and why.
    """
    unfinished = find_unfinished_shards(plan, state, name)
    if unfinished:
        why = "; ".join(f"{shard.title}: {_explain_failure(plan, shard)}" for shard in unfinished[:3])
        rest = f"; and {len(unfinished) - 3} more" if len(unfinished) > 3 else ""
        share = f"{len(unfinished)} of {count_noun(len(plan.inputs.shards), 'shard')}"
        are = inflect(len(unfinished), "is", "are")
        raise OutputError(f"{share} {are} unfinished: {why}{rest}.", RERUN_HINT)
    return [plan.output.read_json(get_completion_path(plan, state, name, shard)) for shard in plan.inputs.shards]


def check_prerequisites(plan: ScalePlan, name: str) -> None:
    """Refuse a pass whose predecessors' results are not there.

    Raises:
        OutputError: one of them has failed.
    """
    passes = list_passes(plan)
    for earlier in passes[: passes.index(name)]:
        if not plan.output.exists(f"{plan.run_folder}/known-{earlier}.json"):
            raise OutputError(f"The pass '{earlier}', which '{name}' needs, is unfinished.", RERUN_HINT)


def get_failure_path(plan: ScalePlan, shard: InputShard) -> str:
    """Where a worker says why it gave a shard up."""
    return f"{plan.run_folder}/failed/{compute_content_key(shard.stem, shard.part)}.json"


def _explain_failure(plan: ScalePlan, shard: InputShard) -> str:
    name = get_failure_path(plan, shard)
    if not plan.output.exists(name):
        return "no word from its worker (killed, not started, or without space to write)"
    return str(plan.output.read_json(name)["error"]).rstrip(".")


def reduce_ids(plan: ScalePlan) -> None:
    """After `ids`: which rows are rejected because an earlier shard has their id. Raises CotpressError."""
    records = load_completion_records(plan, CorpusState(), "ids")
    if not sum(mark["rows"] for mark in records):
        names = ", ".join(shard.name for shard in plan.inputs.shards[:3] if not shard.part)
        raise InputError(f"There is nothing to read in {names}: no rows.", "Give a file with at least one row.")
    repeated = collect_repeated_ids(plan, sum(mark["traces"] for mark in records))
    save_corpus_state(plan, "ids", {"repeated": repeated, "rows": [mark["rows"] for mark in records]})


def reduce_samples(plan: ScalePlan) -> None:
    """After `sample`: the sample of the whole corpus that the n-gram model is fitted on. Raises CotpressError."""
    state = load_corpus_state(plan)
    load_completion_records(plan, state, "sample")
    sample = CorpusSample(MAX_SAMPLE_CHARS)
    for shard in plan.inputs.shards:
        name = f"{WORK_FOLDER}/sample/{shard.make_output_name(state.compute_rows_key(plan, shard))}.parquet"
        where = pc.field("digest") <= pa.scalar(min(sample.digest_limit, (1 << 64) - 1), pa.uint64())
        rows = plan.output.read_table(name, where)  # less and less of each, as the border falls
        sample.merge(zip(rows["digest"].to_pylist(), rows["reasoning"].to_pylist(), strict=True))
    chosen = sample.list_by_digest()
    columns = {
        "digest": pa.array([number for number, _ in chosen], pa.uint64()),
        "reasoning": pa.array([text for _, text in chosen], pa.string()),
    }
    plan.output.write_table(f"{plan.run_folder}/fit.parquet", columns)
    save_corpus_state(plan, "sample", {"fit": compute_content_key([number for number, _ in chosen])})


def reduce_histograms(plan: ScalePlan) -> None:
    """Merge the histograms of all shards and store the corpus-wide threshold. It comes after the pass `survey`.

    Raises:
        CotpressError: a shard's histogram is missing or cannot be read.
    """
    state, spec = load_corpus_state(plan), plan.spec
    assert isinstance(spec, CompressionSpec)
    load_completion_records(plan, state, "survey")
    histogram = ImportanceHistogram()
    for shard in plan.inputs.shards:
        rows = plan.output.read_table(
            f"{WORK_FOLDER}/survey/{shard.make_output_name(state.compute_histogram_key(plan, shard))}.parquet"
        )
        histogram.merge(rows["bin"].to_numpy(), rows["tokens"].to_numpy())
    threshold = histogram.find_threshold(parse_keep_ratio(spec.budget.keep[0]))
    save_corpus_state(
        plan, "survey", {"threshold": [threshold.bin, threshold.share.numerator, threshold.share.denominator]}
    )


REDUCERS: Final[Mapping[str, Callable[[ScalePlan], None]]] = {
    "ids": reduce_ids,
    "sample": reduce_samples,
    "survey": reduce_histograms,
}


def list_passes(plan: ScalePlan) -> list[str]:
    """The passes that a plan needs, in order."""
    return ["ids", *(["sample"] if plan.needs_ngram else []), *(["survey"] if plan.needs_histogram else []), "outcomes"]
