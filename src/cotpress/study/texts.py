"""Shortened traces as rows: what every way to shorten leaves for training and for the tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from cotpress.markers import is_reflective
from cotpress.redundancy import near_duplicates
from cotpress.segment import segment
from cotpress.types import Compressed, Rejected

TEXTS: Final = pa.schema(
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
    }
)
FILE: Final = "texts.parquet"
Row = Mapping[str, Any]


def text_row(outcome: Compressed | Rejected, trace: str, keep: float | None) -> Row:
    """What became of one trace at one target."""
    if isinstance(outcome, Rejected):
        return {"trace": trace, "keep": keep, "reason": outcome.reason, "cost": _cost(outcome)}
    steps = [outcome.text[start:end] for start, end in pairwise(segment(outcome.text).steps.tolist())]
    return {
        "trace": trace,
        "keep": keep,
        "text": outcome.text,
        "tokens_original": outcome.tokens_original,
        "tokens_kept": outcome.tokens_kept,
        "steps": len(steps),
        "reflective_steps": sum(map(is_reflective, steps)),
        "duplicate_steps": int(near_duplicates(steps).sum()),
        "restructuring": outcome.measures.get("restructuring"),
        "cost": _cost(outcome),
    }


def write_texts(folder: Path, rows: Iterable[Row]) -> None:
    """Write them into a step's folder."""
    pq.write_table(pa.Table.from_pylist(list(rows), TEXTS), folder / FILE, compression="zstd")


def read_texts(folder: Path, keep: float | None) -> list[Row]:
    """Those of one target, in the order of the traces."""
    return [row for row in pq.read_table(folder / FILE).to_pylist() if row["keep"] == keep]


def _cost(outcome: Compressed | Rejected) -> float | None:
    costs = [call.cost for call in outcome.calls if call.cost is not None]
    return sum(costs) if costs else None
