"""The output directory of a run: atomic, resumable, one row for every row that came in."""

from cotpress.output.directory import REJECTED, SFT, SUMMARY, TRACES, OutputDirectory, opened
from cotpress.output.rows import SCHEMA
from cotpress.output.tally import Tally, total

__all__ = ["REJECTED", "SCHEMA", "SFT", "SUMMARY", "TRACES", "OutputDirectory", "Tally", "opened", "total"]
