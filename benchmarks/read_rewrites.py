"""A drawn sample of rewrites by the rules, before and after, to be read by a person.

    python benchmarks/read_rewrites.py [--count 48] [--seed 0] [--data ../shared/data] [--files GSM8K ...]

As many of each file; each takes the next of the twelve cells (four levels, keep 0.7, 0.5 and 0.3), in an order that the
seed draws with the traces. Of a long trace the beginning and the end are printed. What is good enough to train on
is for the reader to say: docs/results/rewriting.md has what was found.
"""

from __future__ import annotations

import argparse
from itertools import product
from pathlib import Path
from random import Random

from cotpress import Rejected, Trace, read, rewrite
from cotpress.rewriting.levels import LEVELS
from rewriting import ALL_FILES, FILES

RATIOS = (0.7, 0.5, 0.3)
MOST = 4000  # characters of an original that are printed
MAX_CHARACTERS = 12_000  # of a trace, so that it can be read


def shorten(text: str) -> str:
    """The beginning and the end of a long text."""
    return text if len(text) <= MOST else f"{text[: MOST // 2]}\n[...]\n{text[-MOST // 2 :]}"


def main() -> None:
    """Print the sample."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=48)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--files", nargs="+", default=list(FILES), choices=list(ALL_FILES))
    options = parser.parse_args()
    draw = Random(options.seed)
    cells = list(product(LEVELS, RATIOS))
    draw.shuffle(cells)
    number = 0
    for name in options.files:
        file, join = ALL_FILES[name]
        folder = options.data / "traces"
        rows = read(folder / file, join=folder / join if join else None)
        traces = [row for row in rows if isinstance(row, Trace) and len(row.reasoning) <= MAX_CHARACTERS]
        for trace in draw.sample(traces, options.count // len(options.files)):
            level, keep = cells[number % len(cells)]
            number += 1
            [made] = rewrite([trace], level, keep=keep)
            about = made.reason if isinstance(made, Rejected) else f"{made.realized_ratio:.2f} {', '.join(made.flags)}"
            print(f"===== {number}. {name}, {trace.id}, {level}, keep {keep}: {about}\n{trace.question}\n--- before")
            print(f"{shorten(trace.reasoning)}\n--- after\n{getattr(made, 'text', '')}\n", flush=True)


if __name__ == "__main__":
    main()
