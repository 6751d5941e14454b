"""How results look on standard output."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cotpress.cli.display.control_characters import escape_controls
from cotpress.cli.display.text_columns import share_width
from cotpress.cli.help import print_folded
from cotpress.codes import explain_code
from cotpress.errors import EXIT_NOTHING_LEFT
from cotpress.number_formatting import count_noun, inflect
from cotpress.traces.sample_warnings import NO_QUESTION

MAX_NAMED_REASONS = 3
MIN_PIPED_COLUMNS = 100  # of a table that goes to a file or another program
_COLUMN_FRAME = 3  # characters about a column: a space on both sides and a line
MIN_HINTED_SHARE = 0.1  # of the traces that were cut finer than asked for, to be worth a hint
MAX_UNDERSHOOT = 0.9  # realized / target ratio, below which there is a hint


def print_json(data: Mapping[str, Any]) -> None:
    """One JSON object, for programs."""
    print(json.dumps(data, indent=2, ensure_ascii=False))


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table whose numbers stand to the right. Where a terminal is too narrow for it, a block of lines a row."""
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = max(console.width, MIN_PIPED_COLUMNS)
    texts = [[_format_value(value) for value in row] for row in rows]
    widths = share_width([columns, *texts], console.width - _COLUMN_FRAME * len(columns) - 1)
    if widths is None:
        console.print(Text(title, "italic"))
        print_blocks(console, columns, texts)
        return
    table = Table(title=title, title_justify="left")
    for number, (column, width) in enumerate(zip(columns, widths, strict=True)):
        numeric = bool(rows) and isinstance(rows[0][number], int | float)
        table.add_column(column, justify="right" if numeric else "left", width=width)
    for row in texts:
        table.add_row(*row)
    console.print(table)


def print_blocks(console: Console, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """What a row is called on a line of its own, each of its other values with its column's name below."""
    for name, *values in rows:
        console.print(Text(name, "bold"))
        for column, value in zip(columns[1:], values, strict=True):
            if value:
                print_folded(console, f"{column}: {value}", "  ")


def print_run_result(
    summary: Mapping[str, Any], output: Path | str, as_json: bool, warnings: Sequence[str] = ()
) -> int:
    """Tell what a run did, for people or for programs; the exit code, 3 where nothing was compressed.

    Args:
        summary: the content of its summary.json.
        output: its folder, or URL.
        as_json: whether a program reads it.
        warnings: what to warn of besides what the summary has.
    """
    if as_json:
        print_json(summary)
    else:
        print_summary(summary, output)
    print_warnings([*summary["warnings"], *warnings])
    if not summary["compressed"]:
        print_rejection_reasons(summary["rejected_reasons"], read_first_rejects(output))
    return 0 if summary["compressed"] else EXIT_NOTHING_LEFT


def print_rejection_reasons(reasons: Mapping[str, int], examples: Mapping[str, str]) -> None:
    """Why no row could be used, on standard error: the commonest reasons, each with what it means and an example.

    Args:
        reasons: how many rows were rejected for each reason.
        examples: what was said of the first row that was rejected for a reason.
    """
    if not reasons:
        return
    print(f"cotpress: none of the {count_noun(sum(reasons.values()), 'row')} could be used:", file=sys.stderr)
    for reason, count in sorted(reasons.items(), key=lambda item: -item[1])[:MAX_NAMED_REASONS]:
        said = examples.get(reason) or explain_code(reason)
        print(f"  {count} {reason}: {escape_controls(said)}", file=sys.stderr)


def read_first_rejects(output: Path | str) -> dict[str, str]:
    """For each reason what is said of the first reject of a finished output, with its place."""
    try:
        lines = (Path(output) / "rejected.jsonl").read_text("utf-8").splitlines()
    except OSError:
        return {}  # a URL, or shards
    first: dict[str, str] = {}
    for row in map(json.loads, lines):
        place = f"line {row['line']} of {row['source']}: " if row["line"] else ""
        first.setdefault(row["reason"], place + row["detail"])
    return first


def print_warnings(warnings: Sequence[str]) -> None:
    """Print on standard error what is wrong with the texts of a finished run."""
    for line in warnings:
        print(f"warning: {line}", file=sys.stderr)


def print_summary(summary: Mapping[str, Any], output: Path | str) -> None:
    """What a run did, in a few lines, with what to look at next."""
    before, after = summary["tokens_original"], summary["tokens_kept"]
    print(
        f"{summary['compressed']:,} of {count_noun(summary['traces'], 'trace')} compressed, "
        f"{summary['rejected']} rejected"
    )
    if summary["compressed"]:
        ratio = summary["realized_ratio"]
        print(
            f"{before:,} -> {count_noun(after, 'token')} ({summary['counted_with']}), realized ratio {ratio:.3f}"
            f"{format_request(summary)}"
        )
    _print_budgets(summary.get("budgets"), summary["target_ratio"])
    _print_rewriting_figures(summary)
    _print_conversations(summary.get("conversations"))
    if summary["rejected_reasons"]:
        print("rejected: " + ", ".join(f"{count:,} {reason}" for reason, count in summary["rejected_reasons"].items()))
    for flag, count in summary["flags"].items():
        print(f"flagged: {count:,} {f'{flag} - {explain_code(flag)}' if explain_code(flag) else flag}")
    for hint in find_hints(summary):
        print(f"hint: {hint}")
    print(f"written to {output} in {summary['seconds']:.1f} s")
    if "://" not in str(output) and summary["traces"]:
        look = f"cotpress show {shlex.quote(str(output))}"
        places = [f"look at it: {look}"] * bool(summary["compressed"])
        places += [f"{'at' if places else 'look at'} what was rejected: {look} --rejected"] * bool(summary["rejected"])
        print("; ".join(places))


def find_hints(summary: Mapping[str, Any]) -> list[str]:
    """What to try next, by what became of the traces.

    Args:
        summary: the content of a summary.json.

    >>> find_hints({"compressed": 9, "flags": {}, "rejected_reasons": {"call-failed": 1}, "target_ratio": None})
    ['calls failed for good; the same command with --force asks for those alone']
    """
    flags, reasons, compressed = summary["flags"], summary["rejected_reasons"], summary["compressed"]
    auto = _name_auto(summary.get("method", {}).get("method", {}))
    hints = [*_find_missing_replies(summary), *_find_missing_fields(summary)]
    if twice := reasons.get("duplicate-id"):
        has = "has" if twice == 1 else "have"
        hints.append(f"{count_noun(twice, 'row')} {has} the id of another; --id auto numbers the rows instead")
    if lost := reasons.get("needs-same-shape"):
        hints.append(f"{count_noun(lost, 'trace')} are of rows with several turns or calls; --export same keeps them")
    if reasons.get("call-failed"):
        hints.append("calls failed for good; the same command with --force asks for those alone")
    if left := reasons.get("nothing-left", 0):
        hints.append(
            f"nothing of {count_noun(left, 'trace')} fits the budget; {auto} keeps what each trace needs, and "
            "--allow-empty keeps the answers alone"
        )
    if flags.get("empty"):
        hints.append(
            f"{count_noun(flags['empty'], 'trace')} train the answer alone; leave --allow-empty out to drop them"
        )
    cut_finer = sum(flags.get(name, 0) for name in ("finer-steps", "single-units", "left-whole"))
    if cut_finer >= MIN_HINTED_SHARE * max(1, compressed):
        hints.append(
            f"{count_noun(cut_finer, 'trace')} have too few whole steps for this budget; {auto} keeps what each "
            "trace needs, --shortfall whole leaves such traces whole, --shortfall accept keeps the steps that fit"
        )
    target, ratio = summary["target_ratio"], summary.get("realized_ratio")
    if target and ratio is not None and ratio < MAX_UNDERSHOOT * target:
        hints.append(
            "far less is kept than was asked for, as the next whole step often does not fit; --shortfall finer cuts "
            "such traces finer, --fill packs later steps, --steps sentence makes steps smaller"
        )
    return hints


def _name_auto(method: Mapping[str, Any]) -> str:
    """The options that keep what each trace needs, which takes a criterion that knows it."""
    return "--keep auto" if method.get("criterion", "backbone") == "backbone" else "--criterion backbone --keep auto"


def _find_missing_replies(summary: Mapping[str, Any]) -> list[str]:
    """A hint where reasoning is put between tags and no field was read as the reply behind them."""
    roles = [found["roles"] for found in summary.get("recognised", ()) if found.get("format") == "columns"]
    tagged = "," in summary.get("method", {}).get("style", {}).get("think", "")
    if not (tagged and roles) or any(role.startswith("answer=") for role in ", ".join(roles).split(", ")):
        return []
    return [
        "no field was read as the reply, so nothing stands behind the closing tag: a student learns to stop there; "
        "--answer FIELD names it, and without --think the reasoning is the reply"
    ]


def _find_missing_fields(summary: Mapping[str, Any]) -> list[str]:
    """Hints where no file asks a question, and where answers were to be compared with gold ones that are not there."""
    read = [found for found in summary.get("recognised", ()) if found.get("roles")]
    hints = []
    if read and summary["compressed"] and all(_asks_nothing(found) for found in read):
        hints.append(
            "no question was found, so the prompts of the training set are empty; --question FIELD names it, "
            "--join FILE adds it by id"
        )
    if read and summary.get("method", {}).get("drop_wrong") and not any("gold=" in found["roles"] for found in read):
        hints.append("--drop-wrong has dropped nothing, as no gold answer was found; --gold FIELD names it")
    return hints


def _asks_nothing(found: Mapping[str, Any]) -> bool:
    return any(line.startswith(NO_QUESTION) for line in found.get("warnings", ()))


def format_request(summary: Mapping[str, Any]) -> str:
    """What was asked for, in brackets; "" where it is not one ratio, and not auto."""
    if summary["target_ratio"] is not None:
        return f" (target {summary['target_ratio']:g})"
    budget = summary["method"].get("budget", {})
    return f" (auto, coverage {budget['coverage']:g})" if "auto" in budget.get("keep", ()) else ""


def _print_budgets(budgets: Mapping[str, Any] | None, plain: float) -> None:
    """What budgets by difficulty came to, and how many traces had none."""
    if budgets is None:
        return
    low, high = budgets["easiest"], budgets["hardest"]
    if low is None:
        print("budgets by difficulty: no trace has one; see --budget-by in cotpress compress --help")
    else:
        print(
            f"budgets by difficulty: keep {low['keep']:.3f} at {low['difficulty']:.2f} (easiest) to {high['keep']:.3f} "
            f"at {high['difficulty']:.2f} (hardest)"
        )
    print(
        f"difficulty of {count_noun(budgets['stated'], 'trace')} in a column, of {budgets['computed']:,} by samples of "
        f"{count_noun(budgets['questions'], 'question')}; {budgets['without']:,} without one got the plain {plain:g}"
    )


def _print_rewriting_figures(summary: Mapping[str, Any]) -> None:
    """What only rewriting has: figures of what was written, and what it took."""
    if "measures" in summary:
        print(", ".join(f"{name} {value:.3f}" for name, value in summary["measures"].items()))
    if "calls" in summary:
        calls = summary["calls"]
        tokens = f"{count_noun(calls['prompt_tokens'], 'token')} sent, {calls['completion_tokens']:,} written"
        cost = f", ${calls['cost']:.4f}" if "cost" in calls else ""
        answers = count_noun(calls["asked"], "answer")
        print(f"{answers} ({calls['cached']} from the cache, {calls['failed_checks']} not accepted)")
        print(f"{tokens}{cost}")


def _print_conversations(counts: Mapping[str, int] | None) -> None:
    if counts:
        print(
            f"{count_noun(counts['read'], 'row')} of several traces, {counts['turns']:,} in all: "
            f"{counts['compressed']} compressed, {counts['partly']} partly, {counts['rejected']} rejected"
        )


def print_estimate(foreseen: Mapping[str, Any]) -> None:
    """What a run would ask and cost."""
    tokens = f"{count_noun(foreseen['prompt_tokens'], 'token')} sent, about {foreseen['completion_tokens']:,} written"
    stored = f"{count_noun(foreseen['cached'], 'answer')} {inflect(foreseen['cached'], 'is', 'are')} stored already"
    print(f"{count_noun(foreseen['traces'], 'trace')}; {stored}")
    if foreseen.get("in_batches"):
        print(f"{count_noun(foreseen['in_batches'], 'request')} in batches that an earlier run sent")
    print(f"{count_noun(foreseen['calls'], 'call')}, {foreseen['calls_at_most']:,} at most if drafts are not accepted")
    print(f"{tokens} (counted with {foreseen['counted_with']})")
    price = "give --price INPUT,OUTPUT to know the cost"
    print(price if foreseen["cost"] is None else f"${foreseen['cost']:.4f}")


def _format_value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
