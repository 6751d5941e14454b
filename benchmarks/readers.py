"""Time against size for every reader and its worst shapes: sizes double, and the exponent is fitted.

    python benchmarks/readers.py [--smallest 1] [--doublings 4]

The exponent is the slope of log(seconds) over log(size), by least squares over the sizes; 1 is linear. Each reading is
in a process of its own, that has read a small file before. Seconds are of the processor, the least of some rounds.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROW = {"question": "What is 2 + 3?", "reasoning": "Two and three make five. " * 20, "answer": "5"}
READ = """
import sys, time
from pathlib import Path
from cotpress.traces.files.sources import build_source
list(build_source(Path(sys.argv[1]), "x").read_rows())
began = time.process_time()
for row in build_source(Path(sys.argv[2]), "x").read_rows():
    pass
print(time.process_time() - began)
"""


def _rows(size: int) -> list[dict[str, str]]:
    return [{**ROW, "id": str(at)} for at in range(size // 600)]


def _jsonl(size: int) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in _rows(size)).encode()


def _array(size: int) -> bytes:
    return json.dumps(_rows(size)).encode()


def _csv(size: int) -> bytes:
    line = ",".join(f'"{value}"' for value in ROW.values()) + "\n"
    return (",".join(ROW) + "\n" + line * (size // len(line))).encode()


def _header(size: int) -> bytes:
    names = [f"n{at}" for at in range(size // 12)]
    return f"{','.join(names)}\n{','.join('1' for _ in names)}\n".encode()


def _parquet(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return bytes(sink.getvalue().to_pybytes())


SHAPES: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "JSONL": ("x.jsonl", _jsonl),
    "JSONL, gzip": ("x.jsonl.gz", lambda size: gzip.compress(_jsonl(size), 1)),
    "JSON array": ("x.json", _array),
    "JSON array, gzip": ("x.json.gz", lambda size: gzip.compress(_array(size), 1)),
    "CSV": ("x.csv", _csv),
    "Parquet": ("x.parquet", lambda size: _parquet(pa.Table.from_pylist(_rows(size)))),
    "one long string, array, gzip": (
        "x.json.gz",
        lambda size: gzip.compress(json.dumps([{"q": "ab c" * (size // 4)}]).encode(), 1),
    ),
    "one string of escapes, array": ("x.json", lambda size: b'[{"a": "' + b'\\"' * (size // 2) + b'"}]'),
    "brackets, array, gzip": ("x.json.gz", lambda size: gzip.compress(b"[" * size, 1)),
    "brackets, JSONL, gzip": ("x.jsonl.gz", lambda size: gzip.compress(b"[" * size, 1)),
    "pairs of brackets, array": ("x.json", lambda size: b"[" + b"[]," * (size // 3) + b"[]]"),
    "CSV, many columns": ("x.csv", _header),
    "CSV, one cell": ("x.csv", lambda size: b"a,b\n1," + b"x" * size + b"\n"),
    "CSV, one cell of lines": ("x.csv", lambda size: b'a,b\n1,"' + b"x\n" * (size // 2) + b'"\n'),
    "Parquet, one cell": ("x.parquet", lambda size: _parquet(pa.table({"a": ["x" * size]}))),
}


def measure_reading(small: Path, path: Path) -> float:
    """Processor seconds for `path`; `small` is read before."""
    command = [sys.executable, "-c", READ, str(small), str(path)]
    return float(subprocess.run(command, check=True, capture_output=True).stdout)


def main() -> None:
    """Print a row for each shape."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smallest", type=int, default=1, help="MB of content")
    parser.add_argument("--doublings", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3, help="the least time of so many counts")
    options = parser.parse_args()
    sizes = [(options.smallest << 20) << doubling for doubling in range(options.doublings + 1)]
    print(f"| shape | {' | '.join(f'{size >> 20} MB, s' for size in sizes)} | exponent |")
    print(f"|---|{'---|' * (len(sizes) + 1)}")
    for name, (file, make) in SHAPES.items():
        times = []
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder:
                small, path = Path(folder) / f"small-{file}", Path(folder) / file
                small.write_bytes(make(6000))
                path.write_bytes(make(size))
                runs = [measure_reading(small, path) for _ in range(options.rounds)]
            times.append(max(0.001, min(runs)))
        exponent = np.polyfit(np.log(sizes), np.log(times), 1)[0]
        print(f"| {name} | {' | '.join(f'{seconds:.3f}' for seconds in times)} | {exponent:.2f} |", flush=True)


if __name__ == "__main__":
    main()
