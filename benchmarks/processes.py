"""One process against all cores of the machine: `cotpress compress` and `rewrite --rewriter rules` on long real traces.

    python benchmarks/processes.py --data ../shared/data --copies 4 --rounds 3 --verbs compress rewrite

The traces of LIMO-R1, so many times over, each run in a process of its own, with one worker and with one for each core
in turn. Prints the ratio of the times of each round, and whether the outputs are the same bytes.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FILES = ("sft.jsonl", "traces.parquet", "rejected.jsonl")
VERBS = {"compress": (), "rewrite": ("--level", "edit", "--rewriter", "rules")}


def write_corpus(source: Path, path: Path, copies: int) -> int:
    """The rows of a file so many times, each with an id of its own; how many they are."""
    rows = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    with path.open("w", encoding="utf-8") as file:
        for copy in range(copies):
            for row in rows:
                file.write(json.dumps({**row, "id": f"{row['id']}-{copy}"}) + "\n")
    return copies * len(rows)


def run(verb: str, corpus: Path, output: Path, workers: int) -> float:
    """Seconds of one run."""
    command = [sys.executable, "-m", "cotpress", verb, str(corpus), "-o", str(output), "-q", "--force"]
    began = time.monotonic()
    subprocess.run([*command, *VERBS[verb], "--workers", str(workers)], stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--verbs", nargs="+", choices=VERBS, default=["compress"])
    options = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    print(f"| verb | traces | one process (s) | {cores} processes (s) | times as fast | same bytes |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.jsonl"
        traces = write_corpus(options.data / "traces" / "limo_r1_distill_qwen_32b.jsonl", corpus, options.copies)
        for verb in options.verbs:
            one, many = Path(folder) / f"{verb}-one", Path(folder) / f"{verb}-many"
            pairs = [(run(verb, corpus, one, 1), run(verb, corpus, many, cores)) for _ in range(options.rounds)]
            ratios = [alone / shared for alone, shared in pairs]
            equal = all((one / name).read_bytes() == (many / name).read_bytes() for name in FILES)
            same = "yes" if equal else "NO"
            alone, shared = (statistics.median(column) for column in zip(*pairs, strict=True))
            spread = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
            print(
                f"| {verb} | {traces} | {alone:.1f} | {shared:.1f} | {spread} | {'yes' if same else 'NO'} |", flush=True
            )


if __name__ == "__main__":
    main()
