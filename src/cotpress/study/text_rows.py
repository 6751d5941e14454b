"""Compressed traces as rows: what every compression leaves for training and for the tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from cotpress.gauges import measure_text_pair
from cotpress.pipeline import make_text_pair
from cotpress.text import segment
from cotpress.text.markers import mark_reflective
from cotpress.text.near_duplicates import find_near_duplicates
from cotpress.types import Compressed, Rejected

TEXTS_SCHEMA: Final = pa.schema(
    {
        "trace": pa.string(),
        "keep": pa.float64(),  # target ratio; null where there is none
        "text": pa.string(),  # null where the trace was rejected
        "reason": pa.string(),
        "tokens_original": pa.int64(),
        "tokens_kept": pa.int64(),
        "steps": pa.int64(),  # of the text
        "reflective_steps": pa.int64(),
        "duplicate_steps": pa.int64(),
        "restructuring": pa.float64(),
        "cost": pa.float64(),
        "gauges": pa.map_(pa.string(), pa.float64()),  # of the text, by name; null for baselines
    }
)
TEXTS_VERSION: Final = 1  # raised when the gauges change; 1: they are there
TEXTS_FILE: Final = "texts.parquet"
TextRow = Mapping[str, Any]


def build_text_row(outcome: Compressed | Rejected, trace: str, keep: float | None) -> TextRow:
    """What became of one trace at one target."""
    if isinstance(outcome, Rejected):
        return {"trace": trace, "keep": keep, "reason": outcome.reason, "cost": _sum_cost(outcome)}
    steps = [outcome.text[start:end] for start, end in pairwise(segment(outcome.text).steps.tolist())]
    return {
        "trace": trace,
        "keep": keep,
        "text": outcome.text,
        "tokens_original": outcome.tokens_original,
        "tokens_kept": outcome.tokens_kept,
        "steps": len(steps),
        "reflective_steps": sum(mark_reflective(steps)),
        "duplicate_steps": int(find_near_duplicates(steps).sum()),
        "restructuring": outcome.measures.get("restructuring"),
        "cost": _sum_cost(outcome),
        "gauges": _measure_text(outcome),
    }


def _measure_text(outcome: Compressed) -> list[tuple[str, float]] | None:
    """The gauges that apply to a pruned or rewritten text."""
    if outcome.kept_spans is None and not outcome.measures:
        return None  # a baseline: nothing was shortened
    figures = measure_text_pair(make_text_pair(outcome))
    return [(name, value) for name, value in figures.items() if value is not None]


def write_texts(folder: Path, rows: Iterable[TextRow]) -> None:
    """Write them into a step's folder."""
    pq.write_table(pa.Table.from_pylist(list(rows), TEXTS_SCHEMA), folder / TEXTS_FILE, compression="zstd")


def read_texts(folder: Path, keep: float | None) -> list[TextRow]:
    """Those of one target, in the order of the traces."""
    return [row for row in pq.read_table(folder / TEXTS_FILE).to_pylist() if row["keep"] == keep]


def _sum_cost(outcome: Compressed | Rejected) -> float | None:
    costs = [call.cost for call in outcome.calls if call.cost is not None]
    return sum(costs) if costs else None
