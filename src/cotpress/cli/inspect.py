"""`cotpress inspect`."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from cotpress.cli.options import ReadOptions


def inspect(
    inputs: Annotated[list[str], Parameter(negative=())],
    /,
    *,
    read: ReadOptions = ReadOptions(),
    tokenizer: str = "",
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
    from cotpress.cli.progress import progress_for
    from cotpress.cli.show import print_json, print_table
    from cotpress.inspection import inspect as look
    from cotpress.models import load_counter
    from cotpress.pipeline import watched

    reading = read.reading(inputs)
    counter = load_counter(tokenizer) if tokenizer else None
    found = {"recognised": reading.recognised, **look(watched(reading, progress_for(quiet=False), "Reading"), counter)}
    if json:
        print_json(found)
        return 0
    for line in reading.announcements():
        print(line)
    print_table("", ("", "value"), [(name.replace("_", " "), _said(value)) for name, value in list(found.items())[1:]])
    return 0


def _said(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {number:,}" for name, number in value.items()) or "-"
    if isinstance(value, float):
        return f"{value:.1%}"
    return "-" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
