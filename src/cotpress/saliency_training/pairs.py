"""Pairs of original and shortened reasoning, read from output directories and labelled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from cotpress.errors import InputError
from cotpress.output import TRACES
from cotpress.saliency_training.labels import Labels, labels_of_spans, labels_of_text
from cotpress.types import Rejected

_COLUMNS = ["id", "original", "compressed", "kept_spans", "flags"]
_BATCH = 256


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """An original with its labels, and the row that it is from (`line` counts from 1)."""

    id: str
    original: str
    labels: Labels
    source: str
    line: int

    def rejected(self, reason: str, detail: str) -> Rejected:
        """The reject that this pair becomes."""
        return Rejected(reason, detail, self.source, self.line, self.id)


def read_pairs(folders: Sequence[Path]) -> Iterator[Pair | Rejected]:
    """One pair or reject for every row of every output, in order.

    Raises:
        InputError: a folder is not there, or is no finished output of compress or rewrite.
    """
    paths = [_table(folder) for folder in folders]  # all are looked for before the first is read
    for folder, path in zip(folders, paths, strict=True):
        for line, row in enumerate(_rows(folder, path), 1):
            yield _labelled(row, str(folder), line)


def _table(folder: Path) -> Path:
    if not folder.exists():
        raise InputError(f"There is no folder {folder}.", "Give the folder that compress or rewrite wrote with -o.")
    path = folder / TRACES if folder.is_dir() else folder
    if not path.is_file():
        raise InputError(
            f"{folder} is no finished output: it holds no {TRACES}.",
            "Give the folder that compress or rewrite wrote with -o.",
        )
    return path


def _rows(folder: Path, path: Path) -> Iterable[dict[str, Any]]:
    try:
        with pq.ParquetFile(path) as table:
            for batch in table.iter_batches(_BATCH, columns=_COLUMNS):
                yield from batch.select(_COLUMNS).to_pylist()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{folder} is no finished output: {path.name} cannot be read ({type(error).__name__}).",
            "Give the folder that compress or rewrite wrote with -o.",
        ) from error


def _labelled(row: dict[str, Any], source: str, line: int) -> Pair | Rejected:
    original, shortened, spans = row["original"] or "", row["compressed"] or "", row["kept_spans"]
    if not original.strip() or not shortened.strip():
        return Rejected("empty", "The original or what is left of it is empty.", source, line, row["id"])
    if "kept-original" in (row["flags"] or ()):
        return Rejected("kept-original", "Nobody shortened this trace.", source, line, row["id"])
    labels = labels_of_text(original, shortened) if spans is None else labels_of_spans(original, spans)
    if labels is None:
        reason, detail = (
            ("not-alignable", "The two texts repeat themselves too much to be aligned.")
            if spans is None
            else ("bad-spans", "The kept spans do not lie in order within the original.")
        )
        return Rejected(reason, detail, source, line, row["id"])
    return Pair(row["id"], original, labels, source, line)
