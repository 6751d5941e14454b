"""`cotpress measure`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from cotpress.cli.options.pruning_options import REPEATABLE
from cotpress.cli.options.reference_options import ReferenceOptions

if TYPE_CHECKING:
    from cotpress.gauges import Gauge

_COLUMN_HEADINGS = ("traces", "realized", "restructuring", "faithfulness", "reflective before", "after")
_GAUGES_TITLE = (
    "the text, beside random pruning to the same length (warning: clearly worse than random, or past a bound; "
    "cotpress gauges explains)"
)
_GAUGES_HEADINGS = ("gauge", "kept", "random", "original", "better", "warning")
_REFERENCE_TITLE = "Kept of the references (95% interval over traces; random: pruned by chance to the same size)"
_REFERENCE_HEADINGS = ("output", "references", "formulas and numbers", "random", "words", "random")


def measure(
    *outputs: Annotated[Path, Parameter(required=True)],
    compare: ReferenceOptions = ReferenceOptions(),
    gauge: Annotated[tuple[str, ...], REPEATABLE, Parameter(metavar="MODULE:FUNCTION")] = (),
    json: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """Say what finished outputs did to their traces, side by side: pruned or rewritten, the same figures.

    Parameters
    ----------
    outputs
        Output folders of compress or rewrite.
    gauge
        A gauge of your own, measured now: a function of a file in this folder; repeated for several.
    json
        Print the figures as JSON on standard output.
    """
    from cotpress.analysis.output_measures import measure_output
    from cotpress.cli.display.console_output import print_json, print_table, print_warnings
    from cotpress.gauges import GAUGES

    references = compare.read()
    own = {name: GAUGES.get_entry(name) for name in gauge}
    figures = {str(folder): measure_output(folder, references, own) for folder in outputs}
    if json:
        print_json(figures)
        return
    rows = [(name, *list(measures.values())[: len(_COLUMN_HEADINGS)]) for name, measures in figures.items()]
    print_table("What was done to the traces (reflective: share of steps)", ("output", *_COLUMN_HEADINGS), rows)
    for name, measures in figures.items():
        print_table(f"{name}: {_GAUGES_TITLE}", _GAUGES_HEADINGS, _list_rows(measures, {**GAUGES, **own}))
        print_warnings([f"{name}: {line}" if len(figures) > 1 else line for line in measures["warnings"]])
    if references is not None:
        shown = [(name, *_format_recall(measures["reference"])) for name, measures in figures.items()]
        print_table(_REFERENCE_TITLE, _REFERENCE_HEADINGS, shown)


def _list_rows(measures: Mapping[str, Any], gauges: Mapping[str, Gauge]) -> list[tuple[object, ...]]:
    """A row a gauge; those that no trace has a figure of are left out."""
    from cotpress.pipeline.output import mark_warned_gauges

    marks = mark_warned_gauges(measures["gauges"], measures["warnings"], gauges)
    return [
        (
            name,
            *(_format_figure(means[figure]) for figure in ("compressed", "random", "original")),
            "-" if name not in gauges else "higher" if gauges[name].higher_is_better else "lower",
            marks.get(name, "-"),
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
