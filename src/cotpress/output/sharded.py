"""Where the files of an output are: one of each kind, or, of a run over shards, a folder of each kind."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cotpress.output.directory import CALLS, REJECTED, SFT, SUMMARY, TRACES

FOLDERS: Final = {TRACES: "traces", SFT: "sft", REJECTED: "rejected", CALLS: "calls"}


def is_sharded(folder: Path) -> bool:
    """Whether a run over shards has finished there."""
    return (folder / SUMMARY).is_file() and (folder / FOLDERS[TRACES]).is_dir()


def tables_of(given: Path) -> list[Path]:
    """The tables of traces of an output folder; what is no folder as it is."""
    if not given.is_dir():
        return [given]
    return sorted((given / FOLDERS[TRACES]).glob("*.parquet")) if is_sharded(given) else [given / TRACES]
