"""The report of a study: figures, tables and a page, written to a folder."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from cotpress.errors import OptionError
from cotpress.report.browsing import browsable
from cotpress.report.composing import composed
from cotpress.report.drawing import png
from cotpress.report.drawn import Drawn, drawn, fitted
from cotpress.report.embedding import embedded_json
from cotpress.report.figures import figures_of
from cotpress.report.page import Overview, page_of
from cotpress.report.results import Results, analysed
from cotpress.report.sheet import FORMS, Sheet, for_page
from cotpress.report.sheets import sheets_of
from cotpress.store import writing
from cotpress.tables import Tables

FIGURE_ROOM = 2_000_000  # characters of the page; the page stays under 5 MB
TRACE_ROOM = 1_500_000
TABLE_ROWS = 1000


def build_report(tables: Tables, output: Path, *, title: str, sample: int = 12) -> Path:
    """Write a study's report and return the path of its page.

    `output` receives `report.html`, which needs no other file and no network, `figures/` (SVG and PNG) and `tables/`
    (CSV, Markdown and LaTeX). The page carries at most `sample` traces, chosen from all conditions.

    Raises:
        OptionError: the sample is below 0.
        OutputError: the folder cannot be written.
        MissingExtra: a library of the extra `study` is not installed.
    """
    return write_report(tables, analysed(tables), output, title, sample)


def write_report(tables: Tables, results: Results, output: Path, title: str, sample: int) -> Path:
    """The report of results that are there already; as `build_report`."""
    if sample < 0:
        raise OptionError(f"A sample of {sample} traces is not possible.", "Give a whole number from 0 up.")
    sheets, figures = sheets_of(results), [drawn(figure) for figure in figures_of(results)]
    _write_sheets(sheets, output / "tables")
    _write_figures(figures, output / "figures")
    traces = browsable(tables, sample, TRACE_ROOM, lambda entry: len(embedded_json(entry)))
    data = {"traces": traces, "tables": [for_page(sheet, TABLE_ROWS) for sheet in sheets]}
    overview = Overview(title, tables, tuple(results.verdicts))
    page = output / "report.html"
    _write(page, page_of(overview, fitted(figures, FIGURE_ROOM), data).encode())
    return page


def _write_figures(figures: Iterable[Drawn], folder: Path) -> None:
    """A file for each group of panels of each figure."""
    for one in figures:
        names: set[str] = set()
        for place, (group, pictures) in enumerate(one.groups.items()):
            name = "-".join(part for part in (one.figure.name, slug(group)) if part)
            name = f"{name}-{place}" if name in names else name  # groups can differ in signs that no file's name has
            names.add(name)
            sheet = composed(one.figure, group, [picture for _, picture in pictures])
            _write(folder / f"{name}.svg", sheet.encode())
            _write(folder / f"{name}.png", png(sheet))


def _write_sheets(sheets: Iterable[Sheet], folder: Path) -> None:
    for sheet in sheets:
        for ending, form in FORMS.items():
            _write(folder / f"{sheet.name}.{ending}", form(sheet).encode())


def slug(text: str) -> str:
    """Text as a part of a file's name: letters, digits, dots and hyphens."""
    return re.sub(r"[^\w.]+", "-", text, flags=re.ASCII).strip("-.").lower()


def _write(path: Path, content: bytes) -> None:
    with writing(path) as temporary:
        temporary.write_bytes(content)
