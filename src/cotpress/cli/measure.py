"""`cotpress measure`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from cotpress.cli.read_options import ReferenceOptions

_COLUMN_HEADINGS = ("traces", "realized", "restructuring", "faithfulness", "reflective before", "after")
_REFERENCE_TITLE = "Kept of the references (95% interval over traces; random: pruned by chance to the same size)"
_REFERENCE_HEADINGS = ("output", "references", "formulas and numbers", "random", "words", "random")


def measure(
    outputs: Annotated[list[Path], Parameter(negative=())],
    /,
    *,
    compare: ReferenceOptions = ReferenceOptions(),
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
    from cotpress.analysis.output_measures import measure_output
    from cotpress.cli.console_output import print_json, print_table, print_warnings

    references = compare.read()
    figures = {str(folder): measure_output(folder, references) for folder in outputs}
    if json:
        print_json(figures)
        return
    rows = [(name, *list(measures.values())[: len(_COLUMN_HEADINGS)]) for name, measures in figures.items()]
    print_table("What was done to the traces (reflective: share of steps)", ("output", *_COLUMN_HEADINGS), rows)
    for name, measures in figures.items():
        title = f"{name}: the text, beside random pruning to the same length (cotpress gauges explains)"
        print_table(title, ("gauge", "kept", "random", "original", "better"), _list_rows(measures))
        print_warnings(measures["warnings"])
    if references is not None:
        shown = [(name, *_format_recall(measures["reference"])) for name, measures in figures.items()]
        print_table(_REFERENCE_TITLE, _REFERENCE_HEADINGS, shown)


def _list_rows(measures: Mapping[str, Any]) -> list[tuple[object, ...]]:
    """A row a gauge; those that no trace has a figure of are left out."""
    from cotpress.gauges import GAUGES

    return [
        (
            name,
            *(_format_figure(means[figure]) for figure in ("compressed", "random", "original")),
            "-" if name not in GAUGES else "higher" if GAUGES[name].higher_is_better else "lower",
        )
        for name, means in measures["gauges"].items()
        if means["traces"]
    ]


def _format_figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _format_recall(recall: Mapping[str, Any]) -> list[Any]:
    entries = [recall["traces"]]
    for kind in ("formal", "words"):
        figures = recall[kind]
        if figures is None:
            entries += ["-", "-"]
        else:
            interval = f"{figures['recall']:.3f} [{figures['low']:.3f}, {figures['high']:.3f}]"
            entries += [interval, f"{figures['random']:.3f}"]
    return entries
