"""The tables of an output directory, row by row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cotpress.types import Compressed, IntArray, Rejected

GROUP = 2 << 20  # bytes of a row group, at least

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
        # figures of rewrites, null for pruned traces
        pa.field("restructuring", pa.float64()),
        pa.field("faithfulness", pa.float64()),
    ]
)


def write_traces(path: Path, compressed: Sequence[Compressed]) -> None:
    """Write `traces.parquet`, one row a trace."""
    plain = pa.schema([field for field in SCHEMA if field.name != "kept_spans"])
    table = pa.Table.from_pylist([_row(one) for one in compressed], plain)
    place = SCHEMA.get_field_index("kept_spans")
    table = table.add_column(place, SCHEMA.field(place), _spans([one.kept_spans for one in compressed]))
    pq.write_table(table, path, compression="zstd")


def _spans(spans: Sequence[IntArray | None]) -> pa.Array:
    """A column of lists of [start, end) pairs, built from arrays rather than from Python numbers."""
    present = [np.zeros((0, 2), dtype=np.int64) if one is None else one for one in spans]
    flat = np.concatenate([*present, np.zeros((0, 2), dtype=np.int64)]).astype(np.int32)
    pairs = pa.ListArray.from_arrays(np.arange(0, 2 * len(flat) + 1, 2, dtype=np.int32), flat.ravel())
    ends = np.cumsum([0, *map(len, present)]).astype(np.int32)
    absent = pa.array([one is None for one in spans], pa.bool_())
    return pa.ListArray.from_arrays(ends, pairs, mask=absent)


def _row(one: Compressed) -> dict[str, object]:
    trace = one.trace
    return {
        "id": trace.id,
        "question": trace.question,
        "original": trace.reasoning,
        "compressed": one.text,
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
        "restructuring": one.measures.get("restructuring"),
        "faithfulness": one.measures.get("faithfulness"),
    }


def write_jsonl(path: Path, rows: Sequence[object]) -> None:
    """Write one JSON object a line, UTF-8."""
    with path.open("w", encoding="utf-8", errors="backslashreplace") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def rejected_row(rejected: Rejected) -> dict[str, object]:
    """A line of `rejected.jsonl`; its calls are in `calls.jsonl`."""
    row = asdict(rejected)
    del row["calls"]
    return row


def call_rows(outcome: Compressed | Rejected) -> list[dict[str, object]]:
    """The lines of `calls.jsonl` for one outcome: every request made for it, in order."""
    trace = outcome.id if isinstance(outcome, Rejected) else outcome.trace.id
    return [{"id": trace, "try": number, **asdict(call)} for number, call in enumerate(outcome.calls, 1)]


def join_parquet(parts: Sequence[Path], path: Path) -> None:
    """Join tables of the same schema into one, a few parts at a time.

    The writer remembers every row group until the end, so that groups must not be as small as parts.
    """
    waiting: list[pa.Table] = []
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for part in parts:
            waiting.append(pq.read_table(part, schema=SCHEMA, use_threads=False))  # threads hold memory back
            if sum(table.nbytes for table in waiting) >= GROUP:
                writer.write_table(pa.concat_tables(waiting))
                waiting.clear()
        if waiting:
            writer.write_table(pa.concat_tables(waiting))


def join_text(parts: Sequence[Path], path: Path) -> None:
    """Join files byte by byte."""
    with path.open("wb") as joined:
        for part in parts:
            joined.write(part.read_bytes())
