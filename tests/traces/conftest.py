"""Writing rows in any container, for the tests of reading them."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

Rows = Sequence[Mapping[str, Any]]


def _jsonl(path: Path, rows: Rows) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def _array(path: Path, rows: Rows) -> None:
    path.write_text(json.dumps(list(rows), ensure_ascii=False, indent=1), "utf-8")


def _one_line(path: Path, rows: Rows) -> None:
    path.write_text(json.dumps(list(rows)), "utf-8")


def _csv(path: Path, rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(rows[0])
        writer.writerows(
            [value if isinstance(value, str) else json.dumps(value) for value in row.values()] for row in rows
        )


def _parquet(path: Path, rows: Rows) -> None:
    pq.write_table(pa.Table.from_pylist([dict(row) for row in rows]), path)


def _arrow(path: Path, rows: Rows) -> None:
    table = pa.Table.from_pylist([dict(row) for row in rows])
    with pa.ipc.new_file(str(path), table.schema) as writer:
        writer.write_table(table)


def _pack(path: Path) -> None:
    plain = path.read_bytes()
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(plain))
    else:
        with pa.output_stream(str(path), compression="zstd") as stream:
            stream.write(plain)


CONTAINERS: dict[str, Callable[[Path, Rows], None]] = {
    "rows.jsonl": _jsonl,
    "pretty.json": _array,
    "flat.json": _one_line,
    "rows.csv": _csv,
    "rows.parquet": _parquet,
    "rows.arrow": _arrow,
}


def write(folder: Path, name: str, rows: Rows) -> Path:
    """`rows` as the container that `name` says, compressed where it ends in .gz or .zst."""
    path = folder / name
    CONTAINERS[name.removesuffix(".gz").removesuffix(".zst")](path, rows)
    if path.suffix in (".gz", ".zst"):
        _pack(path)
    return path


@pytest.fixture(params=[name + packed for name in CONTAINERS for packed in ("", ".gz", ".zst")])
def container(request: pytest.FixtureRequest) -> Callable[[Path, Rows], Path]:
    """A function that writes rows into a folder, once for every container and compression."""
    return lambda folder, rows: write(folder, request.param, rows)


@pytest.fixture(scope="session")
def write_everywhere() -> Callable[[Path, Rows], list[Path]]:
    """A function that writes rows into a folder in every container, some of them compressed."""
    names = [name + packed for name, packed in zip(CONTAINERS, ("", ".gz", ".zst", ".gz", "", ""), strict=True)]
    return lambda folder, rows: [write(folder, name, rows) for name in names]
