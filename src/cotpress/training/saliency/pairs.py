"""Pairs of original and shortened reasoning, read from output directories and labelled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from cotpress.pipeline.output import TRACES_FILE, build_unreadable_output_error
from cotpress.training.saliency.labels import CharacterLabels, label_spans, label_text
from cotpress.types import Rejected

_COLUMNS = ["id", "original", "compressed", "kept_spans", "flags"]
_BATCH_ROWS = 256


@dataclass(frozen=True, slots=True, eq=False)
class LabelledPair:
    """An original with its labels, and the row that it is from (`line` counts from 1)."""

    id: str
    original: str
    labels: CharacterLabels
    source: str
    line: int

    def reject(self, reason: str, detail: str) -> Rejected:
        """The reject that this pair becomes."""
        return Rejected(reason, detail, self.source, self.line, self.id)


def read_pairs(folders: Sequence[Path]) -> Iterator[LabelledPair | Rejected]:
    """One pair or reject for every row of every output, in order.

    Raises:
        InputError: a folder is not there, or is no finished output of compress or rewrite.
    """
    paths = [_find_table(folder) for folder in folders]  # all are looked for before the first is read
    for folder, path in zip(folders, paths, strict=True):
        for line, row in enumerate(_read_rows(folder, path), 1):
            yield _label_row(row, str(folder), line)


def _find_table(folder: Path) -> Path:
    path = folder / TRACES_FILE if folder.is_dir() else folder
    if not path.is_file():
        raise build_unreadable_output_error(folder)
    return path


def _read_rows(folder: Path, path: Path) -> Iterable[dict[str, Any]]:
    try:
        with pq.ParquetFile(path) as table:
            for batch in table.iter_batches(_BATCH_ROWS, columns=_COLUMNS):
                yield from batch.select(_COLUMNS).to_pylist()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise build_unreadable_output_error(folder) from error


def _label_row(row: dict[str, Any], source: str, line: int) -> LabelledPair | Rejected:
    original, shortened, spans = row["original"] or "", row["compressed"] or "", row["kept_spans"]
    if not original.strip() or not shortened.strip():
        return Rejected("empty", "The original or what is left of it is empty.", source, line, row["id"])
    if "kept-original" in (row["flags"] or ()):
        return Rejected("kept-original", "Nobody shortened this trace.", source, line, row["id"])
    labels = label_text(original, shortened) if spans is None else label_spans(original, spans)
    if labels is None:
        reason, detail = (
            ("not-alignable", "The two texts repeat themselves too much to be aligned.")
            if spans is None
            else ("bad-spans", "The kept spans do not lie in order within the original.")
        )
        return Rejected(reason, detail, source, line, row["id"])
    return LabelledPair(row["id"], original, labels, source, line)
