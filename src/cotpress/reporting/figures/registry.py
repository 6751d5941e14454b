"""Which figures a report has: those that come with cotpress, in their order, then those of plugins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from cotpress.deprecation import rename_fields
from cotpress.errors import OptionError
from cotpress.registry import Registry, first_line
from cotpress.reporting.figure_types import Figure, LineStyle
from cotpress.reporting.frame_rows import FrameRow
from cotpress.reporting.results import AnalysisResults

SHARE_DOMAIN: Final = (0.0, 1.0)
PROTECTION_NOTE: Final = "Dashed and hollow: symbols protected."
BuildFigure = Callable[[AnalysisResults], Figure]


@rename_fields(source="published_in")
@dataclass(frozen=True, slots=True)
class FigureBuilder:
    """A figure by its name, and the function that makes it from what analysis found."""

    name: str
    build: BuildFigure
    published_in: str = ""

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        return first_line(self.build)


def _adapt_figure(name: str, entry: Any) -> FigureBuilder:
    if isinstance(entry, FigureBuilder):
        return entry
    if not callable(entry):
        raise OptionError(
            f"The figure '{name}' is a {type(entry).__name__}.",
            "Give a function of AnalysisResults that makes a Figure.",
        )
    return FigureBuilder(name, entry)


FIGURES: Final = Registry[FigureBuilder]("figure", "cotpress.figures", "cotpress.reporting.figures", _adapt_figure)


def register_figure(name: str) -> Callable[[BuildFigure], BuildFigure]:
    """Add the decorated function as the figure of that name."""

    def register(build: BuildFigure) -> BuildFigure:
        FIGURES.add(name, FigureBuilder(name, build))
        return build

    return register


def build_figures(results: AnalysisResults) -> tuple[Figure, ...]:
    """All figures that have something to show, each under its name in the registry.

    Where the figure of a plugin cannot be built, a warning says so and the others are built.

    >>> from cotpress.reporting.results import analyze_tables
    >>> from cotpress.tables import build_study_tables
    >>> build_figures(analyze_tables(build_study_tables({})))
    ()
    """
    figures = (FIGURES.run_entry(name, partial(_build_figure, FIGURES[name], results)) for name in FIGURES)
    return tuple(figure for figure in figures if figure is not None and figure.panels)


def _build_figure(builder: FigureBuilder, results: AnalysisResults) -> Figure:
    figure = builder.build(results)
    if not isinstance(figure, Figure):
        raise TypeError(f"it gives a {type(figure).__name__}, not a Figure")
    return replace(figure, name=builder.name)


def choose_line_style(row: FrameRow) -> LineStyle:
    """Dashed where symbols were protected."""
    return "dashed" if row["symbols"] else "plain"
