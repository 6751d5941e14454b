"""What further cells cost once signals are stored, against the scoring pass that made them.

    python benchmarks/cells.py --data ../shared/data

27 cells: criteria nll, entropy and random x step, token and token with symbols protected x three ratios,
over LIMO-R1, from the stored signals. The scoring pass reads, fits, scores and stores.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from cotpress import Method, NGram, Trace, read
from cotpress.prune import cut_to, keep_ratio, prepare, rank_sheet
from cotpress.signals import SignalStore, scored

METHODS = [
    Method(criterion, granularity, protect)
    for criterion in ("nll", "entropy", "random")
    for granularity, protect in (("step", ("answer",)), ("token", ("answer",)), ("token", ("answer", "symbols")))
]
RATIOS = [keep_ratio(ratio) for ratio in (0.7, 0.5, 0.3)]


def scoring_pass(path: Path, store: Path) -> tuple[float, list[Trace], NGram]:
    """Seconds to read, fit, score and store; the traces and the source."""
    began = time.perf_counter()
    traces = [row for row in read(path) if isinstance(row, Trace)]
    source = NGram.fit(traces)
    scored(source, traces, SignalStore(store))
    return time.perf_counter() - began, traces, source


def cells_pass(traces: list[Trace], source: NGram, store: Path) -> float:
    """Seconds for all cells from stored signals, segmentation included."""
    began, cells = time.perf_counter(), 0
    for trace, signals in zip(traces, scored(source, traces, SignalStore(store)), strict=True):
        sheet = prepare(trace)
        for method in METHODS:
            ranked = rank_sheet(sheet, method, signals)
            cells += len([cut_to(ranked, ratio) for ratio in RATIOS])
    assert cells == len(traces) * len(METHODS) * len(RATIOS)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    ratios = []
    print("| round | scoring pass (s) | 27 cells (s) | cells / scoring |\n|---|---|---|---|")
    for number in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            path = options.data / "traces" / "limo_r1_distill_qwen_32b.jsonl"
            scoring, traces, source = scoring_pass(path, Path(folder))
            cells = cells_pass(traces, source, Path(folder))
        ratios.append(cells / scoring)
        print(f"| {number + 1} | {scoring:.2f} | {cells:.2f} | {ratios[-1]:.3f} |", flush=True)
    print(f"\nmedian {statistics.median(ratios):.3f}")


if __name__ == "__main__":
    main()
