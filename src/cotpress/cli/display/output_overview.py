"""What stands around the pairs of an output: its figures as a whole, lists, rejected rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cotpress.analysis.pairs import COMMON_NAMES, OutputPairs, Pair, PairFigures, compute_means, list_values
from cotpress.cli.display.console_output import format_request, print_blocks
from cotpress.cli.display.control_characters import escape_controls
from cotpress.cli.display.pair_display import describe_pair_gauges
from cotpress.cli.display.pair_folding import shorten_middle
from cotpress.cli.display.terminal_text import has_colours
from cotpress.cli.display.text_columns import share_width
from cotpress.number_formatting import count_noun


def print_overview(console: Console, pairs: OutputPairs, headline: str, full: bool) -> None:
    """The output as a whole: counts, ratios, flags, gauges, warnings, and how to read what follows."""
    for line in _describe_output(pairs, full):
        console.print(Text(escape_controls(line)))
    for warning in pairs.summary.get("warnings", ()):
        console.print(Text(f"warning: {escape_controls(str(warning))}", "yellow"))
    if not pairs.figures:
        console.print("nothing was compressed; --rejected says why")
        return
    marks = "red italics: deleted; green underlined: inserted" if has_colours(console) else "[-deleted-] {+inserted+}"
    console.print(Text(f"\n{headline} ({marks})\n"))


def _describe_output(pairs: OutputPairs, full: bool) -> list[str]:
    summary, ratios = pairs.summary, [figures.realized_ratio for figures in pairs.figures]
    how = describe_method(summary)
    counts = f"{count_noun(len(ratios), 'trace')} compressed, {summary.get('rejected', 0):,} rejected"
    lines = [f"{pairs.folder}: {counts}{f'; {how}' if how else ''}"]
    if ratios:
        asked = format_request(summary) if "target_ratio" in summary else ""
        middle = f"median {median(ratios):.3f}, from {min(ratios):.3f} to {max(ratios):.3f}"
        lines.append(f"realized ratio of a trace: {middle}{asked}")
    if summary.get("flags"):
        lines.append("flagged: " + ", ".join(f"{count:,} {flag}" for flag, count in summary["flags"].items()))
    means = {name: mean for name, mean in compute_means(pairs).items() if name not in COMMON_NAMES}
    return [*lines, *describe_pair_gauges(means, pairs, full)]


def describe_method(summary: Mapping[str, Any]) -> str:
    """How an output was made, in a few words; "" where its summary does not say.

    >>> describe_method({"method": {"method": {"criterion": "nll", "granularity": "step"}}})
    'criterion nll, granularity step'
    >>> describe_method({"level": "edit", "rewriter": "rules"})
    'level edit, written by rules'
    """
    if "level" in summary:
        return f"level {summary['level']}, written by {summary.get('rewriter', 'somebody')}"
    method = summary.get("method", {}).get("method", {})
    return ", ".join(f"{name} {method[name]}" for name in ("criterion", "granularity") if name in method)


def print_pair_list(console: Console, pairs: OutputPairs, chosen: Sequence[PairFigures], names: Sequence[str]) -> None:
    """A line a pair: id, length, realized ratio, the figures with these names, flags."""
    columns = ("id", "tokens", "realized", *names, "flags")
    rows = [[escape_controls(cell) for cell in _list_cells(figures, names)] for figures in chosen]
    if not console.is_terminal:
        console.width = 1000  # columns: lines that are piped are not cut
    if share_width([columns, *rows], console.width - len(columns)) is None:
        print_blocks(console, columns, rows)
    else:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in columns:
            table.add_column(column, justify="left" if column in ("id", "flags") else "right", overflow="fold")
        for row in rows:
            table.add_row(*map(Text, row))
        console.print(table)
    if len(chosen) < len(pairs.figures):
        console.print(f"{len(chosen):,} of {count_noun(len(pairs.figures), 'pair')}")


def _list_cells(figures: PairFigures, names: Sequence[str]) -> list[str]:
    values = list_values(figures)
    cells = ["-" if (value := values.get(name)) is None else f"{value:.3f}" for name in names]
    ratio = f"{figures.realized_ratio:.3f}"
    return [figures.id, f"{figures.tokens_original:,}", ratio, *cells, ", ".join(figures.flags)]


def print_rejected_row(console: Console, row: Mapping[str, Any], full: bool) -> None:
    """A rejected row: where it stood, why, and the row itself."""
    place = ":".join(str(part) for part in (row["source"], row["line"]) if part not in ("", None))
    title = " ".join(part for part in (row["id"] or "", f"({place})" if place else "") if part)
    console.rule(Text(escape_controls(title or "a row"), "bold"), align="left", style="dim")
    console.print(Text(escape_controls(f"{row['reason']}: {row['detail']}")))
    if row["row"]:
        console.print(Text(escape_controls(row["row"] if full else shorten_middle(row["row"])), overflow="fold"))
    console.print()


def describe_pair(pair: Pair) -> dict[str, Any]:
    """A pair for programs: its figures and texts, and its parts as [kind, text]."""
    figures = pair.figures
    return {
        "id": figures.id,
        "tokens_original": figures.tokens_original,
        "tokens_kept": figures.tokens_kept,
        "realized_ratio": figures.realized_ratio,
        "target_ratio": figures.target_ratio,
        "flags": list(figures.flags),
        "measures": dict(figures.measures),
        "gauges": dict(figures.gauges),
        "question": pair.question,
        "answer": pair.answer,
        "gold": pair.gold,
        "compressed": pair.compressed,
        "parts": [[part.kind, part.text] for part in pair.mark()],
    }
