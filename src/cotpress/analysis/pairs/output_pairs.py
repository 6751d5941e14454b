"""The pairs of an output folder: figures of all of them, texts of those that are asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from cotpress.analysis.pairs.marked_text import MarkedPart, mark_pair
from cotpress.gauges.registry import COLUMN_PREFIX
from cotpress.pipeline.output import SUMMARY_FILE, build_unreadable_output_error, list_trace_tables

MEASURE_COLUMNS: Final = ("restructuring", "faithfulness")
_FIGURE_COLUMNS = ("id", "tokens_original", "tokens_kept", "realized_ratio", "target_ratio", "flags", *MEASURE_COLUMNS)
_TEXT_COLUMNS = ("question", "original", "compressed", "kept_spans", "answer", "gold")
_NEEDED_COLUMNS = frozenset(("id", "original", "compressed", "tokens_original", "tokens_kept", "realized_ratio"))


@dataclass(frozen=True, slots=True)
class PairFigures:
    """What is known of a pair without its texts. `row` is its place in the output.

    `gauges` are figures of the text by name, None where one does not apply to it; `measures` those of a rewrite.
    """

    row: int
    id: str
    tokens_original: int
    tokens_kept: int
    realized_ratio: float
    target_ratio: float | None = None
    flags: tuple[str, ...] = ()
    measures: Mapping[str, float | None] = field(default_factory=dict)
    gauges: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pair:
    """A trace of an output before and after. `kept_spans` is None where it was rewritten."""

    figures: PairFigures
    question: str
    original: str
    compressed: str
    kept_spans: Sequence[Sequence[int]] | None
    answer: str = ""
    gold: str | None = None

    def __repr__(self) -> str:
        return f"Pair(id={self.figures.id!r}, {self.figures.tokens_kept:,} of {self.figures.tokens_original:,} tokens)"

    def mark(self) -> list[MarkedPart]:
        """The pair as one text with its parts marked."""
        return mark_pair(self.original, self.compressed, self.kept_spans)


@dataclass(frozen=True)
class OutputPairs:
    """The pairs of one finished output. Made by `open_pairs`."""

    folder: Path
    tables: tuple[Path, ...]
    figures: tuple[PairFigures, ...]
    summary: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"OutputPairs({str(self.folder)!r}, {len(self.figures):,} pairs)"

    @cached_property
    def gauge_names(self) -> tuple[str, ...]:
        """The gauges that the output has."""
        return tuple(self.figures[0].gauges) if self.figures else ()

    @cached_property
    def measure_names(self) -> frozenset[str]:
        """The figures of rewrites that some of its pairs have."""
        return frozenset(name for figures in self.figures for name in figures.measures)

    @cached_property
    def random_means(self) -> dict[str, float]:
        """The means of the gauges for random pruning to the same lengths, as far as the run has measured them."""
        means = {name: figures.get("random") for name, figures in self.summary.get("gauges", {}).items()}
        return {name: mean for name, mean in means.items() if mean is not None}

    @property
    def step_mode(self) -> str:
        """How the run cut the reasoning into steps."""
        method = self.summary.get("method", {}).get("method", {})
        return str(method.get("steps", "auto"))

    def read(self, chosen: Sequence[PairFigures]) -> Iterator[Pair]:
        """The chosen pairs with their texts, in that order. Only the row groups that hold them are read."""
        rows = _read_rows(self.tables, {figures.row for figures in chosen})
        for figures in chosen:
            row = rows[figures.row]
            yield Pair(
                figures,
                row["question"] or "",
                row["original"],
                row["compressed"],
                row["kept_spans"],
                row["answer"] or "",
                row["gold"],
            )


def open_pairs(folder: Path) -> OutputPairs:
    """Open a finished output of compress or rewrite, sharded or not, or a table of traces.

    Raises:
        InputError: it is no such output.

    >>> from cotpress import Trace, compress, write
    >>> _ = write(compress([Trace("1", "2+3?", "Two. Three. 2+3=5.", "5")]), "out")
    >>> pairs = open_pairs(Path("out"))
    >>> next(pairs.read(pairs.figures)).original
    'Two. Three. 2+3=5.'
    """
    tables = tuple(list_trace_tables(folder))
    try:
        figures = tuple(_read_figures(tables))
        path = folder / SUMMARY_FILE
        summary = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise build_unreadable_output_error(folder) from error
    return OutputPairs(folder, tables, figures, summary)


def _read_figures(tables: Sequence[Path]) -> Iterator[PairFigures]:
    place = 0
    for path in tables:
        with pq.ParquetFile(path) as table:
            names = table.schema_arrow.names
            if not set(names) >= _NEEDED_COLUMNS:
                raise ValueError("columns are missing")
            gauges = [name for name in names if name.startswith(COLUMN_PREFIX)]
            columns = [name for name in names if name in _FIGURE_COLUMNS or name in gauges]
            for batch in table.iter_batches(columns=columns):
                for row in batch.to_pylist():
                    yield _build_figures(place, row, gauges)
                    place += 1


def _build_figures(place: int, row: Mapping[str, Any], gauges: Sequence[str]) -> PairFigures:
    return PairFigures(
        place,
        row["id"],
        row["tokens_original"],
        row["tokens_kept"],
        row["realized_ratio"],
        row.get("target_ratio"),
        tuple(row.get("flags") or ()),
        {name: row[name] for name in MEASURE_COLUMNS if row.get(name) is not None},
        {name.removeprefix(COLUMN_PREFIX): row[name] for name in gauges},
    )


def _read_rows(tables: Sequence[Path], places: set[int]) -> dict[int, dict[str, Any]]:
    """The texts of the rows at these places, counted over all tables."""
    rows: dict[int, dict[str, Any]] = {}
    first = 0
    for path in tables:
        with pq.ParquetFile(path) as table:
            columns = [name for name in _TEXT_COLUMNS if name in table.schema_arrow.names]
            for group in range(table.num_row_groups):
                count = table.metadata.row_group(group).num_rows
                held = sorted(place for place in places if first <= place < first + count)
                if held:
                    texts: pa.Table = table.read_row_group(group, columns=columns).take(
                        [place - first for place in held]
                    )
                    empty = dict.fromkeys(_TEXT_COLUMNS)
                    rows.update((place, empty | row) for place, row in zip(held, texts.to_pylist(), strict=True))
                first += count
    return rows
