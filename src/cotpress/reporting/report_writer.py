"""The report of a study: figures, tables and a page, written to a folder."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from cotpress.analysis.advice import StudyModels
from cotpress.errors import OptionError
from cotpress.reporting.figures import FIGURES, build_figures
from cotpress.reporting.page import ReportOverview, render_page
from cotpress.reporting.page_assets import encode_script_json
from cotpress.reporting.rendered_figures import RenderedFigure, fit_figures, render_figure
from cotpress.reporting.report_tables import (
    TABLE_FORMATS,
    ReportTable,
    build_page_data,
    build_report_tables,
    format_parquet,
)
from cotpress.reporting.results import AnalysisResults, analyze_tables
from cotpress.reporting.svg_composition import compose_svg
from cotpress.reporting.trace_browser import build_browser_data
from cotpress.reporting.trace_gauges import describe_gauges
from cotpress.reporting.vega_lite import render_png
from cotpress.storage import write_atomically
from cotpress.tables import StudyTables

MAX_FIGURE_CHARACTERS = 2_000_000  # characters of the page; the page stays under 5 MB
MAX_TRACE_CHARACTERS = 1_500_000
MAX_TABLE_ROWS = 1000


def build_report(
    tables: StudyTables, output: Path, *, title: str, sample: int = 12, models: StudyModels | None = None
) -> Path:
    """Write a study's report and return the path of its page.

    Args:
        tables: the tables of the study.
        output: a folder. It receives `report.html`, which needs no other file and no network, `figures/` (SVG and PNG)
            and `tables/` (Parquet, CSV, Markdown and LaTeX).
        title: the title of the page.
        sample: how many traces the page carries at most, chosen from all conditions.
        models: what the study measured with (`read_study_models`), for the commands that the page advises.

    Raises:
        OptionError: the sample is below 0.
        OutputError: the folder cannot be written.
        MissingExtraError: a library of the extra `study` is not installed.

    >>> from cotpress.tables import build_study_tables
    >>> build_report(build_study_tables({}), Path("page"), title="Nothing yet").name
    'report.html'
    """
    return write_report(tables, analyze_tables(tables, models), output, title, sample)


def write_report(tables: StudyTables, results: AnalysisResults, output: Path, title: str, sample: int) -> Path:
    """The report of results that are there already; as `build_report`."""
    if sample < 0:
        raise OptionError(f"A sample of {sample} traces is not possible.", "Give a whole number from 0 up.")
    sheets, figures = build_report_tables(results), _render_figures(results)
    _write_tables(sheets, output / "tables")
    _write_figures(figures, output / "figures")
    traces = build_browser_data(tables, sample, MAX_TRACE_CHARACTERS, lambda entry: len(encode_script_json(entry)))
    shown = [build_page_data(sheet, MAX_TABLE_ROWS) for sheet in sheets]
    data = {"traces": traces, "gauges": describe_gauges(), "tables": shown}
    overview = ReportOverview(title, tables, tuple(results.verdicts), tuple(results.advice))
    page = output / "report.html"
    _write_file(page, render_page(overview, fit_figures(figures, MAX_FIGURE_CHARACTERS), data).encode())
    return page


def _render_figures(results: AnalysisResults) -> list[RenderedFigure]:
    """The figures, drawn; one of a plugin that cannot be drawn is left out with a warning."""
    drawn = (FIGURES.run_entry(figure.name, partial(render_figure, figure)) for figure in build_figures(results))
    return [figure for figure in drawn if figure is not None]


def _write_figures(figures: Iterable[RenderedFigure], folder: Path) -> None:
    """A file for each group of panels of each figure."""
    for drawn in figures:
        names: set[str] = set()
        for place, (group, pictures) in enumerate(drawn.groups.items()):
            name = "-".join(part for part in (drawn.figure.name, slugify(group)) if part)
            name = f"{name}-{place}" if name in names else name  # groups can differ in signs that no file's name has
            names.add(name)
            sheet = compose_svg(drawn.figure, group, [picture for _, picture in pictures])
            _write_file(folder / f"{name}.svg", sheet.encode())
            _write_file(folder / f"{name}.png", render_png(sheet))


def _write_tables(sheets: Iterable[ReportTable], folder: Path) -> None:
    for sheet in sheets:
        _write_file(folder / f"{sheet.name}.parquet", format_parquet(sheet))
        for ending, form in TABLE_FORMATS.items():
            _write_file(folder / f"{sheet.name}.{ending}", form(sheet).encode())


def slugify(text: str) -> str:
    """Text as a part of a file's name: letters, digits, dots and hyphens."""
    return re.sub(r"[^\w.]+", "-", text, flags=re.ASCII).strip("-.").lower()


def _write_file(path: Path, content: bytes) -> None:
    with write_atomically(path) as temporary:
        temporary.write_bytes(content)
