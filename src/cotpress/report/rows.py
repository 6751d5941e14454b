"""Rows of a data frame as points of a figure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from cotpress.report.panel import Panel, Point, Style

Row = Mapping[str, Any]


def rows_of(frame: Any) -> list[dict[str, Any]]:
    """The rows of a data frame as dictionaries; missing values become None."""
    rows: list[dict[str, Any]] = frame.to_dict("records")
    return [{key: None if _missing(value) else value for key, value in row.items()} for row in rows]


def panels_of(
    rows: Iterable[Row], by: Sequence[str], group: Sequence[str], points: Callable[[Row], Iterable[Point]]
) -> tuple[Panel, ...]:
    """A panel for each combination of the `by` columns within each combination of the `group` columns."""
    found: dict[tuple[str, str], list[Point]] = {}
    for row in rows:
        found.setdefault((told(row, group), told(row, by)), []).extend(points(row))
    return tuple(Panel(title, tuple(held), named) for (named, title), held in found.items() if held)


def told(row: Row, columns: Sequence[str]) -> str:
    """The row's values in some columns, for people: "math-long, step"."""
    return ", ".join(str(row[name]) for name in columns if row.get(name) not in (None, ""))


def point_of(row: Row, x: str, y: str, series: str, style: Style = "plain") -> Iterator[Point]:
    """The row's point, none where a value is missing; `low` and `high` are the interval of `y`."""
    if row.get(x) is None or row.get(y) is None:
        return
    low, high = row.get("low"), row.get("high")
    interval = f" [{low:.3f}, {high:.3f}]" if low is not None and high is not None else ""
    across = row[x] if isinstance(row[x], str) else f"{row[x]:.3g}"
    tip = f"{series}: {y.replace('_', ' ')} {row[y]:.3f}{interval} at {x.replace('_', ' ')} {across}"
    yield Point(row[x], row[y], series, low, high, style, tip)


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value)) or type(value).__name__ == "NAType"
