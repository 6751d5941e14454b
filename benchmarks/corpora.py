"""Real traces through both granularities at five budgets: what was asked, what was realized.

    python benchmarks/corpora.py --data ../shared/data

Every file must be recognised (or mapped), every row accounted for, and no trace may exceed its target
unless it is flagged.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from cotpress import Method, NGram, Rejected, Trace, read
from cotpress.pipeline.output import OutcomeCounts
from cotpress.pruning import RankedTrace, apply_budget, parse_keep_ratio, prepare_trace, rank_trace

RATIOS = ("0.9", "0.7", "0.5", "0.3", "0.1")
FILES = {
    "LIMO-R1": ("limo_r1_distill_qwen_32b.jsonl", None),
    "GSM8K": ("gsm8k_train_2000.jsonl", None),
    "StrategyQA": ("strategyqa_human.json", None),
    "Qwen3-8B thinking": ("qwen3_8b_think_on.jsonl", "thinking_items.json"),
}


def measure(ranked: list[RankedTrace], keep: str) -> str:
    """One cell of the table: realized ratio, mean shortfall, traces flagged."""
    outcomes = [apply_budget(one, parse_keep_ratio(keep)) for one in ranked]
    for one in outcomes:
        if "over-budget" not in one.flags:
            assert one.tokens_kept <= parse_keep_ratio(keep).apply_to(one.tokens_original), (
                f"{one.trace.id} exceeds its target"
            )
    figures = OutcomeCounts.from_outcomes(outcomes).to_summary()
    flags = "".join(f", {count} {flag}" for flag, count in figures["flags"].items())
    return f"{figures['realized_ratio']:.4f} ({figures['mean_shortfall']:.3f}{flags})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--criterion", default="nll")
    data, criterion = parser.parse_args().data / "traces", parser.parse_args().criterion
    print(f"Criterion {criterion}, n-gram source, counted in units. Cells: corpus realized ratio")
    print("(mean shortfall below target per trace, flags).\n")
    print("| file | rows | rejected | granularity | " + " | ".join(f"keep {ratio}" for ratio in RATIOS) + " |")
    print("|---|---|---|---|" + "---|" * len(RATIOS))
    for name, (file, join) in FILES.items():
        rows = list(read(data / file, join=data / join if join else None))
        traces = [row for row in rows if isinstance(row, Trace)]
        rejected = sum(isinstance(row, Rejected) for row in rows)
        assert len(traces) + rejected == len(rows), "a row was lost"
        signals = NGram.fit(traces).score(traces)
        sheets = [prepare_trace(trace) for trace in traces]
        for granularity in ("token", "step"):
            method = Method(criterion, granularity)
            ranked = [rank_trace(sheet, method, [one]) for sheet, one in zip(sheets, signals, strict=True)]
            cells = [measure(ranked, ratio) for ratio in RATIOS]
            print(f"| {name} | {len(rows)} | {rejected} | {granularity} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
