"""A run's accuracy, inference ratios and recovery as compact Markdown tables, and its verdicts: for docs/results/.

python benchmarks/study_tables.py runs/world
"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

from cotpress.analysis import judge_findings, tabulate_accuracy, tabulate_recovery
from cotpress.tables import read_study_tables


def main() -> None:
    tables = read_study_tables(Path(sys.argv[1]) / "tables")
    done = tables.cells[tables.cells.state == "done"]
    print(f"{len(done)} of {len(tables.cells)} cells, {(tables.cells.state == 'failed').sum()} failed.")
    found = tabulate_accuracy(tables)
    for (condition, student), rows in found.groupby(["condition", "student"]):
        _print_condition(f"{condition}, {student}", rows)
    if len(tables.rankings):
        _print_recovery(tabulate_recovery(tables, keeps=(0.3, 0.5)))
    print("\n## Verdicts\n\n| finding | answer | effect | test |\n|---|---|---|---|")
    for one in judge_findings(tables):
        effect = "-" if one.effect is None else f"{one.effect:.2f} [{one.low:.2f}, {one.high:.2f}] {one.unit}"
        print(f"| {one.claim} | **{one.answer}** | {effect} | {one.test} |")


def _print_condition(condition: str, found: Any) -> None:
    print(f"\n### {condition}\n\n| traces | realized | accuracy | inference ratio | truncated | seeds ± spread |")
    print("|---|---|---|---|---|---|")
    for row in found[found.kind != "criterion"].itertuples():
        accurate = f"{row.accuracy:.2f} [{row.low:.2f}, {row.high:.2f}]"
        figures = (
            f"{row.realized:.2f} | {accurate} | {row.inference:.2f} | {row.truncated:.2f} | {row.seeds}{_spread(row)}"
        )
        print(f"| {row.method} | {figures} |")
    pruned = found[found.kind == "criterion"]
    pruned = pruned.assign(asked=["auto" if math.isnan(target) else f"{target:g}" for target in pruned.target])
    keeps = list(pruned.sort_values("target", ascending=False, na_position="first").asked.unique())
    if not keeps:
        return
    print("\nAccuracy ± spread of seeds, where there are several (realized ratio; inference ratio)\n")
    print(f"| criterion | {' | '.join(f'keep {keep}' for keep in keeps)} |")
    print(f"|---|{'---|' * len(keeps)}")
    for (granularity, symbols, method), rows in pruned.groupby(["granularity", "symbols", "method"]):
        by_keep = {row.asked: row for row in rows.itertuples()}
        entries = [_entry(by_keep[keep]) if keep in by_keep else "-" for keep in keeps]
        print(f"| {method}, {granularity}{', symbols protected' if symbols else ''} | {' | '.join(entries)} |")


def _entry(row: Any) -> str:
    return f"{row.accuracy:.2f}{_spread(row)} ({row.realized:.2f}; {row.inference:.2f})"


def _spread(row: Any) -> str:
    return f" ± {row.spread:.2f}" if row.seeds > 1 else ""


def _print_recovery(found: Any) -> None:
    print("\n## Recovery of the essential units\n\nRecall (corrected: 0 is chance, 1 the best possible)\n")
    keeps = sorted(found.keep.unique())
    print(
        f"| condition | criterion | {' | '.join(f'keep {keep:g}' for keep in keeps)} |\n|---|---|{'---|' * len(keeps)}"
    )
    for names, rows in found[~found.symbols].groupby(["condition", "granularity", "criterion"]):
        by_keep = {row.keep: f"{row.recall:.2f} ({row.corrected:+.2f})" for row in rows.itertuples()}
        print(f"| {names[0]} | {names[2]}, {names[1]} | {' | '.join(by_keep.get(keep, '-') for keep in keeps)} |")


if __name__ == "__main__":
    main()
