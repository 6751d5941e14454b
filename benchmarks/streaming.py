"""Peak memory of a whole `cotpress compress` run as the corpus grows.

    python benchmarks/streaming.py --sizes 10000 1000000

Each size runs in a process of its own: read, prune, export, join. Prints peak memory and its growth.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def write_corpus(path: Path, traces: int, top: int = 100) -> None:
    """Short arithmetic traces with numbers below `top`."""
    draw = random.Random(0)
    with path.open("w") as file:
        for number in range(traces):
            a, b = draw.randrange(top), draw.randrange(top)
            reasoning = f"We need {a} plus {b}. Hmm, let me see. {a} + {b} = {a + b}. So it is {a + b}."
            row = {
                "id": str(number),
                "question": f"What is {a} + {b}?",
                "solution": reasoning,
                "gold_answer": str(a + b),
            }
            file.write(json.dumps(row) + "\n")


def peak(corpus: Path, output: Path) -> tuple[float, float]:
    """Peak resident memory (MB) and seconds of one run."""
    command = [sys.executable, "-m", "cotpress", "compress", str(corpus), "-o", str(output), "-q"]
    options = ["--criterion", "random", "--granularity", "token", "--keep", "0.5"]
    began = time.monotonic()
    child = subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    assert status == 0, f"exit status {status}"
    summary = json.loads((output / "summary.json").read_text())
    assert summary["traces"] == summary["compressed"] + summary["rejected"]
    return usage.ru_maxrss / 1024, time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    sizes = parser.parse_args().sizes
    print("| traces | peak memory (MB) | growth | seconds | traces/s |\n|---|---|---|---|---|")
    first = 0.0
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            corpus = Path(folder) / "corpus.jsonl"
            write_corpus(corpus, size)
            memory, seconds = peak(corpus, Path(folder) / "out")
        first = first or memory
        print(f"| {size:,} | {memory:.0f} | {memory / first:.2f}x | {seconds:.0f} | {size / seconds:.0f} |", flush=True)


if __name__ == "__main__":
    main()
