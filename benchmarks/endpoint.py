"""Rewriting through an endpoint that takes 200 ms an answer: rate against the ideal, and memory as the input grows.

    python benchmarks/endpoint.py [--sizes 1000 10000] [--concurrency 64] [--delay 0.2]

The server runs in a process of its own and answers with a plausible rewrite. Each size is one whole `cotpress
rewrite` run: read, ask, check, measure, write. The ideal rate is concurrency / delay. The rate is that of the
traces which a size has more than the one before it, so that starting up and ending are left out.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from streaming import write_corpus

DISTINCT = 10**6  # numbers in the traces' sums: no two are alike, so none is answered from the cache
SERVER = Path(__file__).resolve().parents[1] / "tests" / "support" / "faulty_server.py"


@contextmanager
def serving(delay: float, fail: float = 0.0, faults: Sequence[str] = ()) -> Iterator[str]:
    """A running server's base URL; `faults` are those that it draws from, by default those that pass."""
    call = [sys.executable, str(SERVER), "--delay", str(delay), "--fail", str(fail)]
    call += ["--faults", *faults] if faults else []
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield str(server.stdout.readline()).strip()  # type: ignore[union-attr]
        finally:
            server.kill()


def command(corpus: Path, folder: Path, url: str, concurrency: int) -> list[str]:
    """A rewriting run as typed."""
    options = ["--level", "preserve", "--rewriter", "openai", "--model", "made-up", "--base-url", url]
    more = ["--concurrency", str(concurrency), "--tries", "1", "--store", str(folder / "store"), "-q"]
    return [sys.executable, "-m", "cotpress", "rewrite", str(corpus), "-o", str(folder / "out"), *options, *more]


def measure(traces: int, concurrency: int, delay: float) -> tuple[float, float]:
    """Peak memory (MB) and seconds of one run."""
    with tempfile.TemporaryDirectory() as name, serving(delay) as url:
        folder = Path(name)
        write_corpus(folder / "corpus.jsonl", traces, DISTINCT)
        began = time.time()
        child = subprocess.Popen(command(folder / "corpus.jsonl", folder, url, concurrency), stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.time() - began
        assert status == 0, f"exit status {status}"
        summary = json.loads((folder / "out" / "summary.json").read_text())
        assert summary["traces"] == traces == summary["compressed"] + summary["rejected"]
        return usage.ru_maxrss / 1024, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--delay", type=float, default=0.2)
    options = parser.parse_args()
    ideal = options.concurrency / options.delay
    print(f"concurrency {options.concurrency}, {options.delay:g} s an answer, ideal rate {ideal:.0f} a second\n")
    print(
        "| traces | answers/s | of the ideal | peak memory (MB) | growth | seconds in all |\n|---|---|---|---|---|---|"
    )
    first, before = 0.0, (0, 0.0)
    for size in options.sizes:
        memory, seconds = measure(size, options.concurrency, options.delay)
        first = first or memory
        answers = (size - before[0]) / (seconds - before[1])
        rate = f"{answers:.0f} | {answers / ideal:.2f}" if before[0] else "- | -"
        print(f"| {size:,} | {rate} | {memory:.0f} | {memory / first:.2f}x | {seconds:.0f} |", flush=True)
        before = size, seconds


if __name__ == "__main__":
    main()
