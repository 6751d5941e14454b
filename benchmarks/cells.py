"""What further cells cost once signals are stored, against the scoring pass that made them.

    python benchmarks/cells.py --data ../shared/data

27 cells: criteria nll, entropy and random x step, token and token with symbols protected x three ratios,
over LIMO-R1, from the stored signals: those of the n-gram model for all traces, those of SmolLM2-135M for
two. The scoring pass reads, fits, scores and stores; loading the language model is left out.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from itertools import islice
from pathlib import Path

from cotpress import LM, Method, NGram, Trace, read
from cotpress.pruning import apply_budget, parse_keep_ratio, prepare_trace, rank_trace
from cotpress.signals import SignalStore, load_or_score
from cotpress.types import SignalSource
from pools import packaged_model

METHODS = [
    Method(criterion, granularity, protect)
    for criterion in ("nll", "entropy", "random")
    for granularity, protect in (("step", ("answer",)), ("token", ("answer",)), ("token", ("answer", "symbols")))
]
RATIOS = [parse_keep_ratio(ratio) for ratio in (0.7, 0.5, 0.3)]


def scoring_pass(
    path: Path, count: int | None, source: SignalSource | None, store: Path
) -> tuple[float, list[Trace], SignalSource]:
    """Seconds to read, fit (where no source is given), score and store; the traces and the source."""
    began = time.perf_counter()
    traces = [row for row in islice(read(path), count) if isinstance(row, Trace)]
    source = source or NGram.fit(traces)
    load_or_score(source, traces, SignalStore(store))
    return time.perf_counter() - began, traces, source


def cells_pass(traces: list[Trace], source: SignalSource, store: Path) -> float:
    """Seconds for all cells from stored signals, segmentation included."""
    began, cells = time.perf_counter(), 0
    for trace, signals in zip(traces, load_or_score(source, traces, SignalStore(store)), strict=True):
        sheet = prepare_trace(trace)
        for method in METHODS:
            ranked = rank_trace(sheet, method, [signals])
            cells += len([apply_budget(ranked, ratio) for ratio in RATIOS])
    assert cells == len(traces) * len(METHODS) * len(RATIOS)
    return time.perf_counter() - began


def compare(name: str, path: Path, count: int | None, source: SignalSource | None, rounds: int) -> None:
    ratios = []
    for number in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            scoring, traces, used = scoring_pass(path, count, source, Path(folder))
            cells = cells_pass(traces, used, Path(folder))
        ratios.append(cells / scoring)
        print(f"| {name} | {len(traces)} | {number + 1} | {scoring:.2f} | {cells:.2f} | {ratios[-1]:.4f} |", flush=True)
    print(f"| {name} | | median | | | {statistics.median(ratios):.4f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    path = options.data / "traces" / "limo_r1_distill_qwen_32b.jsonl"
    print("| source | traces | round | scoring pass (s) | 27 cells (s) | cells / scoring |\n|---|---|---|---|---|---|")
    compare("n-gram", path, None, None, options.rounds)
    lm = LM(packaged_model(), dtype="float32", device="cpu")
    lm.score([Trace("warm", "What is 1 + 1?", "It is 2.")])
    compare("SmolLM2-135M", path, 2, lm, options.rounds)


if __name__ == "__main__":
    main()
