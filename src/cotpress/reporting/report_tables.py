"""Tables of a report: a data frame with what its columns mean, and its forms on paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from io import BytesIO
from typing import Any, Final

from cotpress.errors import import_optional
from cotpress.reporting.frame_rows import list_rows
from cotpress.reporting.results import AnalysisResults


@dataclass(frozen=True, slots=True, eq=False)
class ReportTable:
    """A table: `main_column` names the column that `low` and `high` are the interval of."""

    name: str
    title: str
    caption: str
    main_column: str
    frame: Any

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are shown. The ends of an interval stand in the column of their figure."""
        return tuple(str(name) for name in self.frame.columns if not self._is_interval_end(str(name)))

    def find_interval_columns(self, column: str) -> tuple[str, str] | None:
        """The columns with the interval of a column, None where there is none."""
        low, high = ("low", "high") if column == self.main_column else (f"{column}_low", f"{column}_high")
        return (low, high) if {low, high} <= set(self.frame.columns) else None

    def list_values(self) -> list[list[Any]]:
        """The rows: a cell is a value, or (value, low, high)."""
        pairs = [(column, self.find_interval_columns(column)) for column in self.columns]
        return [
            [row[column] if ends is None else (row[column], row[ends[0]], row[ends[1]]) for column, ends in pairs]
            for row in list_rows(self.frame)
        ]

    def _is_interval_end(self, column: str) -> bool:
        owner, _, end = column.rpartition("_")
        return end in ("low", "high") and (owner or self.main_column) in self.frame.columns


def format_value(cell: Any) -> str:
    """A cell as people read it: "0.713 [0.650, 0.771]"; nothing where there is no value."""
    if isinstance(cell, tuple):
        value, low, high = (format_value(part) for part in cell)
        return f"{value} [{low}, {high}]" if low and high else value
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return f"{cell:.3f}" if abs(cell) < 1000 else f"{cell:,.0f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def format_heading(column: str) -> str:
    """A column's name as people read it."""
    return column.replace("_", " ")


def format_parquet(sheet: ReportTable) -> bytes:
    """All columns with their types, a row an observation: for a notebook."""
    buffer = BytesIO()
    sheet.frame.to_parquet(buffer, index=False)
    return buffer.getvalue()


def format_csv(sheet: ReportTable) -> str:
    """All columns with full precision, for programs. A text that a spreadsheet would take for a formula gets a '."""
    frame = sheet.frame.map(lambda cell: f"'{cell}" if isinstance(cell, str) and cell[:1] in _FORMULA_STARTS else cell)
    text: str = frame.to_csv(index=False, lineterminator="\n")
    return text


def format_markdown(sheet: ReportTable) -> str:
    """A pipe table; pipes, line breaks and HTML in text are escaped."""
    lines = [[format_heading(column) for column in sheet.columns], ["---" for _ in sheet.columns]]
    lines += [[format_value(cell) for cell in row] for row in sheet.list_values()]
    return "".join(f"| {' | '.join(_escape_markdown(text) for text in line)} |\n" for line in lines)


def format_latex(sheet: ReportTable) -> str:
    """A longtable with booktabs rules; special characters are escaped."""
    head = " & ".join(_escape_latex(format_heading(column)) for column in sheet.columns)
    body = [" & ".join(_escape_latex(format_value(cell)) for cell in row) for row in sheet.list_values()]
    lines = [
        f"\\begin{{longtable}}{{{'l' * len(sheet.columns)}}}",
        f"\\caption{{{_escape_latex(sheet.title)}}}\\\\",
        "\\toprule",
        f"{head} \\\\",
        "\\midrule",
        "\\endhead",
        *(f"{line} \\\\" for line in body),
        "\\bottomrule",
        "\\end{longtable}",
    ]
    return "\n".join(lines) + "\n"


TABLE_FORMATS: Final[Mapping[str, Callable[[ReportTable], str]]] = {
    "csv": format_csv,
    "md": format_markdown,
    "tex": format_latex,
}


def build_page_data(sheet: ReportTable, rows: int) -> dict[str, Any]:
    """The sheet as data for the page, with at most so many rows; figures have five digits."""
    cells = sheet.list_values()
    return {
        "name": sheet.name,
        "title": sheet.title,
        "caption": sheet.caption,
        "columns": [format_heading(column) for column in sheet.columns],
        "rows": [[_round_value(cell) for cell in row] for row in cells[:rows]],
        "total": len(cells),
    }


_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_LATEX_ESCAPES: Final = {
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    "\n": " ",
}


def _escape_latex(text: str) -> str:
    return "".join(_LATEX_ESCAPES.get(sign, sign) for sign in text)


def _escape_markdown(text: str) -> str:
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")  # names come from the user's files
    return " ".join(plain.replace("\\", "\\\\").replace("|", "\\|").split())


def _round_value(cell: Any) -> Any:
    if isinstance(cell, tuple):
        return [_round_value(part) for part in cell]
    return float(f"{cell:.5g}") if isinstance(cell, float) else cell


_TABLE_DEFINITIONS: Final = (
    ("verdicts", "Findings", "effect", "Each published finding with its test on these data and what came out."),
    ("accuracy", "Accuracy", "accuracy", "Every way to shorten traces with every student; seeds pooled."),
    ("plateaus", "Plateaus", "", "How far each curve stays within 90% of the baseline, where it bends, how it falls."),
    ("restructuring", "Restructuring", "accuracy", "Rewriting by level, beside pruning at the same realized ratio."),
    ("monotonicity", "Trend over levels", "drop", "Whether accuracy falls as restructuring grows."),
    ("cost", "Cost", "", "What is saved in training and in serving."),
    (
        "gauges",
        "Gauges of the text",
        "",
        "What shortening did to the texts; cotpress gauges says what the figures mean.",
    ),
    ("agreement", "Agreement", "jaccard", "Overlap of what two criteria keep or delete, against chance."),
    ("deletions", "Deletions", "rate", "What pruning deletes, by class of unit."),
    ("redundancy", "Redundancy", "", "Reflective and duplicate steps; low and high are of kept rate - other rate."),
    ("recovery", "Recovery", "recall", "How much of the true backbone is kept, in generated traces."),
)


def build_report_tables(results: AnalysisResults) -> tuple[ReportTable, ...]:
    """All tables that have rows."""
    frames = {name: getattr(results, name) for name, *_ in _TABLE_DEFINITIONS}
    frames["verdicts"] = _build_verdict_frame(results)
    tables = (
        ReportTable(name, title, caption, main, frames[name]) for name, title, main, caption in _TABLE_DEFINITIONS
    )
    return tuple(table for table in tables if len(table.frame))


def _build_verdict_frame(results: AnalysisResults) -> Any:
    rows = [asdict(verdict) for verdict in results.verdicts if is_dataclass(verdict) and not isinstance(verdict, type)]
    return import_optional("pandas", "study").DataFrame(rows)
