"""What it takes to start: the interpreter alone, `cotpress` at work on one short trace, and the libraries of its field.

    python benchmarks/startup.py [--rounds 10]

Every command is a process of its own; in a round each is run once, after a first round that is not counted. The trace
is pruned with the n-gram source, read, scored and written, with a fresh store and output each time. Asking for help and
importing `cotpress` must load none of the heavy libraries: that is asserted. pandas, where it is installed, is loaded
by pyarrow as soon as it is given a list.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from spreads import ratios, spread
from streaming import write_corpus

BARE, PEER = "python -c pass", 'python -c "import transformers"'
HEAVY = ("numpy", "pyarrow", "pandas", "datasets", "torch", "transformers", "trl", "openai", "pydantic")
LIGHT = ("cotpress --help", 'python -c "import cotpress"')
RUN = "import sys\nfrom cotpress.cli import main\nmain(sys.argv[1:])"
LOADED = f"\nfinally: print(*({{*{HEAVY}}} & set(sys.modules)), file=sys.stderr)"


def commands(corpus: Path, output: Path) -> dict[str, tuple[str, ...]]:
    """What is typed, and the arguments of the interpreter that do it."""
    place = ("-o", str(output / "out"), "--store", str(output / "store"), "-q")
    return {
        BARE: ("-c", "pass"),
        LIGHT[1]: ("-c", "import cotpress"),
        LIGHT[0]: ("-c", RUN, "--help"),
        "cotpress compress, 1 trace": ("-c", RUN, "compress", str(corpus), *place),
        'python -c "import torch"': ("-c", "import torch"),
        PEER: ("-c", "import transformers"),
    }


def run(words: tuple[str, ...]) -> float:
    """Seconds of one process."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def heavy(words: tuple[str, ...]) -> list[str]:
    """The heavy libraries that are loaded when it is done."""
    flag, code, *rest = words
    watched = "import sys\ntry:\n" + "".join(f"    {line}\n" for line in code.splitlines()) + LOADED.lstrip("\n")
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, flag, watched, *rest], check=True, capture_output=True, text=True, env=environment
    )
    loaded = done.stderr.splitlines()[-1].split()
    return [name for name in HEAVY if name in loaded]


def measure(rounds: int, folder: Path) -> tuple[dict[str, list[float]], dict[str, list[str]]]:
    """Seconds of every command, a figure a round, and the heavy libraries that it loads."""
    write_corpus(folder / "one.jsonl", 1)
    loads = {name: heavy(words) for name, words in commands(folder / "one.jsonl", folder / "watched").items()}
    seconds: dict[str, list[float]] = {name: [] for name in loads}
    for number in range(rounds + 1):
        for name, words in commands(folder / "one.jsonl", folder / str(number)).items():
            seconds[name].append(run(words))
    return {name: times[1:] for name, times in seconds.items()}, loads


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        seconds, loads = measure(rounds, Path(folder))
    print(f"Median of {rounds} rounds (lowest to highest)\n")
    print(f"| command | seconds | times `{BARE}` | times `import transformers` | heavy libraries loaded |")
    print("|---|---|---|---|---|")
    for name, times in seconds.items():
        multiples = (spread(ratios(times, seconds[BARE]), ".1f"), spread(ratios(times, seconds[PEER]), ".2f"))
        cells = (f"`{name}`", spread(times, ".3f"), *multiples, ", ".join(loads[name]) or "none")
        print(f"| {' | '.join(cells)} |")
    assert not any(loads[name] for name in LIGHT), "help or the bare import loads a heavy library"


if __name__ == "__main__":
    main()
