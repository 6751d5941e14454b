"""The rule-based rewriter over real traces at each level: what passes its checks, how much stays, how it reads.

    python benchmarks/levels.py --data ../shared/data [--keep 0.5]

Restructuring must rise from level to level on each file, and every trace that is not rejected must state its
final answer as it did before: both are asserted.
"""

from __future__ import annotations

import argparse
import time
from itertools import pairwise
from pathlib import Path

from cotpress import Compressed, Rejected, Steering, read, rewrite
from cotpress.answers import same_answer, stated_answer
from cotpress.levels import LEVELS
from cotpress.output import Tally
from cotpress.types import Trace

FILES = {
    "LIMO-R1": ("limo_r1_distill_qwen_32b.jsonl", None),
    "GSM8K": ("gsm8k_train_2000.jsonl", None),
    "StrategyQA": ("strategyqa_human.json", None),
    "Qwen3-8B thinking": ("qwen3_8b_think_on.jsonl", "thinking_items.json"),
}


def answer_kept(one: Compressed) -> bool:
    """Whether the compressed trace as a whole states the answer that the original states."""
    before = stated_answer(one.trace.reasoning) or stated_answer(one.trace.answer)
    after = stated_answer(one.text) or stated_answer(one.trace.answer)
    return before is None or (after is not None and same_answer(after, before))


def measure(traces: list[Trace], level: str, keep: str | None) -> tuple[str, float]:
    """One row of the table, and the mean restructuring."""
    began = time.perf_counter()
    outcomes = list(rewrite(traces, level, keep=keep, steering=Steering(fallback="best")))
    seconds = time.perf_counter() - began
    done = [one for one in outcomes if isinstance(one, Compressed)]
    kept = sum(map(answer_kept, done))
    assert kept == len(done), f"{len(done) - kept} answers were lost at {level}"
    figures = Tally.of(outcomes).figures()
    reasons = ", ".join(f"{count} {reason}" for reason, count in figures["rejected_reasons"].items()) or "-"
    measures, share = figures["measures"], len(done) / len(outcomes)
    cells = [
        f"{len(outcomes)}",
        f"{share:.2%}",
        reasons,
        f"{figures['realized_ratio']:.3f}",
        f"{measures['restructuring']:.3f}",
        f"{measures['faithfulness']:.3f}",
        f"{kept / len(done):.0%}",
        f"{1000 * seconds / len(outcomes):.1f}",
    ]
    return " | ".join(cells), measures["restructuring"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--keep", default=None)
    options = parser.parse_args()
    asked = f"keep {options.keep}" if options.keep else "no budget"
    print(f"Rewriter rules, {asked}, counted in units. Figures are means over the traces that passed.\n")
    print(
        "| file | level | traces | passed | rejected | realized | restructuring | faithful | answer kept | ms/trace |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, (file, join) in FILES.items():
        folder = options.data / "traces"
        rows = list(read(folder / file, join=folder / join if join else None))
        traces = [row for row in rows if not isinstance(row, Rejected)]
        figures = []
        for level in LEVELS:
            row, restructuring = measure(traces, level, options.keep)
            figures.append(restructuring)
            print(f"| {name} | {level} | {row} |", flush=True)
        assert all(milder < stronger for milder, stronger in pairwise(figures)), f"{name}: levels out of order"


if __name__ == "__main__":
    main()
