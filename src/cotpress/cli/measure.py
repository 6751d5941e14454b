"""`cotpress measure`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

_HEADS = ("traces", "realized", "restructuring", "faithfulness", "reflective before", "after")


def measure(
    outputs: Annotated[list[Path], Parameter(negative=())],
    /,
    *,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """Say what finished outputs did to their traces, side by side: pruned or rewritten, the same figures.

    Parameters
    ----------
    outputs
        Output folders of compress or rewrite.
    json
        Print the figures as JSON on standard output.
    """
    from cotpress.cli.show import print_json, print_table
    from cotpress.measuring import measure_output

    figures = {str(folder): measure_output(folder) for folder in outputs}
    if json:
        print_json(figures)
        return
    rows = [(name, *one.values()) for name, one in figures.items()]
    print_table("What was done to the traces (reflective: share of steps)", ("output", *_HEADS), rows)
