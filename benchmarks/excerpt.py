"""A real trace before and after, for the README and docs/results/backbone.md.

    python benchmarks/excerpt.py limo_r1_distill_qwen_32b.jsonl --id 469 --keep 0.2 --steps sentence

Prints the beginning of the original and the whole of what is kept, side by side, as a Markdown table of one row.
"""

from __future__ import annotations

import argparse

import cotpress


def main() -> None:
    """Print one pair as a row of a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--id", required=True)
    parser.add_argument("--keep", default="auto", help="a ratio, or auto")
    parser.add_argument("--steps", default="auto")
    parser.add_argument("--criterion", default="backbone")
    parser.add_argument("--characters", type=int, default=600, help="how much of the original is shown")
    options = parser.parse_args()
    traces = [row for row in cotpress.read(options.file) if isinstance(row, cotpress.Trace) and row.id == options.id]
    method = cotpress.Method(options.criterion, steps=options.steps)
    for outcome in cotpress.compress(traces, method, keep=options.keep):
        before = outcome.trace.reasoning
        cut = before[: options.characters] + (" …" if len(before) > options.characters else "")
        print(f"`{outcome.trace.id}`, realized {outcome.realized_ratio:.2f}\n\n| before | after |\n|---|---|")
        print(f"| {format_cell(cut)} | {format_cell(outcome.text)} |")


def format_cell(text: str) -> str:
    """The text as one cell: lines joined by a break, what Markdown would read as a mark escaped."""
    escaped = text.strip().replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
    return "<br>".join(line for line in escaped.replace("$", "\\$").splitlines() if line.strip())


if __name__ == "__main__":
    main()
