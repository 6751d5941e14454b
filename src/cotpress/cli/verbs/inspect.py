"""`cotpress inspect`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from cotpress.cli.options.choices import PATHS
from cotpress.cli.options.read_options import ReadOptions
from cotpress.errors import EXIT_NOTHING_LEFT

if TYPE_CHECKING:
    from cotpress.types import Rejected, Trace

# What a name alone does not say; programs get the names.
_LABELS: Final = {"counted_with": "tokens counted with", "reflective_steps_of": "reflective steps looked for in"}


def inspect(
    *inputs: Annotated[str, Parameter(required=True), PATHS],
    read: ReadOptions = ReadOptions(),
    tokenizer: Annotated[str, PATHS] = "",
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Show what is in trace files: format, lengths, redundancy, answers.

    Parameters
    ----------
    inputs
        Files, folders, globs or Hugging Face datasets.
    tokenizer
        Tokenizer to count with: a hub id, folder, tokenizer.json or .gguf file, or an embedded model; units by default.
    json
        Print JSON.
    """
    from cotpress.analysis.inspection import inspect as look
    from cotpress.cli.display.console_output import print_json, print_rejection_reasons, print_table
    from cotpress.models import load_counter
    from cotpress.progress import track
    from cotpress.progress.display import create_progress

    reading = read.open_inputs(inputs)
    examples: dict[str, str] = {}
    counter = load_counter(tokenizer) if tokenizer else None
    statistics = {
        "recognised": reading.recognised,
        **look(_note_rejects(track(reading, create_progress(quiet=False), "Reading"), examples), counter),
    }
    code = 0 if statistics["traces"] else EXIT_NOTHING_LEFT
    if json:
        print_json(statistics)
        return code
    for line in reading.describe():
        print(line)
    print_table(
        "",
        ("", "value"),
        [
            (_LABELS.get(name, name.replace("_", " ")), _format_value(value))
            for name, value in list(statistics.items())[1:]
        ],
    )
    if code:
        print_rejection_reasons(statistics["rejected_reasons"], examples)
    return code


def _note_rejects(rows: Iterable[Trace | Rejected], examples: dict[str, str]) -> Iterator[Trace | Rejected]:
    """The rows; the first reject for each reason is noted."""
    from cotpress.types import Rejected

    for row in rows:
        if isinstance(row, Rejected):
            examples.setdefault(row.reason, f"line {row.line} of {row.source}: {row.detail}")
        yield row


def _format_value(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {number:,}" for name, number in value.items()) or "-"
    if isinstance(value, float):
        return f"{value:.1%}"
    return "-" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
