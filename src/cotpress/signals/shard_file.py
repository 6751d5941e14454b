"""One file of stored signals: a Parquet table with a row a trace.

    key     16 bytes        over all of the trace that the signals depend on (`compute_trace_key` of the store)
    start   list<int32>     the first character of each token
    end     list<int32>     one past its last
    <signal> list<float32>  one column for each signal

Pages carry checksums, so a damaged file is noticed and not read as numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from cotpress.storage import write_atomically
from cotpress.types import Signals

KEY_BYTES = 16
SHARD_ERRORS = (pa.ArrowException, OSError, ValueError, KeyError)


@dataclass(frozen=True, slots=True, eq=False)
class SignalShard:
    """A shard in memory: the tokens of row i are `bounds[i]` to `bounds[i + 1]`."""

    keys: list[bytes]
    bounds: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    values: Mapping[str, NDArray[np.float32]]

    def get_signals(self, row: int) -> Signals:
        """The signals of one row."""
        tokens = slice(int(self.bounds[row]), int(self.bounds[row + 1]))
        offsets = np.stack([self.start[tokens], self.end[tokens]], axis=1).astype(np.int64)
        return Signals(offsets, {name: values[tokens].astype(np.float64) for name, values in self.values.items()})


def write_shard(path: Path, rows: Mapping[bytes, Signals]) -> None:
    """Write rows under their keys, in one step.

    Raises:
        OutputError: the folder cannot be written, or the disk is full.
    """
    signals = list(rows.values())
    bounds = np.cumsum([0, *map(len, signals)], dtype=np.int32)
    columns = {
        "key": pa.array(list(rows), pa.binary(KEY_BYTES)),
        "start": _build_list_array(bounds, [scored.offsets[:, 0] for scored in signals], pa.int32()),
        "end": _build_list_array(bounds, [scored.offsets[:, 1] for scored in signals], pa.int32()),
    }
    for name in signals[0].values:
        columns[name] = _build_list_array(bounds, [scored.values[name] for scored in signals], pa.float32())
    encoding = {f"{name}.list.element": "BYTE_STREAM_SPLIT" for name in signals[0].values}
    encoding |= {f"{name}.list.element": "DELTA_BINARY_PACKED" for name in ("start", "end")}
    with write_atomically(path) as temporary:
        pq.write_table(
            pa.table(columns),
            temporary,
            compression="zstd",
            use_dictionary=False,
            column_encoding={**encoding, "key": "PLAIN"},
            write_page_checksum=True,
        )


def _build_list_array(bounds: NDArray[np.int32], parts: list[Any], kind: pa.DataType) -> pa.ListArray:
    flat = np.concatenate(parts).astype(kind.to_pandas_dtype())
    return pa.ListArray.from_arrays(pa.array(bounds, pa.int32()), pa.array(flat, kind))


def read_keys(path: Path) -> list[bytes]:
    """The keys of a shard, its other columns untouched. Raises one of `SHARD_ERRORS`."""
    table = pq.read_table(path, columns=["key"], use_threads=False, page_checksum_verification=True)
    keys: list[bytes] = table["key"].to_pylist()
    return keys


def read_shard(path: Path) -> SignalShard:
    """A whole shard. Raises one of `SHARD_ERRORS`."""
    table = pq.read_table(path, use_threads=False, page_checksum_verification=True)
    lists = {name: table[name].combine_chunks() for name in table.column_names if name != "key"}
    for name, column in lists.items():  # the schema has no checksum
        kind = pa.int32() if name in ("start", "end") else pa.float32()
        if not (pa.types.is_list(column.type) and column.type.value_type == kind):
            raise ValueError(f"the column {name} is of another type")
    bounds = lists["start"].offsets.to_numpy()
    flat = {name: column.values.to_numpy() for name, column in lists.items()}
    if any(len(values) != bounds[-1] for values in flat.values()):
        raise ValueError("columns of unequal length")
    return SignalShard(table["key"].to_pylist(), bounds, flat.pop("start"), flat.pop("end"), flat)
