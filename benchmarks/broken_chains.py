"""How often a rewrite by the rules calculates with a number that the original works out and the rewrite does not.

    python benchmarks/broken_chains.py [--limit 60] [--levels edit replace] [--data ../shared/data]

GSM8K alone: its solutions are equations with whole numbers. A number counts where it stands left of an equals sign, is
the result of an equation of the original, is not in the question, and has not been in the rewrite before. Some
originals have such numbers themselves, as the count reads them ("14 percent, because 100 + 14 = 114"): the last column
leaves out the rewrites of those.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from cotpress import Compressed, Trace, read, rewrite
from rewriting import FILES

_MARK = re.compile(r"<<[^<>\n]{0,200}>>")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_RESULT = re.compile(r"=\s*\$?(\d+(?:\.\d+)?)")
_STATEMENT = re.compile(r"[;\n]|(?<=\D)\.\s")


def clean(text: str) -> str:
    """The text without marks of a calculator and commas in numbers."""
    return _MARK.sub("", text.replace(",", ""))


def count_missing(trace: Trace, text: str) -> int:
    """Numbers that the rewrite calculates with and that nothing in it gives.

    >>> count_missing(Trace("1", "", "2 + 3 = 5. 5 * 4 = 20."), "5 * 4 = 20.")
    1
    """
    made, known = set(_RESULT.findall(clean(trace.reasoning))), set(_NUMBER.findall(clean(trace.question)))
    missing = 0
    for statement in _STATEMENT.split(clean(text)):
        taken = set(_NUMBER.findall(statement.partition("=")[0])) if "=" in statement else set()
        missing += len((taken & made) - known)
        known |= set(_NUMBER.findall(statement))
    return missing


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=60)
    parser.add_argument("--levels", nargs="+", default=["edit", "replace"])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    options = parser.parse_args()
    rows = read(options.data / "traces" / FILES["GSM8K"][0])
    traces = [row for row in rows if isinstance(row, Trace)][: options.limit]
    head = "| level | keep | rewrites | on budget | with a number from nowhere | and the original has none |"
    print(f"{head}\n|---|---|---|---|---|---|")
    for level in options.levels:
        for keep in (0.7, 0.5, 0.3):
            made = [one for one in rewrite(traces, level, keep=keep) if isinstance(one, Compressed)]
            broken = [one.trace for one in made if count_missing(one.trace, one.text)]
            new = sum(not count_missing(trace, trace.reasoning) for trace in broken)
            near = sum(not one.flags for one in made)
            counts = f"{near} | {len(broken)} ({len(broken) / len(made):.0%}) | {new} ({new / len(made):.0%})"
            print(f"| {level} | {keep} | {len(made)} | {counts} |", flush=True)


if __name__ == "__main__":
    main()
