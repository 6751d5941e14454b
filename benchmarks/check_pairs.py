"""Precision and recall of the checks of rewrites on labelled pairs.

    python benchmarks/check_pairs.py [--pairs tests/rewriting/checks/data/labelled_pairs.jsonl] [--show]

A pair is an original, a rewrite, a check and whether the rewrite is right by that check. A check that faults a wrong
rewrite is a hit. Precision: hits / all that it faults; recall: hits / all that are wrong. `--show` prints the misses.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from cotpress import Trace
from cotpress.rewriting.checks import CHECKS, Draft
from cotpress.rewriting.levels import LEVELS

PAIRS = Path(__file__).parents[1] / "tests" / "rewriting" / "checks" / "data" / "labelled_pairs.jsonl"


def judge_pair(pair: dict[str, Any]) -> str | None:
    """What the pair's check says of its rewrite: a reason, or None."""
    trace = Trace("1", pair.get("question", ""), pair["original"])
    level = LEVELS[pair.get("level", "edit")]
    return CHECKS[pair["check"]](Draft(trace, pair["rewrite"], level, pair.get("domain", "math")))


def main() -> None:
    """Print a table, a row a check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=Path, default=PAIRS)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    pairs = [json.loads(line) for line in options.pairs.read_text(encoding="utf-8").splitlines()]
    tally: dict[str, Counter[str]] = {}
    for pair in pairs:
        said = judge_pair(pair)
        kind = ("hit" if said else "missed") if not pair["right"] else ("false alarm" if said else "passed")
        for name in (pair["check"], "all"):
            tally.setdefault(name, Counter())[kind] += 1
        if options.show and kind in ("missed", "false alarm"):
            print(f"{kind}: {pair['check']}: {pair['original']!r} -> {pair['rewrite']!r} {said or ''}")
    print("| check | pairs | wrong ones | precision | recall |\n|---|---|---|---|---|")
    for name in sorted(tally, key=lambda name: (name == "all", name)):
        count = tally[name]
        wrong, faulted = count["hit"] + count["missed"], count["hit"] + count["false alarm"]
        precision = f"{count['hit'] / faulted:.2f}" if faulted else "-"
        recall = f"{count['hit'] / wrong:.2f}" if wrong else "-"
        print(f"| `{name}` | {count.total()} | {wrong} | {precision} | {recall} |")


if __name__ == "__main__":
    main()
