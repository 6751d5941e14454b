"""The world's study: train and evaluate a student for each cell of the grid, as many as the time allows.

    python benchmarks/world_study.py -o runs/world --minutes 60
    python benchmarks/world_study.py -o runs/world --tables

Run again it goes on where it stopped. Each worker has one thread; results are one JSON file a cell.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path


def main() -> None:
    options = _options()
    if options.tables:
        from world_tables import print_tables

        print_tables(options.output)
    elif options.worker:
        _work(options)
    else:
        words = [sys.executable, __file__, *sys.argv[1:], "--worker"]
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
        workers = [subprocess.Popen(words, env=environment) for _ in range(options.workers)]
        sys.exit(max(worker.wait() for worker in workers))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60.0, help="begin no cell after so many minutes")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--families", nargs="+", default=["world-llama", "world-qwen2"])
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--keeps", nargs="+", type=float, default=[0.5, 0.3, 0.7, 0.1, 0.9])
    parser.add_argument("--tables", action="store_true", help="print the tables of what was run")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _work(options: argparse.Namespace) -> None:
    """Take cells that nobody has taken, until none are left or time is up."""
    import torch

    from cotpress.grading import Grader
    from world_cells import grid, run_cell

    torch.set_num_threads(1)
    until = time.monotonic() + 60 * options.minutes
    results = options.output / "results"
    results.mkdir(parents=True, exist_ok=True)
    with Grader(workers=1) as grader:
        for cell in grid(options.families, options.seeds, options.keeps):
            if time.monotonic() > until:
                break
            path = results / f"{cell.key}.json"
            if path.exists() or not _claimed(path.with_suffix(".claim")):
                continue
            began = time.monotonic()
            found = {**run_cell(cell, options.output, grader), "seconds": time.monotonic() - began}
            path.write_text(json.dumps(found))
            right = sum(row[1] == "right" for row in found["problems"]) / len(found["problems"])
            print(
                f"{found['seconds']:.0f} s, accuracy {right:.2f}, realized {found['realized']:.2f}: {cell}", flush=True
            )


def _claimed(path: Path) -> bool:
    """Take a cell; a claim of a process that is gone is void."""
    try:
        with path.open("x") as file:
            file.write(str(os.getpid()))
        return True
    except FileExistsError:
        holder = path.read_text()
        if holder and Path(f"/proc/{holder}").exists():
            return False
        path.write_text(str(os.getpid()))
        return True


if __name__ == "__main__":
    main()
