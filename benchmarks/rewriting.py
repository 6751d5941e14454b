"""The rule-based rewriter over real traces: levels x keep ratios, with what the checks and the gauges say.

    python benchmarks/rewriting.py [FILE ...] [--data ../shared/data] [--levels edit ...] [--keep 0.7 0.5 0.3]
        [--limit N] [--dump out.jsonl]

Of each file and cell: the share of traces that pass every check; the share within the tolerance of the budget, which a
trace that keeps its original text is not; the share for which any choice of steps and phrases that the level allows is
within it, and of these the share that is; the mean realized ratio; how many became longer; restructuring; the share of
the backbone's results that is kept; and faults of the grammar gauge, a trace, beside those of the original.
`--dump` writes every text, for `benchmarks/grammar.py`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import IO

from cotpress import Compressed, Rejected, RewritePolicy, Trace, read, rewrite
from cotpress.gauges import count_grammar_faults
from cotpress.rewriting.checks import Draft, measure_backbone_kept
from cotpress.rewriting.levels import LEVELS
from cotpress.rewriting.rules import is_attainable

FILES = {
    "LIMO-R1": ("limo_r1_distill_qwen_32b.jsonl", None),
    "Qwen3-8B thinking": ("qwen3_8b_think_on.jsonl", "thinking_items.json"),
    "GSM8K": ("gsm8k_train_2000.jsonl", None),
    "StrategyQA": ("strategyqa_human.json", None),
}
# Read by people, but in no table.
MORE_FILES = {
    "LIMO-Qwen2.5": ("limo_qwen2.5_32b_instruct.jsonl", None),
    "LIMO-human": ("limo_human.jsonl", None),
    "medical": ("gpt_oss_medical.jsonl", None),
    "MGSM": ("mgsm_exemplars.jsonl", None),
}
ALL_FILES = {**FILES, **MORE_FILES}
HEAD = (
    "| file | level | keep | passed | on budget | allowed | of these met | realized | longer | original kept "
    "| restructuring | backbone kept | grammar faults (before) | ms |"
)


def measure_cell(traces: Sequence[Trace], level: str, keep: float, dump: IO[str] | None) -> str:
    """One row of the table without the name of the file."""
    began = time.perf_counter()
    outcomes: list[Compressed | Rejected] = list(rewrite(list(traces), level, keep=str(keep), policy=RewritePolicy()))
    seconds = time.perf_counter() - began
    done = [one for one in outcomes if isinstance(one, Compressed)]
    kept = [one for one in done if "kept-original" in one.flags]
    met = [
        one
        for one in done
        if one not in kept and abs(one.realized_ratio - keep) <= RewritePolicy().tolerance * keep + 1e-9
    ]
    tolerance = RewritePolicy().tolerance
    allowed = {trace.id for trace in traces if is_attainable(trace, LEVELS[level], keep, tolerance)}
    hit = [one for one in met if one.trace.id in allowed]
    facts = [measure_backbone_kept(Draft(one.trace, one.text, LEVELS[level])) for one in done]
    faults = mean(count_grammar_faults(one.text).total() for one in done)
    before = mean(count_grammar_faults(one.trace.reasoning).total() for one in done)
    for one in done if dump else ():
        assert dump is not None
        row = {"id": one.trace.id, "level": level, "keep": keep, "before": one.trace.reasoning, "after": one.text}
        dump.write(json.dumps({**row, "flags": list(one.flags)}) + "\n")
    reasons = Counter(one.reason for one in outcomes if not isinstance(one, Compressed))
    cells = [
        level,
        f"{keep:g}",
        f"{len(done) / len(outcomes):.1%}" + "".join(f", {count} {reason}" for reason, count in reasons.items()),
        f"{len(met) / len(outcomes):.1%}",
        f"{len(allowed) / len(outcomes):.1%}",
        f"{len(hit) / max(1, len(allowed)):.1%}",
        f"{mean(one.realized_ratio for one in done):.3f}",
        f"{sum(one.realized_ratio > 1 for one in done)}",
        f"{len(kept) / len(outcomes):.1%}",
        f"{mean(one.measures['restructuring'] for one in done):.3f}",
        f"{mean(facts):.3f}",
        f"{faults:.2f} ({before:.2f})",
        f"{1000 * seconds / len(outcomes):.0f}",
    ]
    return " | ".join(cells)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", default=list(FILES))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--levels", nargs="+", default=list(LEVELS))
    parser.add_argument("--keep", nargs="+", type=float, default=[0.7, 0.5, 0.3])
    parser.add_argument("--limit", type=int, default=None)
    parser.add_argument("--dump", type=Path, default=None)
    options = parser.parse_args()
    dump = options.dump.open("w", encoding="utf-8") if options.dump else None
    print(HEAD)
    print("|---" * HEAD.count(" | ") + "|---|")
    for name in options.files:
        file, join = ALL_FILES[name]
        folder = options.data / "traces"
        rows = read(folder / file, join=folder / join if join else None)
        traces = [row for row in rows if isinstance(row, Trace)][: options.limit]
        for level in options.levels:
            for keep in options.keep:
                print(f"| {name} | {measure_cell(traces, level, keep, dump)} |", flush=True)
    if dump:
        dump.close()


if __name__ == "__main__":
    main()
