"""How results look on standard output."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from cotpress.wording import agreeing, counted


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


def report(summary: Mapping[str, Any], output: Path | str, as_json: bool) -> int:
    """Tell what a run did, for people or for programs; the exit code, 3 where nothing was compressed."""
    if as_json:
        print_json(summary)
    else:
        print_summary(summary, output)
    return 0 if summary["compressed"] else 3


def print_summary(summary: Mapping[str, Any], output: Path | str) -> None:
    """What a run did, in a few lines, with what to look at next."""
    before, after = summary["tokens_original"], summary["tokens_kept"]
    target = summary["target_ratio"]
    asked = "" if target is None else f" (target {target:g})"
    print(
        f"{summary['compressed']:,} of {counted(summary['traces'], 'trace')} compressed, {summary['rejected']} rejected"
    )
    if summary["compressed"]:
        ratio = summary["realized_ratio"]
        print(f"{before:,} -> {counted(after, 'token')} ({summary['counted_with']}), realized ratio {ratio:.3f}{asked}")
    _print_rewriting(summary)
    for name, label in (("rejected_reasons", "rejected"), ("flags", "flagged")):
        if summary[name]:
            print(f"{label}: " + ", ".join(f"{count} {what}" for what, count in summary[name].items()))
    if summary["rejected_reasons"].get("call-failed"):
        print("hint: calls failed for good; the same command with --force asks for those alone")
    if summary["flags"].get("empty"):
        print("hint: nothing fits the budget of an empty trace; try --granularity token or a higher --keep")
    print(f"written to {output} in {summary['seconds']:.1f} s")


def _print_rewriting(summary: Mapping[str, Any]) -> None:
    """What only rewriting has: figures of what was written, and what it took."""
    if "measures" in summary:
        print(", ".join(f"{name} {value:.3f}" for name, value in summary["measures"].items()))
    if "calls" in summary:
        calls = summary["calls"]
        tokens = f"{counted(calls['prompt_tokens'], 'token')} sent, {calls['completion_tokens']:,} written"
        cost = f", ${calls['cost']:.4f}" if "cost" in calls else ""
        answers = counted(calls["asked"], "answer")
        print(f"{answers} ({calls['cached']} from the cache, {calls['failed_checks']} not accepted)")
        print(f"{tokens}{cost}")


def print_estimate(foreseen: Mapping[str, Any]) -> None:
    """What a run would ask and cost."""
    tokens = f"{counted(foreseen['prompt_tokens'], 'token')} sent, about {foreseen['completion_tokens']:,} written"
    stored = f"{counted(foreseen['cached'], 'answer')} {agreeing(foreseen['cached'], 'is', 'are')} stored already"
    print(f"{counted(foreseen['traces'], 'trace')}; {stored}")
    print(f"{counted(foreseen['calls'], 'call')}, {foreseen['calls_at_most']:,} at most if drafts are not accepted")
    print(f"{tokens} (counted with {foreseen['counted_with']})")
    price = "give --price INPUT,OUTPUT to know the cost"
    print(price if foreseen["cost"] is None else f"${foreseen['cost']:.4f}")


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
