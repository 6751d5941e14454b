"""The output directory of a run: atomic, resumable, one row for every row that came in."""

from cotpress.output.directory import REJECTED, SFT, SUMMARY, TRACES, OutputDirectory, opened
from cotpress.output.rows import SCHEMA, rejected_row, write_jsonl
from cotpress.output.tally import Tally, total

__all__ = [
    "REJECTED",
    "SCHEMA",
    "SFT",
    "SUMMARY",
    "TRACES",
    "OutputDirectory",
    "Tally",
    "opened",
    "rejected_row",
    "total",
    "write_jsonl",
]
