"""What it takes to start: the interpreter alone, `cotpress` at work on one short trace, and the libraries of its field.

    python benchmarks/startup.py [--rounds 10] [--before OLD/src]

Every command is a process of its own; in a round each is run once, after a first round that is not counted. Bytecode is
kept, as it is of an installed package. With --before each command of `cotpress` is run with that source tree, too, and
how many times as fast as there it is now is printed. The trace is pruned by the default method, read and written, with
a fresh store and output each time. Asking for help or the version and importing `cotpress` must load none of the heavy
libraries: that is asserted. pandas, where it is installed, is loaded by pyarrow as soon as it is given a list.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from spreads import ratios, spread
from streaming import write_corpus

BARE, PEER = "python -c pass", 'python -c "import transformers"'
HEAVY = ("numpy", "pyarrow", "pandas", "datasets", "torch", "transformers", "trl", "openai", "pydantic")
LIGHT = ("cotpress --help", 'python -c "import cotpress"', "cotpress --version", "cotpress compress --help")
RUN = "import sys\nfrom cotpress.cli import main\nmain(sys.argv[1:])"
LOADED = f"\nfinally: print(*({{*{HEAVY}}} & set(sys.modules)), file=sys.stderr)"


def commands(corpus: Path, output: Path) -> dict[str, tuple[str, ...]]:
    """What is typed, and the arguments of the interpreter that do it."""
    place = ("-o", str(output / "out"), "--store", str(output / "store"), "-q")
    return {
        BARE: ("-c", "pass"),
        LIGHT[1]: ("-c", "import cotpress"),
        LIGHT[2]: ("-c", RUN, "--version"),
        LIGHT[0]: ("-c", RUN, "--help"),
        LIGHT[3]: ("-c", RUN, "compress", "--help"),
        "cotpress compress, 1 trace": ("-c", RUN, "compress", str(corpus), *place),
        'python -c "import torch"': ("-c", "import torch"),
        PEER: ("-c", "import transformers"),
    }


def run(words: tuple[str, ...], environment: dict[str, str]) -> float:
    """Processor seconds of one process, its children included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def keep_bytecode(folder: Path, source: Path | None = None) -> dict[str, str]:
    """The environment of a command: bytecode goes to a folder, and `cotpress` is that of a source tree."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    path = {"PYTHONPATH": str(source.resolve())} if source else {}
    return {**kept, "PYTHONPYCACHEPREFIX": str(folder / "bytecode"), **path}


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


Seconds = dict[str, list[float]]  # by command, a figure a round


def measure(rounds: int, folder: Path, before: Path | None) -> tuple[Seconds, Seconds, dict[str, list[str]]]:
    """Seconds of every command now and before, and the heavy libraries that it loads."""
    write_corpus(folder / "one.jsonl", 1)
    loads = {name: heavy(words) for name, words in commands(folder / "one.jsonl", folder / "watched").items()}
    seconds: Seconds = {name: [] for name in loads}
    earlier: Seconds = {name: [] for name in loads if before and "cotpress" in name}
    for number in range(rounds + 1):
        for name, words in commands(folder / "one.jsonl", folder / str(number)).items():
            seconds[name].append(run(words, keep_bytecode(folder)))
        for name, words in commands(folder / "one.jsonl", folder / f"{number}-before").items():
            if name in earlier:
                earlier[name].append(run(words, keep_bytecode(folder, before)))
    return _drop_first(seconds), _drop_first(earlier), loads


def _drop_first(seconds: Seconds) -> Seconds:
    return {name: times[1:] for name, times in seconds.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--before", type=Path, help="a source tree of before")
    options = parser.parse_args()
    rounds = options.rounds
    with tempfile.TemporaryDirectory() as folder:
        seconds, earlier, loads = measure(rounds, Path(folder), options.before)
    print(f"Median of {rounds} rounds (lowest to highest)\n")
    print(
        f"| command | processor seconds | times `{BARE}` | times `import transformers` | times as fast as before "
        "| heavy libraries loaded |"
    )
    print("|---|---|---|---|---|---|")
    for name, times in seconds.items():
        multiples = (spread(ratios(times, seconds[BARE]), ".1f"), spread(ratios(times, seconds[PEER]), ".2f"))
        faster = spread(ratios(earlier[name], times), ".2f") if name in earlier else "-"
        cells = (f"`{name}`", spread(times, ".3f"), *multiples, faster, ", ".join(loads[name]) or "none")
        print(f"| {' | '.join(cells)} |")
    assert not any(loads[name] for name in LIGHT), "help or the bare import loads a heavy library"


if __name__ == "__main__":
    main()
