"""What a finished output did to its traces: the same figures for every compressor, read from `traces.parquet`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow.parquet as pq

from cotpress.analysis.reference_recall import OutputRecalls
from cotpress.gauges import GAUGES, Gauge
from cotpress.pipeline import measure_gauges
from cotpress.pipeline.output import (
    SUMMARY_FILE,
    build_unreadable_output_error,
    compute_gauge_means,
    find_gauge_faults,
    list_trace_tables,
    read_outcome,
    sum_gauges,
)
from cotpress.pruning import prepare_trace
from cotpress.rewriting.checks import measure_number_support, measure_restructuring_of_segmentations
from cotpress.text import Segmentation, segment
from cotpress.text.markers import mark_reflective
from cotpress.traces import ReferenceSolutions

_BATCH_ROWS = 256
MEASURES = ("restructuring", "faithfulness", "reflective_before", "reflective_after")


def measure_output(
    folder: Path, references: ReferenceSolutions | None = None, gauges: Mapping[str, Gauge] = MappingProxyType({})
) -> dict[str, Any]:
    """Figures of one output folder, sharded or not, or of a table of traces. Reads it once, a batch at a time.

    Args:
        folder: an output of compress or rewrite.
        references: other solutions of the same problems; what is kept of them is `reference`, as
            `measure_output_references` gives it.
        gauges: gauges by name that the run had not; they are measured now, beside its own.

    `traces`; `realized_ratio` of all tokens together, 0..1; and as means over the traces, each 0..1:
    `restructuring` (share of what is left whose wording, order or step is not the original's),
    `faithfulness` (share of its numbers that the trace bears out), `reflective_before` and
    `reflective_after` (share of steps that turn back on the work). None where there is no trace.

    `gauges` has for every gauge the mean over the traces, beside those of random pruning to the same length and of the
    originals: as the run wrote them, or measured now where it wrote none. `warnings` says what is wrong.

    Raises:
        InputError: it is no output of compress or rewrite, or none of its traces has a reference.
        ModelError: a gauge failed.
    """
    paths = list_trace_tables(folder)
    recalls = None if references is None else OutputRecalls(folder, references)
    try:
        measures = _measure_tables(paths, _read_summary(folder), recalls, gauges)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise build_unreadable_output_error(folder) from error
    return measures if recalls is None else {**measures, "reference": recalls.summarize()}


def _read_summary(folder: Path) -> dict[str, Any]:
    """The gauges and warnings that the run wrote; nothing for a table, or an output of an earlier version."""
    path = folder / SUMMARY_FILE
    summary = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return {name: summary[name] for name in ("gauges", "warnings")} if "gauges" in summary else {}


def _measure_tables(
    paths: list[Path], written: dict[str, Any], recalls: OutputRecalls | None, gauges: Mapping[str, Gauge]
) -> dict[str, Any]:
    sums, traces = dict.fromkeys(("original", "kept", *MEASURES), 0.0), 0
    gauges = gauges if written else {**GAUGES, **gauges}
    gauge_sums: dict[str, float] = {}
    for row in (row for path in paths for row in _read_rows(path)):
        traces += 1
        for name, value in _measure_row(row).items():
            sums[name] += value
        if recalls is not None:
            recalls.add(row)
        if gauges:
            outcome = read_outcome(row)
            outcome = replace(outcome, gauges=measure_gauges(outcome, None, gauges))
            for name, value in sum_gauges([outcome]).items():
                gauge_sums[name] = gauge_sums.get(name, 0.0) + value
    means = {name: round(sums[name] / traces, 4) if traces else None for name in MEASURES}
    ratio = round(sums["kept"] / sums["original"], 4) if sums["original"] else None
    told = {
        "gauges": {**written.get("gauges", {}), **compute_gauge_means(gauge_sums)},
        "warnings": list(dict.fromkeys((*written.get("warnings", ()), *find_gauge_faults(gauge_sums, None, gauges)))),
    }
    return {"traces": traces, "realized_ratio": ratio, **means, **told}


def _read_rows(path: Path) -> Iterator[dict[str, Any]]:
    with pq.ParquetFile(path) as table:
        for batch in table.iter_batches(_BATCH_ROWS):
            yield from batch.to_pylist()


def _measure_row(row: dict[str, Any]) -> dict[str, float]:
    before = prepare_trace(read_outcome(row).trace).segmentation  # which random pruning cuts likewise
    after = segment(row["compressed"], before.mode)
    return {
        "original": row["tokens_original"],
        "kept": row["tokens_kept"],
        "restructuring": measure_restructuring_of_segmentations(before, after),
        "faithfulness": measure_number_support(row["compressed"], (row["question"], row["original"], row["answer"])),
        "reflective_before": _compute_reflective_share(before),
        "reflective_after": _compute_reflective_share(after),
    }


def _compute_reflective_share(cut: Segmentation) -> float:
    steps = [cut.text[start:end] for start, end in zip(cut.steps[:-1], cut.steps[1:], strict=True)]
    return sum(mark_reflective(steps)) / len(steps) if steps else 0.0
