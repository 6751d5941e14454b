"""A budget for each turn against one for the whole conversation, on conversations whose turns differ in redundancy.

    python benchmarks/conversation_budget.py --data ../shared/data

Each conversation has two turns: a long solution with talk (R1) and a dense one (Qwen2.5) of two problems of LIMO. What
is kept of equations and facts is a mean over the turns; intervals are of 95%, by bootstrap over conversations; beside
each is random pruning to the same lengths.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cotpress import BudgetConfig, Method, compress, read
from cotpress.pipeline import add_gauges, make_baseline
from cotpress.types import Compressed

LONG, DENSE = "limo_r1_distill_qwen_32b.jsonl", "limo_qwen2.5_32b_instruct.jsonl"
RATIOS = ("0.3", "0.5", "0.7")
GAUGES = ("equations", "facts")
DRAWS = 2000


def write_conversations(data: Path, path: Path) -> None:
    """The conversations as messages, a row each."""
    long, dense = (
        [json.loads(line) for line in (data / "traces" / name).read_text("utf-8").splitlines()]
        for name in (LONG, DENSE)
    )
    with path.open("w", encoding="utf-8") as file:
        for number in range(0, len(long) - 1, 2):
            messages = []
            for row in (long[number], dense[number + 1]):
                messages.append({"role": "user", "content": row["question"]})
                reply = {"role": "assistant", "content": f"The answer is {row['gold_answer']}."}
                messages.append({**reply, "reasoning_content": row["solution"]})
            file.write(json.dumps({"id": str(number), "messages": messages}) + "\n")


def measure(path: Path, amount: BudgetConfig) -> list[tuple[Compressed, Compressed]]:
    """The outcomes of both turns of each conversation, with their gauges."""
    outcomes = compress(read(path), Method(), keep=amount)
    kept = [one for one in add_gauges(outcomes, make_baseline(Method())) if isinstance(one, Compressed)]
    return list(zip(kept[::2], kept[1::2], strict=True))


def format_mean(values: Sequence[float]) -> str:
    """A mean with its interval, by bootstrap."""
    data = np.array(values)
    draws = np.random.default_rng(0).integers(len(data), size=(DRAWS, len(data)))
    low, high = np.quantile(data[draws].mean(axis=1), (0.025, 0.975))
    return f"{data.mean():.3f} [{low:.3f}, {high:.3f}]"


def list_means(pairs: Iterable[tuple[Compressed, Compressed]], gauge: str, figure: str) -> list[float]:
    """A gauge's figure for each conversation, the mean of its turns that have one."""
    found = []
    for pair in pairs:
        values = [getattr(turn.gauges[gauge], figure) for turn in pair if gauge in turn.gauges]
        known = [value for value in values if value is not None]
        found.append(float(np.mean(known)) if known else np.nan)
    return found


def describe(pairs: Sequence[tuple[Compressed, Compressed]]) -> list[str]:
    """The cells of a row."""
    totals = [sum(t.tokens_kept for t in pair) / sum(t.tokens_original for t in pair) for pair in pairs]
    turns: list[Any] = [format_mean([pair[at].realized_ratio for pair in pairs]) for at in (0, 1)]
    cells = [format_mean(totals), f"{max(totals):.3f}", *turns]
    for gauge in GAUGES:
        kept, chance = (np.array(list_means(pairs, gauge, figure)) for figure in ("compressed", "random"))
        known = ~np.isnan(kept) & ~np.isnan(chance)
        cells += [format_mean(kept[known].tolist()), f"{chance[known].mean():.3f}"]
    return cells


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    columns = ("keep", "budget per", "conversation", "at most", "long turn", "dense turn")
    columns += tuple(name for gauge in GAUGES for name in (gauge, "random"))
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "conversations.jsonl"
        write_conversations(data, path)
        for ratio in RATIOS:
            for name, amount in (
                ("turn", BudgetConfig((ratio,))),
                ("conversation", BudgetConfig((ratio,), conversation=True)),
                ("corpus", BudgetConfig((ratio,), corpus=True)),
            ):
                print(f"| {ratio} | {name} | {' | '.join(describe(measure(path, amount)))} |", flush=True)


if __name__ == "__main__":
    main()
