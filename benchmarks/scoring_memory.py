"""Peak memory of scoring with a causal LM: the plain script and ours, each in a process of its own.

    python benchmarks/scoring_memory.py --data ../shared/data [--model FILE.gguf] [--pools long]

Both load the model, score NLL and entropy of the same traces, one pool of `scoring.py` after another, and write them.
What loading alone takes is the peak of the script over no traces.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from plain_script import write_rows
from pools import POOLS, first_lines, packaged_model, read_traces

HERE = Path(__file__).resolve().parent
OURS = """
import sys
from pathlib import Path
from cotpress import LM
from scoring import ours
ours(LM(sys.argv[1], dtype="float32", device="cpu"), Path(sys.argv[2]))
"""


def peak(*words: object) -> float:
    """Peak resident memory (MB) of a Python process."""
    child = subprocess.Popen([sys.executable, *map(str, words)], env={**os.environ, "PYTHONPATH": str(HERE)})
    _, status, usage = os.wait4(child.pid, 0)
    assert status == 0, f"exit status {status}"
    return usage.ru_maxrss / 1024


def script(model: Path, given: Path) -> float:
    """Peak of the script over lines of its own form."""
    return peak(HERE / "plain_script.py", model, given, given.with_suffix(".scores"))


def compare(model: Path, path: Path) -> str:
    """A row of the table."""
    given, traces = path.with_suffix(".given"), read_traces(path)
    write_rows([], given)
    loading = script(model, given)
    write_rows(traces, given)
    theirs, ours = script(model, given), peak("-c", OURS, model, path)
    return f"{len(traces)} | {loading:.0f} | {theirs:.0f} | {ours:.0f} | {theirs / ours:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--model", type=Path, default=None)
    parser.add_argument("--pools", nargs="+", choices=POOLS, default=["long"])
    parser.add_argument("--traces", type=int, default=None, help="so many of each pool")
    options = parser.parse_args()
    model = options.model or packaged_model()
    print(f"{model.name}, peak memory in MB\n")
    print("| pool | traces | loading alone | script | ours | script / ours |\n|---|---|---|---|---|---|")
    for name, file, count in (POOLS[pool] for pool in options.pools):
        with first_lines(options.data / "traces" / file, options.traces or count) as path:
            print(f"| {name} | {compare(model, path)} |", flush=True)


if __name__ == "__main__":
    main()
