"""How results look on standard output."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table


def print_json(data: Mapping[str, Any]) -> None:
    """One JSON object, for programs."""
    print(json.dumps(data, indent=2, ensure_ascii=False))


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table whose numbers stand to the right."""
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        numeric = bool(rows) and isinstance(rows[0][number], int | float)
        table.add_column(column, justify="right" if numeric else "left")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    Console(width=max(Console().width, 100)).print(table, markup=False)


def print_summary(summary: Mapping[str, Any], output: Path) -> None:
    """What a run did, in a few lines, with what to look at next."""
    before, after = summary["tokens_original"], summary["tokens_kept"]
    target = summary["target_ratio"]
    asked = "" if target is None else f" (target {target:g})"
    print(f"{summary['compressed']} of {summary['traces']} traces compressed, {summary['rejected']} rejected")
    if summary["compressed"]:
        ratio = summary["realized_ratio"]
        print(f"{before:,} -> {after:,} tokens ({summary['counted_with']}), realized ratio {ratio:.3f}{asked}")
    for name, label in (("rejected_reasons", "rejected"), ("flags", "flagged")):
        if summary[name]:
            print(f"{label}: " + ", ".join(f"{count} {what}" for what, count in summary[name].items()))
    if summary["flags"].get("empty"):
        print("hint: nothing fits the budget of an empty trace; try --granularity token or a higher --keep")
    print(f"written to {output} in {summary['seconds']:.1f} s")


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
