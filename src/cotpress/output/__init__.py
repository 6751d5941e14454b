"""The output directory of a run: atomic, resumable, one row for every row that came in."""

from cotpress.output.directory import CALLS, REJECTED, SFT, SUMMARY, TRACES, OutputDirectory, opened
from cotpress.output.rows import SCHEMA, rejected_row, write_jsonl
from cotpress.output.sharded import FOLDERS, is_sharded, tables_of
from cotpress.output.tally import Tally, total

__all__ = [
    "CALLS",
    "FOLDERS",
    "REJECTED",
    "SCHEMA",
    "SFT",
    "SUMMARY",
    "TRACES",
    "OutputDirectory",
    "Tally",
    "is_sharded",
    "opened",
    "rejected_row",
    "tables_of",
    "total",
    "write_jsonl",
]
