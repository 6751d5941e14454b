"""The output directory of a run: atomic, resumable, one row for every row that came in."""

from cotpress.pipeline.output.directory import (
    CALLS_FILE,
    CARD_FILE,
    REJECTED_FILE,
    SFT_FILE,
    SHARD_FOLDERS,
    SUMMARY_FILE,
    TRACES_FILE,
    OutputDirectory,
    is_sharded,
    list_published_files,
    list_trace_tables,
    open_output_directory,
)
from cotpress.pipeline.output.gauge_sums import (
    compute_gauge_means,
    describe_bound,
    find_gauge_faults,
    mark_warned_gauges,
    sum_gauges,
)
from cotpress.pipeline.output.outcome_counts import OutcomeCounts, sum_counts
from cotpress.pipeline.output.rows import (
    COMPRESSED_TRACES_SCHEMA,
    build_rejected_row,
    build_trace_row,
    build_traces_schema,
    read_outcome,
    write_jsonl,
)
from cotpress.pipeline.output.unreadable import build_unreadable_output_error

__all__ = [
    "CALLS_FILE",
    "CARD_FILE",
    "COMPRESSED_TRACES_SCHEMA",
    "REJECTED_FILE",
    "SFT_FILE",
    "SHARD_FOLDERS",
    "SUMMARY_FILE",
    "TRACES_FILE",
    "OutcomeCounts",
    "OutputDirectory",
    "build_rejected_row",
    "build_trace_row",
    "build_traces_schema",
    "build_unreadable_output_error",
    "compute_gauge_means",
    "describe_bound",
    "find_gauge_faults",
    "is_sharded",
    "list_published_files",
    "list_trace_tables",
    "mark_warned_gauges",
    "open_output_directory",
    "read_outcome",
    "sum_counts",
    "sum_gauges",
    "write_jsonl",
]
