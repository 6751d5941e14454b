"""The tables of an output directory, row by row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cotpress.gauges import GAUGES
from cotpress.gauges.registry import COLUMN_PREFIX
from cotpress.types import Compressed, IntArray, Rejected, Trace

MIN_ROW_GROUP_BYTES = 2 << 20  # bytes of a row group, at least

COMPRESSED_TRACES_SCHEMA = pa.schema(
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
        pa.field("difficulty", pa.float64()),
        # figures of rewrites, null for pruned traces
        pa.field("restructuring", pa.float64()),
        pa.field("faithfulness", pa.float64()),
    ]
)


def build_traces_schema() -> pa.Schema:
    """The columns of `traces.parquet`: those of every output, and one a gauge, plugins' gauges included.

    >>> build_traces_schema().names[0]
    'id'
    """
    # By name: the registry is in the order in which modules happened to be imported.
    columns = [pa.field(gauge.column, pa.float64()) for _, gauge in sorted(GAUGES.items())]
    return pa.schema([*COMPRESSED_TRACES_SCHEMA, *columns])


def write_traces(path: Path, compressed: Sequence[Compressed]) -> None:
    """Write `traces.parquet`, one row a trace."""
    schema = build_traces_schema()
    plain = pa.schema([field for field in schema if field.name != "kept_spans"])
    table = pa.Table.from_pylist([build_trace_row(outcome) for outcome in compressed], plain)
    column = schema.get_field_index("kept_spans")
    table = table.add_column(
        column,
        schema.field(column),
        _build_span_column([outcome.kept_spans for outcome in compressed]),
    )
    pq.write_table(table, path, compression="zstd")


def _build_span_column(spans: Sequence[IntArray | None]) -> pa.Array:
    """A column of lists of [start, end) pairs, built from arrays rather than from Python numbers."""
    present = [np.zeros((0, 2), dtype=np.int64) if kept is None else kept for kept in spans]
    flat = np.concatenate([*present, np.zeros((0, 2), dtype=np.int64)]).astype(np.int32)
    pairs = pa.ListArray.from_arrays(np.arange(0, 2 * len(flat) + 1, 2, dtype=np.int32), flat.ravel())
    ends = np.cumsum([0, *map(len, present)]).astype(np.int32)
    absent = pa.array([kept is None for kept in spans], pa.bool_())
    return pa.ListArray.from_arrays(ends, pairs, mask=absent)


def build_trace_row(outcome: Compressed) -> dict[str, object]:
    """The row of `traces.parquet` for a compressed trace, without its spans.

    >>> build_trace_row(Compressed(Trace("1", "2+3?", "2+3=5."), "2+3=5.", None, 6, 6, None))["tokens_kept"]
    6
    """
    trace = outcome.trace
    return {
        "id": trace.id,
        "question": trace.question,
        "original": trace.reasoning,
        "compressed": outcome.text,
        "tokens_original": outcome.tokens_original,
        "tokens_kept": outcome.tokens_kept,
        "target_ratio": outcome.target_ratio,
        "realized_ratio": outcome.realized_ratio,
        "flags": outcome.flags,
        "answer": trace.answer,
        "gold": trace.gold,
        "system": trace.system,
        "domain": trace.domain,
        "regime": trace.regime,
        "difficulty": trace.difficulty,
        "restructuring": outcome.measures.get("restructuring"),
        "faithfulness": outcome.measures.get("faithfulness"),
        **{f"{COLUMN_PREFIX}{name}": values.compressed for name, values in outcome.gauges.items()},
    }


def read_outcome(row: Mapping[str, Any]) -> Compressed:
    """The outcome that a row of `traces.parquet` was made of, without its calls, measures and gauges.

    >>> row = {"id": "1", "question": "2+3?", "original": "2+3=5.", "compressed": "2+3=5.", "tokens_original": 6,
    ...     "tokens_kept": 6, "kept_spans": [[0, 6]], "answer": "5"}
    >>> read_outcome(row).kept_spans.tolist()
    [[0, 6]]
    """
    trace = Trace(row["id"], row["question"], row["original"], row["answer"] or "", row.get("gold"))
    spans = row.get("kept_spans")
    kept = None if spans is None else np.array(spans, np.int64).reshape(-1, 2)
    return Compressed(
        trace, row["compressed"], kept, row["tokens_original"], row["tokens_kept"], row.get("target_ratio")
    )


def write_jsonl(path: Path, rows: Sequence[object]) -> None:
    """Write one JSON object a line, UTF-8.

    >>> write_jsonl(Path("rows.jsonl"), [{"id": 1}])
    >>> Path("rows.jsonl").read_text()
    '{"id": 1}\\n'
    """
    with path.open("w", encoding="utf-8", errors="backslashreplace") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def build_rejected_row(rejected: Rejected) -> dict[str, object]:
    """A line of `rejected.jsonl`; its calls are in `calls.jsonl`.

    >>> build_rejected_row(Rejected("empty-reasoning", "The row has none.", "a.jsonl", 3))["line"]
    3
    """
    left_out = ("calls", "origin")
    return {entry.name: getattr(rejected, entry.name) for entry in fields(rejected) if entry.name not in left_out}


def build_call_rows(outcome: Compressed | Rejected) -> list[dict[str, object]]:
    """The lines of `calls.jsonl` for one outcome: every request made for it, in order."""
    trace = outcome.id if isinstance(outcome, Rejected) else outcome.trace.id
    return [{"id": trace, "try": number, **asdict(call)} for number, call in enumerate(outcome.calls, 1)]


def join_parquet(parts: Sequence[Path], path: Path) -> None:
    """Join tables of the same schema into one, a few parts at a time.

    The writer remembers every row group until the end, so that groups must not be as small as parts.
    """
    waiting: list[pa.Table] = []
    schema = build_traces_schema()
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for part in parts:
            waiting.append(pq.read_table(part, schema=schema, use_threads=False))  # threads hold memory back
            if sum(table.nbytes for table in waiting) >= MIN_ROW_GROUP_BYTES:
                writer.write_table(pa.concat_tables(waiting))
                waiting.clear()
        if waiting:
            writer.write_table(pa.concat_tables(waiting))


def join_text(parts: Sequence[Path], path: Path) -> None:
    """Join files byte by byte."""
    with path.open("wb") as joined:
        for part in parts:
            joined.write(part.read_bytes())
