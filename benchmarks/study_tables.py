"""Runs' accuracy with intervals, recovery and verdicts as compact Markdown tables: for docs/results/.

python benchmarks/study_tables.py runs/world
python benchmarks/study_tables.py docs/results/world-levels docs/results/world-matched   # read together, as one study

Runs of several folders share conditions, students and seeds. What is in more than one counts once, as in the first, and
how far the others repeat it is printed.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from cotpress.analysis import judge_findings, tabulate_accuracy, tabulate_recovery
from cotpress.tables import StudyTables, read_study_tables

ROW_KEYS = {
    "traces": ["condition", "trace"],
    "rankings": ["condition", "trace", "criterion", "granularity", "symbols", "seed"],
    "rewrites": ["compression", "trace"],
    "compressions": ["compression"],
    "cells": ["cell"],
    "answers": ["cell", "benchmark", "problem", "sample"],
}
RECOVERY_KEEPS = (0.2, 0.3, 0.5)


def main() -> None:
    runs = [read_study_tables(Path(folder)) for folder in sys.argv[1:]]
    tables = join_runs(runs)
    done = tables.cells[tables.cells.state == "done"]
    print(f"{len(done)} of {len(tables.cells)} cells, {(tables.cells.state == 'failed').sum()} failed.")
    _print_repetitions(runs)
    found = tabulate_accuracy(tables)
    _print_overview(found)
    for (condition, student), rows in found.groupby(["condition", "student"]):
        _print_condition(f"{condition}, {student}", rows)
    if len(tables.rankings):
        _print_recovery(tabulate_recovery(tables, keeps=RECOVERY_KEEPS))
    print("\n## Verdicts\n\n| finding | answer | effect | test |\n|---|---|---|---|")
    for one in judge_findings(tables):
        effect = "-" if one.effect is None else f"{one.effect:.2f} [{one.low:.2f}, {one.high:.2f}] {one.unit}"
        print(f"| {one.claim} | **{one.answer}** | {effect} | {one.test} |")


def join_runs(runs: Sequence[StudyTables]) -> StudyTables:
    """The rows of all runs; of rows about the same thing the first."""
    joined = {}
    for name, key in ROW_KEYS.items():
        frames = [frame for run in runs if len(frame := getattr(run, name))]
        rows = pd.concat(frames, ignore_index=True) if frames else getattr(runs[0], name)
        joined[name] = rows.drop_duplicates(key, ignore_index=True)
    return StudyTables(**joined)


def _print_repetitions(runs: Sequence[StudyTables]) -> None:
    """Whether cells that several runs trained came to the same answers: they are independent trainings of one seed."""
    key = ROW_KEYS["answers"]
    for run in runs[1:]:
        both = runs[0].answers.merge(run.answers, on=key, suffixes=("", "_again"))
        if len(both):
            same = (both.outcome == both.outcome_again).mean()
            print(f"{both.cell.nunique()} cells are in the first run, too: {same:.3f} of the outcomes are the same.")


def _print_overview(found: Any) -> None:
    """A row a way to shorten, a column a condition and student."""
    panels = list(found.groupby(["condition", "student"]).groups)
    ways = found.assign(way=[_name_way(row) for row in found.itertuples()])
    print("\n## Accuracy [95%, over seeds and problems] (realized ratio; inference ratio)\n")
    print(f"| traces | {' | '.join(f'{condition}, {student}' for condition, student in panels)} |")
    print(f"|---|{'---|' * len(panels)}")
    for way, rows in ways.groupby("way", sort=False):
        by_panel = {(row.condition, row.student): row for row in rows.itertuples()}
        print(f"| {way} | {' | '.join(_format_entry(by_panel.get(panel)) for panel in panels)} |")


def _print_condition(condition: str, found: Any) -> None:
    print(f"\n### {condition}\n\n| traces | realized | accuracy | inference ratio | truncated | seeds ± spread |")
    print("|---|---|---|---|---|---|")
    for row in found.itertuples():
        lengths = f"{_format_inference(row)} | {row.truncated:.2f} | {row.seeds}{_format_spread(row)}"
        print(f"| {_name_way(row)} | {row.realized:.2f} | {_format_accuracy(row)} | {lengths} |")


def _name_way(row: Any) -> str:
    """What was done to the traces: "nll, step, keep 0.3"."""
    if row.kind == "baseline":
        return str(row.method)
    asked = "auto" if row.kind == "criterion" else ""
    keep = asked if math.isnan(row.target) else f"{row.target:g}"
    parts = [row.method, row.granularity, "symbols protected" if row.symbols else "", f"keep {keep}" if keep else ""]
    return ", ".join(part for part in parts if part)


def _format_entry(row: Any) -> str:
    if row is None:
        return "-"
    return f"{_format_accuracy(row)} ({row.realized:.2f}; {_format_inference(row)})"


def _format_inference(row: Any) -> str:
    return "-" if math.isnan(row.inference) else f"{row.inference:.2f}"


def _format_accuracy(row: Any) -> str:
    return f"{row.accuracy:.2f} [{row.low:.2f}, {row.high:.2f}]"


def _format_spread(row: Any) -> str:
    return f" ± {row.spread:.2f}" if row.seeds > 1 else ""


def _print_recovery(found: Any) -> None:
    print("\n## Recovery of the essential units, and of the facts that are told in full anywhere\n")
    print("Recall (corrected: 0 is chance, 1 the best possible), facts\n")
    keeps = sorted(found.keep.unique())
    print(
        f"| condition | criterion | {' | '.join(f'keep {keep:g}' for keep in keeps)} |\n|---|---|{'---|' * len(keeps)}"
    )
    for names, rows in found[~found.symbols].groupby(["condition", "granularity", "criterion"]):
        by_keep = {row.keep: f"{row.recall:.2f} ({row.corrected:+.2f}), {row.facts:.2f}" for row in rows.itertuples()}
        print(f"| {names[0]} | {names[2]}, {names[1]} | {' | '.join(by_keep.get(keep, '-') for keep in keeps)} |")


if __name__ == "__main__":
    main()
