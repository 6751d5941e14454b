"""What reading a text costs where no model is asked: cutting it, its blocks, its backbone, its gauges.

    python benchmarks/text_work.py --data ../shared/data [--trees before=OLD/src now=src] [--rounds 5] [--keep auto]

Processor milliseconds on one core, and what a trace of 3,000 units, and one of 3,000 tokens of SmolLM2, would take at
that rate. In a round each tree does all traces once, in a process of its own; the trees take turns, and what a tree
remembers of texts is forgotten between rounds. `backbone` is ranking the steps and pruning to half, or to what --keep
says (auto is the default of a run), `gauges` the compressed text, its original and random pruning; `together` is
blocks, backbone and gauges, `all` has the segmentation, too. A tree that is too old to have a part has no figure of
it. With more trees than one, how many times as fast as the first the others are is printed as well, round by round;
with --profile also the functions that take most time of their own, for each tree.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pools import packaged_model
from spreads import ratios, spread

POOLS = {
    "LIMO-R1": ("limo_r1_distill_qwen_32b.jsonl", "solution", 60),
    "Qwen3": ("qwen3_8b_think_on.jsonl", "thinking", 60),
    "GSM8K": ("gsm8k_train_2000.jsonl", "answer", 600),
}
LONG_UNITS = 3000  # of the long trace that figures are given for
TOGETHER = ("blocks", "backbone", "gauges")
PARTS = ("segmentation", *TOGETHER)
SUMS = {"together": TOGETHER, "all": PARTS}
Row = tuple[str, str]


def load(data: Path, pool: str) -> list[Row]:
    """Question and reasoning of the first traces of a pool."""
    name, field, count = POOLS[pool]
    lines = (data / "traces" / name).read_text(encoding="utf-8").splitlines()[:count]
    rows = [json.loads(line) for line in lines]
    return [(str(row.get("question", "")), row[field]) for row in rows if row[field].strip()]


class Clock:
    """Processor seconds by part."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    @contextmanager
    def of(self, part: str) -> Iterator[None]:
        """What is done inside counts as that part's."""
        began = time.process_time()
        yield
        self.spent[part] = self.spent.get(part, 0.0) + time.process_time() - began


def cut_texts(segment: Callable[[str], Any], rows: list[Row]) -> dict[str, float]:
    """The segmentation alone, for a tree of before there were gauges."""
    clock, units = Clock(), 0
    for _, text in rows:
        with clock.of("segmentation"):
            cut = segment(text)
        units += len(cut.kinds)
    return {**clock.spent, "units": units}


def read_texts(rows: list[Row], keep: str) -> dict[str, float]:
    """All parts of the tree on the search path, and how many units the texts have."""
    from cotpress import Method, Trace
    from cotpress.pipeline.gauging import make_baseline, measure_gauges
    from cotpress.pruning import apply_budget, prepare_trace, rank_trace
    from cotpress.pruning.budget import parse_budget
    from cotpress.text import find_unit_blocks

    clock, units = Clock(), 0
    method, budget = Method("backbone", "step"), parse_budget(keep)
    baseline = make_baseline(method)
    for number, (question, text) in enumerate(rows):
        trace = Trace(str(number), question, text)
        with clock.of("segmentation"):
            prepared = prepare_trace(trace)
        with clock.of("blocks"):
            find_unit_blocks(prepared.segmentation)
        with clock.of("backbone"):
            outcome = apply_budget(rank_trace(prepared, method), budget)
        with clock.of("gauges"):
            measure_gauges(outcome, baseline)
        units += prepared.tokens
    return {**clock.spent, "units": units}


def work(rows: list[Row], keep: str) -> dict[str, float]:
    """What the tree on the search path can do."""
    try:
        from cotpress.segment import segment
    except ImportError:
        return read_texts(rows, keep)
    return cut_texts(segment, rows)


def forget() -> None:
    """Empty what the modules of the tree remember of texts; compiled patterns stay."""
    for name, module in list(sys.modules.items()):
        for value in list(vars(module).values()) if name.startswith("cotpress") else ():
            if hasattr(value, "cache_clear") and value.cache_parameters()["maxsize"] is not None:
                value.cache_clear()


def serve(pool: str, data: Path, keep: str) -> None:
    """A child: does its traces once for every line that it is sent, and says what that took."""
    rows = load(data, pool)
    work(rows[:20], keep)
    for line in sys.stdin:
        forget()
        count, profile = int(line), cProfile.Profile()
        spent = profile.runcall(work, rows, keep) if count else work(rows, keep)
        print(json.dumps({**spent, "traces": len(rows), "profile": list_functions(profile, count)}), flush=True)


def list_functions(profile: cProfile.Profile, count: int) -> list[tuple[str, int, float]]:
    """The functions that take most time of their own: name, calls, share of all time."""
    if not count:
        return []
    profile.create_stats()
    found = pstats.Stats(profile).stats.items()  # type: ignore[attr-defined]
    total = sum(entry[2] for _, entry in found) or 1.0
    ordered = sorted(found, key=lambda item: -item[1][2])[:count]
    return [(f"{Path(place).stem}.{name}", entry[1], entry[2] / total) for (place, _, name), entry in ordered]


def start(source: Path, pool: str, data: Path, keep: str) -> subprocess.Popen[str]:
    """A child that works with one tree."""
    environment = {**os.environ, "PYTHONPATH": str(source.resolve()), "OMP_NUM_THREADS": "1"}
    words = [sys.executable, __file__, "--serve", "--pools", pool, "--data", str(data), "--keep", keep]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)


def ask(child: subprocess.Popen[str], profiled: int = 0) -> dict[str, Any]:
    """One round of a child."""
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(f"{profiled}\n")
    child.stdin.flush()
    answer: dict[str, Any] = json.loads(child.stdout.readline())
    return answer


def count_tokens(rows: list[Row]) -> int:
    """Tokens of the reasoning, by the tokenizer of the packaged model."""
    from cotpress import load_counter

    return sum(load_counter(str(packaged_model())).count([text for _, text in rows]))


def show(pool: str, tokens: int, rounds: dict[str, list[dict[str, Any]]]) -> None:
    """The table of a pool, whose traces have so many tokens."""
    facts = next(iter(rounds.values()))[-1]
    sizes = f"{facts['units'] / facts['traces']:.0f} units, {tokens / facts['traces']:.0f} tokens"
    print(f"\n{pool}: {facts['traces']} traces of {sizes}\n")
    print(
        f"| tree | part | ms a trace | ms for {LONG_UNITS:,} units | ms for {LONG_UNITS:,} tokens | traces/s"
        " | times as fast as the first |"
    )
    print("|---|---|---|---|---|---|---|")
    first: dict[str, list[float]] = {}
    for tree, answers in rounds.items():
        for part, members in {**{part: (part,) for part in PARTS}, **SUMS}.items():
            if not all(member in answers[0] for member in members):
                continue
            seconds = [sum(answer[member] for member in members) for answer in answers]
            each = statistics.median(seconds) / answers[0]["traces"]
            long = [1000 * LONG_UNITS * one / answer["units"] for one, answer in zip(seconds, answers, strict=True)]
            faster = spread(ratios(first[part], seconds), ".2f") if part in first else "-"
            first.setdefault(part, seconds)
            of_tokens = statistics.median(long) * facts["units"] / tokens
            figures = f"{1000 * each:.2f} | {spread(long, '.1f')} | {of_tokens:.1f} | {1 / each:.0f}"
            print(f"| {tree} | {part} | {figures} | {faster} |")


def show_profiles(pool: str, profiles: dict[str, list[tuple[str, int, float]]]) -> None:
    """What takes most time of its own in each tree."""
    for tree, functions in profiles.items():
        print(f"\n{pool}, profile of {tree}\n\n| function | calls | share of the time |\n|---|---|---|")
        for name, calls, share in functions:
            print(f"| `{name}` | {calls:,} | {100 * share:.1f}% |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--trees", nargs="+", default=[f"now={Path(__file__).resolve().parents[1] / 'src'}"])
    parser.add_argument("--pools", nargs="+", choices=POOLS, default=list(POOLS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", default="0.5")
    parser.add_argument("--profile", type=int, default=0, help="how many functions of each tree are listed")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.pools[0], options.data, options.keep)
        return
    trees = dict(tree.split("=", 1) for tree in options.trees)
    for pool in options.pools:
        children = {name: start(Path(source), pool, options.data, options.keep) for name, source in trees.items()}
        rounds: dict[str, list[dict[str, Any]]] = {name: [] for name in trees}
        for _ in range(options.rounds):
            for name, child in children.items():
                rounds[name].append(ask(child))
        show(pool, count_tokens(load(options.data, pool)), rounds)
        if options.profile:
            show_profiles(pool, {name: ask(child, options.profile)["profile"] for name, child in children.items()})
        for child in children.values():
            child.communicate()


if __name__ == "__main__":
    main()
