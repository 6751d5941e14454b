"""The gauges of the text for several criteria, keep ratios and files, as a table.

    python benchmarks/gauges.py [FILE ...] [--criteria nll random ...] [--keep 0.5 0.3] [--granularity step]
        [--steps auto] [--limit N] [--gauges equations ...]

A file is a path, or one of the shared data: limo_r1, qwen3_think, gsm8k, strategyqa, which are also the
default. Each figure is the mean over the traces that the gauge applies to; `kept` is the realized ratio. Random pruning
to the same length as each criterion is measured in every run (`cotpress measure`); here it is a criterion of its own.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterable
from pathlib import Path

import cotpress
from cotpress.gauges import GAUGES
from cotpress.pipeline import add_gauges, make_baseline
from cotpress.pipeline.output import OutcomeCounts

FILES = {
    "limo_r1": "limo_r1_distill_qwen_32b.jsonl",
    "qwen3_think": "qwen3_8b_think_on.jsonl",
    "gsm8k": "gsm8k_train_2000.jsonl",
    "strategyqa": "strategyqa_human.json",
}
CRITERIA = ("nll", "random", "head", "tail", "reflection")


def find_file(name: str) -> Path:
    """The file of that name in the shared data, or the path as it is given."""
    data = Path(os.environ.get("COTPRESS_SHARED_DATA", "../shared/data"))
    return data / "traces" / FILES[name] if name in FILES else Path(name)


def measure(traces: list[cotpress.Trace], method: cotpress.Method, keep: str) -> tuple[dict[str, object], float]:
    """The summary of one way to shorten the traces, and the milliseconds of a trace that the gauges took."""
    outcomes = list(cotpress.compress(traces, method, keep=keep))
    began = time.process_time()
    counts = OutcomeCounts.from_outcomes(add_gauges(outcomes, make_baseline(method)))
    return counts.to_summary(), 1000 * (time.process_time() - began) / max(1, len(traces))


def print_rows(name: str, rows: Iterable[tuple[str, str, dict[str, object], float]], gauges: list[str]) -> None:
    """A Markdown table of one file."""
    print(f"\n### {name}\n\n| criterion | keep | kept | {' | '.join(gauges)} | ms |")
    print("|---|---|---|" + "---|" * (len(gauges) + 1))
    for criterion, keep, summary, milliseconds in rows:
        means = summary.get("gauges", {})
        assert isinstance(means, dict)
        figures = [format_figure(means.get(gauge, {}).get("compressed")) for gauge in gauges]
        kept = format_figure(summary["realized_ratio"])
        print(f"| {criterion} | {keep} | {kept} | {' | '.join(figures)} | {milliseconds:.1f} |", flush=True)


def format_figure(value: object) -> str:
    """Three decimals; a dash where there is nothing."""
    return f"{value:.3f}" if isinstance(value, float) else "-"


def main() -> None:
    """Print a table a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", default=list(FILES))
    parser.add_argument("--criteria", nargs="+", default=list(CRITERIA))
    parser.add_argument("--keep", nargs="+", default=["0.5", "0.3"])
    parser.add_argument("--granularity", default="step")
    parser.add_argument("--steps", default="auto")
    parser.add_argument("--limit", type=int, default=None)
    parser.add_argument("--gauges", nargs="+", default=[name for name in GAUGES if not name.startswith("reference")])
    options = parser.parse_args()
    for name in options.files:
        rows = (row for row in cotpress.read(str(find_file(name))) if isinstance(row, cotpress.Trace))
        traces = [row for _, row in zip(range(options.limit or 10**9), rows, strict=False)]
        cells = (
            (
                criterion,
                keep,
                *measure(traces, cotpress.Method(criterion, options.granularity, steps=options.steps), keep),
            )
            for criterion in options.criteria
            for keep in options.keep
        )
        print_rows(f"{name} ({len(traces)} traces, {options.granularity})", cells, options.gauges)


if __name__ == "__main__":
    main()
