"""What a finished output did to its traces: the same figures for every compressor, read from `traces.parquet`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from cotpress.checks import restructuring_of, supported_numbers
from cotpress.errors import InputError
from cotpress.markers import is_reflective
from cotpress.output import tables_of
from cotpress.segment import Segmentation, segment

_COLUMNS = ["question", "original", "compressed", "answer", "tokens_original", "tokens_kept"]
_BATCH = 256
MEASURES = ("restructuring", "faithfulness", "reflective_before", "reflective_after")


def measure_output(folder: Path) -> dict[str, Any]:
    """Figures of one output folder, sharded or not, or of a table of traces. Reads a batch at a time.

    `traces`; `realized_ratio` of all tokens together, 0..1; and as means over the traces, each 0..1:
    `restructuring` (share of what is left whose wording, order or step is not the original's),
    `faithfulness` (share of its numbers that the trace bears out), `reflective_before` and
    `reflective_after` (share of steps that turn back on the work). None where there is no trace.

    Raises:
        InputError: it is no output of compress or rewrite.
    """
    paths = tables_of(folder)
    try:
        return _means(_figures(row) for path in paths for row in _rows(path))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{folder} is no finished output: {paths[0].name} cannot be read ({type(error).__name__}).",
            "Give the folder that compress or rewrite wrote with -o.",
        ) from error


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with pq.ParquetFile(path) as table:
        for batch in table.iter_batches(_BATCH, columns=_COLUMNS):
            yield from batch.to_pylist()


def _figures(row: dict[str, Any]) -> dict[str, float]:
    before = segment(row["original"])
    after = segment(row["compressed"], before.mode)
    return {
        "original": row["tokens_original"],
        "kept": row["tokens_kept"],
        "restructuring": restructuring_of(before, after),
        "faithfulness": supported_numbers(row["compressed"], (row["question"], row["original"], row["answer"])),
        "reflective_before": _reflective(before),
        "reflective_after": _reflective(after),
    }


def _reflective(cut: Segmentation) -> float:
    steps = [cut.text[start:end] for start, end in zip(cut.steps[:-1], cut.steps[1:], strict=True)]
    return sum(map(is_reflective, steps)) / len(steps) if steps else 0.0


def _means(rows: Iterable[dict[str, float]]) -> dict[str, Any]:
    sums, traces = dict.fromkeys(("original", "kept", *MEASURES), 0.0), 0
    for row in rows:
        traces += 1
        for name, value in row.items():
            sums[name] += value
    means = {name: round(sums[name] / traces, 4) if traces else None for name in MEASURES}
    ratio = round(sums["kept"] / sums["original"], 4) if sums["original"] else None
    return {"traces": traces, "realized_ratio": ratio, **means}
