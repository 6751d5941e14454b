"""Tables of a report: a data frame with what its columns mean, and its forms on paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cotpress.report.rows import rows_of


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A table: `main` names the column that `low` and `high` are the interval of."""

    name: str
    title: str
    caption: str
    main: str
    frame: Any

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns shown; the ends of intervals stand in the column that they belong to."""
        return tuple(str(name) for name in self.frame.columns if not self._is_end(str(name)))

    def ends(self, column: str) -> tuple[str, str] | None:
        """The columns with the interval of a column, None where there is none."""
        low, high = ("low", "high") if column == self.main else (f"{column}_low", f"{column}_high")
        return (low, high) if {low, high} <= set(self.frame.columns) else None

    def cells(self) -> list[list[Any]]:
        """The rows: a cell is a value, or (value, low, high)."""
        pairs = [(column, self.ends(column)) for column in self.columns]
        return [
            [row[column] if ends is None else (row[column], row[ends[0]], row[ends[1]]) for column, ends in pairs]
            for row in rows_of(self.frame)
        ]

    def _is_end(self, column: str) -> bool:
        owner, _, end = column.rpartition("_")
        return end in ("low", "high") and (owner or self.main) in self.frame.columns


def written(cell: Any) -> str:
    """A cell as people read it: "0.713 [0.650, 0.771]"; nothing where there is no value."""
    if isinstance(cell, tuple):
        value, low, high = (written(part) for part in cell)
        return f"{value} [{low}, {high}]" if low and high else value
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return f"{cell:.3f}" if abs(cell) < 1000 else f"{cell:,.0f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def heading(column: str) -> str:
    """A column's name as people read it."""
    return column.replace("_", " ")


def as_csv(sheet: Sheet) -> str:
    """All columns with full precision, for programs."""
    text: str = sheet.frame.to_csv(index=False, lineterminator="\n")
    return text


def as_markdown(sheet: Sheet) -> str:
    """A pipe table; pipes and line breaks in text are escaped."""
    lines = [[heading(column) for column in sheet.columns], ["---" for _ in sheet.columns]]
    lines += [[written(cell) for cell in row] for row in sheet.cells()]
    return "".join(f"| {' | '.join(_piped(text) for text in line)} |\n" for line in lines)


def as_latex(sheet: Sheet) -> str:
    """A longtable with booktabs rules; special characters are escaped."""
    head = " & ".join(_tex(heading(column)) for column in sheet.columns)
    body = [" & ".join(_tex(written(cell)) for cell in row) for row in sheet.cells()]
    lines = [
        f"\\begin{{longtable}}{{{'l' * len(sheet.columns)}}}",
        f"\\caption{{{_tex(sheet.title)}}}\\\\",
        "\\toprule",
        f"{head} \\\\",
        "\\midrule",
        "\\endhead",
        *(f"{line} \\\\" for line in body),
        "\\bottomrule",
        "\\end{longtable}",
    ]
    return "\n".join(lines) + "\n"


FORMS: Final[Mapping[str, Callable[[Sheet], str]]] = {"csv": as_csv, "md": as_markdown, "tex": as_latex}


def for_page(sheet: Sheet, rows: int) -> dict[str, Any]:
    """The sheet as data for the page, with at most so many rows; figures have five digits."""
    cells = sheet.cells()
    return {
        "name": sheet.name,
        "title": sheet.title,
        "caption": sheet.caption,
        "columns": [heading(column) for column in sheet.columns],
        "rows": [[_short(cell) for cell in row] for row in cells[:rows]],
        "total": len(cells),
    }


_TEX: Final = {
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    "\n": " ",
}


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in text)


def _piped(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace("|", "\\|").split())


def _short(cell: Any) -> Any:
    if isinstance(cell, tuple):
        return [_short(part) for part in cell]
    return float(f"{cell:.5g}") if isinstance(cell, float) else cell
