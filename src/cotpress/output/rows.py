"""The tables of an output directory, row by row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cotpress.types import Compressed, Rejected

SCHEMA = pa.schema(
    [
        pa.field("id", pa.string()),
        pa.field("question", pa.string()),
        pa.field("original", pa.string()),
        pa.field("compressed", pa.string()),
        pa.field("kept_spans", pa.list_(pa.list_(pa.int32()))),
        pa.field("tokens_original", pa.int64()),
        pa.field("tokens_kept", pa.int64()),
        pa.field("target_ratio", pa.float64()),
        pa.field("realized_ratio", pa.float64()),
        pa.field("flags", pa.list_(pa.string())),
        pa.field("answer", pa.string()),
        pa.field("gold", pa.string()),
        pa.field("system", pa.string()),
        pa.field("domain", pa.string()),
        pa.field("regime", pa.string()),
    ]
)


def write_traces(path: Path, compressed: Sequence[Compressed]) -> None:
    """Write `traces.parquet`, one row a trace."""
    pq.write_table(pa.Table.from_pylist([_row(one) for one in compressed], SCHEMA), path, compression="zstd")


def _row(one: Compressed) -> dict[str, object]:
    trace = one.trace
    return {
        "id": trace.id,
        "question": trace.question,
        "original": trace.reasoning,
        "compressed": one.text,
        "kept_spans": one.kept_spans,
        "tokens_original": one.tokens_original,
        "tokens_kept": one.tokens_kept,
        "target_ratio": one.target_ratio,
        "realized_ratio": one.realized_ratio,
        "flags": one.flags,
        "answer": trace.answer,
        "gold": trace.gold,
        "system": trace.system,
        "domain": trace.domain,
        "regime": trace.regime,
    }


def write_jsonl(path: Path, rows: Sequence[object]) -> None:
    """Write one JSON object a line, UTF-8."""
    with path.open("w", encoding="utf-8", errors="backslashreplace") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def rejected_row(rejected: Rejected) -> dict[str, object]:
    """A line of `rejected.jsonl`."""
    return asdict(rejected)


def join_parquet(parts: Sequence[Path], path: Path) -> None:
    """Join tables of the same schema into one, a part at a time."""
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for part in parts:
            writer.write_table(pq.read_table(part, schema=SCHEMA))


def join_text(parts: Sequence[Path], path: Path) -> None:
    """Join files byte by byte."""
    with path.open("wb") as joined:
        for part in parts:
            joined.write(part.read_bytes())
