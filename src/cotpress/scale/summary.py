"""The end of a run: every row accounted for, what other runs left cleared away, the summary last."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from cotpress.errors import OutputError
from cotpress.number_formatting import count_noun
from cotpress.pipeline import build_companion_files, describe_run
from cotpress.pipeline.output import SHARD_FOLDERS, SUMMARY_FILE, OutcomeCounts, sum_counts
from cotpress.scale.map import CompletionRecord
from cotpress.scale.plan import WORK_FOLDER, CorpusState, ScalePlan, load_corpus_state
from cotpress.scale.reduce import load_completion_records
from cotpress.traces import RowSelection


def finish_run(plan: ScalePlan) -> dict[str, Any]:
    """Write the summary of all shards and return it.

    Raises:
        OutputError: a shard is unfinished, or changed while it was read; or the summary cannot be written.
    """
    state, shards = load_corpus_state(plan), plan.inputs.shards
    seen, done = load_completion_records(plan, CorpusState(), "ids"), load_completion_records(plan, state, "outcomes")
    all_counts = [OutcomeCounts(**mark["tally"]) for mark in done]
    _check_rows(plan, seen, all_counts)
    _remove_stale_files(plan, state)
    files = [(shard, mark) for shard, mark in zip(shards, seen, strict=True) if not shard.part]
    facts = {
        "counted_with": done[0]["counted_with"],
        "recognised": [about for _, mark in files for about in mark["recognised"]],
        "input": [list(shard.file_identity) for shard, _ in files],
        "shards": len(done),
        "worker_seconds": round(sum(mark["seconds"] for mark in done), 3),
        **({"selection": asdict(RowSelection(plan.inputs.limit))} if plan.inputs.limit else {}),
        **done[0]["about"],
    }
    about = describe_run(plan.spec, time.time() - plan.started_at, facts)
    summary = {**sum_counts(all_counts).to_summary(about["method"]), **about}
    for name, text in build_companion_files(plan.spec.format, summary, sharded=True).items():
        plan.output.write(name, text.encode())
    plan.output.write_json(SUMMARY_FILE, summary)
    written: dict[str, Any] = plan.output.read_json(SUMMARY_FILE)
    return written


def _check_rows(plan: ScalePlan, seen: list[CompletionRecord], all_counts: list[OutcomeCounts]) -> None:
    for shard, mark, counts in zip(plan.inputs.shards, seen, all_counts, strict=True):
        if mark["rows"] != counts.rows:
            first, later = count_noun(mark["rows"], "row"), counts.rows
            raise OutputError(
                f"{shard.title} changed while it was read: {first} at first, {later} later.",
                "Run it again with --force once nobody writes there.",
            )


def _remove_stale_files(plan: ScalePlan, state: CorpusState) -> None:
    """Remove what runs with other settings or shards left: first completion records, then files."""
    names = {shard.make_output_name(state.compute_outcome_key(plan, shard)) for shard in plan.inputs.shards}
    for folder in (f"{WORK_FOLDER}/outcomes", *SHARD_FOLDERS.values()):
        for name in plan.output.list_names(folder):
            if name.rpartition(".")[0] not in names:
                plan.output.remove(f"{folder}/{name}")
