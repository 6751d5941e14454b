"""What sharing a run out costs, and from it what 10^6 and 10^9 traces take.

    python benchmarks/scaling.py [--traces 1600] [--shards 8] [--jobs "nll (n-gram), step"]

Processor seconds, not seconds by the clock: cores of a shared machine do not change them much. A run in one process,
then over shards in one process, then over shards by two workers, a task for each shard; then the join of the ids of a
million rows.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from cotpress.cli.verbs.world import write_sample
from cotpress.signals.ngram import MAX_SAMPLE_CHARS
from cotpress.traces import SortedIds, find_duplicate_ids

JOBS = {
    "random, token": ["--criterion", "random", "--granularity", "token"],
    "nll (n-gram), step": ["--criterion", "nll"],
    "nll (n-gram), step, --corpus": ["--criterion", "nll", "--corpus"],
}
SHARD = 100_000  # traces of a shard that the model below supposes
SIZES = (10**6, 10**9)


@dataclass(frozen=True)
class Cost:
    """Processor seconds of a job: in one process; over shards, one of them and all, in one process; over all shards, a
    task each, by two workers."""

    plain: float
    one: float
    shards: float
    tasks: float

    def each(self, traces: int, shards: int) -> float:
        """Of one trace: what all shards take more than one of them, so that starting the command is not in it."""
        return (self.shards - self.one) / (traces - traces / shards)

    def start(self, shards: int) -> float:
        """Of what a task costs besides its work: starting workers, shared out over the tasks."""
        return max(0.0, (self.tasks - self.shards) / shards)


def spent(arguments: list[str], output: Path) -> float:
    """Processor seconds of one `cotpress compress` and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "cotpress", "compress", *arguments, "-o", str(output), "-q"]
    store = ["--store", str(output.parent / f"store-{output.name}"), "--id", "auto"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    subprocess.run([*command, *store], check=True, stdout=subprocess.DEVNULL, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measured(name: str, files: list[str], folder: Path) -> Cost:
    """The three ways of one job."""
    place = _place(folder, name)
    place.mkdir()
    given, local = [*files, *JOBS[name]], ["--executor", "local", "--tasks", str(len(files))]
    return Cost(
        spent(given, place / "plain"),
        spent([files[0], *JOBS[name], *local, "--workers", "1"], place / "one"),
        spent([*given, *local, "--workers", "1"], place / "shards"),
        spent([*given, *local, "--workers", "2"], place / "tasks"),
    )


def _place(folder: Path, name: str) -> Path:
    return folder / re.sub(r"\W+", "-", name)


def joined(rows: int, shards: int) -> float:
    """Processor seconds to find the ids that shards share, of so many rows, none shared."""
    draw = np.random.default_rng(0)
    parts = []
    for _ in range(shards):
        high = np.sort(draw.integers(0, 1 << 63, rows // shards, dtype=np.uint64) * 2)
        parts.append(SortedIds(high, high, np.arange(len(high))))

    def load(part: int, low: int, high: int) -> SortedIds:
        one = parts[part]
        first, last = np.searchsorted(one.high, np.array([low, high - 1], np.uint64))
        return SortedIds(one.high[first:last], one.low[first:last], one.line[first:last])

    began = time.process_time()
    for _ in find_duplicate_ids(shards, rows, load):
        pass
    return time.process_time() - began


@dataclass(frozen=True)
class Room:
    """Bytes of a finished output: for each trace, and, below `.work`, for each shard of the model's size."""

    trace: float
    shard: float


def left_behind(output: Path, traces: int, shards: int) -> Room:
    """What lies in an output; of a shard's sample, what `MAX_SAMPLE_CHARS` characters of reasoning take."""
    sizes = {path: path.stat().st_size for path in output.rglob("*") if path.is_file()}
    of = {kind: sum(size for path, size in sizes.items() if path.parent.name == kind) for kind in ("sample", "survey")}
    kept = sum(size for path, size in sizes.items() if ".work" not in path.parts or path.parent.name == "ids")
    characters = sum(len(text) for path in output.glob("traces/*") for text in _reasonings(path))
    sample = MAX_SAMPLE_CHARS * of["sample"] / characters
    return Room(kept / traces, sample + of["survey"] / shards)


def _reasonings(path: Path) -> list[str]:
    texts: list[str] = pq.read_table(path, columns=["original"])["original"].to_pylist()
    return texts


def show_costs(costs: dict[str, Cost], traces: int, shards: int) -> None:
    """What was measured."""
    print("Processor seconds\n")
    print("| job | one process | shards, one process | two workers | times one process | ms a trace | s a task |")
    print("|---|---|---|---|---|---|---|")
    for name, cost in costs.items():
        each, start, times = 1000 * cost.each(traces, shards), cost.start(shards), cost.tasks / cost.plain
        seconds = " | ".join(f"{one:.1f}" for one in (cost.plain, cost.shards, cost.tasks))
        print(f"| {name} | {seconds} | {times:.2f} | {each:.2f} | {start:.1f} |")


def show_model(costs: dict[str, Cost], room: dict[str, Room], traces: int, shards: int) -> None:
    """What follows for large corpora."""
    ids = joined(10**6, 100)
    print(f"\nJoining the ids of 10^6 rows in 100 shards: {ids:.2f} s, in one process\n")
    print(f"The model, with shards of {SHARD:,} traces and a task for each shard\n")
    print("| job | traces | tasks | core hours | hours, 64 at once | hours of them joining ids | output (GB) |")
    print("|---|---|---|---|---|---|---|")
    for name, cost in costs.items():
        for size in SIZES:
            tasks, join = max(1, size // SHARD), ids * size / 1e6 / 3600
            hours = (size * cost.each(traces, shards) + tasks * cost.start(shards)) / 3600
            written = (room[name].trace * size + room[name].shard * tasks) / 1e9
            row = (f"10^{len(str(size)) - 1}", f"{tasks:,}", f"{hours:,.1f}", f"{hours / min(64, tasks) + join:,.1f}")
            print(f"| {name} | {' | '.join(row)} | {join:.3f} | {written:,.1f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--traces", type=int, default=1600)
    parser.add_argument("--shards", type=int, default=8)
    parser.add_argument("--jobs", nargs="+", default=list(JOBS), choices=list(JOBS))
    options = parser.parse_args()
    traces, shards = options.traces, options.shards
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        files = [str(folder / f"part{number:03d}.jsonl") for number in range(shards)]
        for number, path in enumerate(files):
            write_sample(Path(path), "math", "long", traces // shards, number)
        read = sum(Path(path).stat().st_size for path in files) / traces
        costs = {name: measured(name, files, folder) for name in options.jobs}
        outputs = {name: _place(folder, name) / "tasks" for name in options.jobs}
        room = {name: left_behind(output, traces, shards) for name, output in outputs.items()}
        tokens = json.loads((outputs[options.jobs[0]] / "summary.json").read_text())["tokens_original"]
    print(f"{traces} traces of {tokens / traces:.0f} tokens and {read:.0f} bytes in {shards} shards")
    show_costs(costs, traces, shards)
    show_model(costs, room, traces, shards)


if __name__ == "__main__":
    main()
