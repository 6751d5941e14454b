"""Rows of a data frame as points of a figure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from cotpress.reporting.figure_types import FigurePanel, FigurePoint, LineStyle

FrameRow = Mapping[str, Any]


def list_rows(frame: Any) -> list[dict[str, Any]]:
    """The rows of a data frame as dictionaries; missing values become None."""
    rows: list[dict[str, Any]] = frame.to_dict("records")
    return [{key: None if _is_missing(value) else value for key, value in row.items()} for row in rows]


def build_panels(
    rows: Iterable[FrameRow],
    by: Sequence[str],
    group: Sequence[str],
    points: Callable[[FrameRow], Iterable[FigurePoint]],
) -> tuple[FigurePanel, ...]:
    """A panel for each combination of the `by` columns within each combination of the `group` columns."""
    by_panel: dict[tuple[str, str, str], list[FigurePoint]] = {}
    for row in rows:
        key = (join_values(row, group), join_values(row, by), join_values(row, ("condition",)))
        by_panel.setdefault(key, []).extend(points(row))
    return tuple(
        FigurePanel(title, tuple(panel_points), group_name, condition=condition)
        for (group_name, title, condition), panel_points in by_panel.items()
        if panel_points
    )


def join_values(row: FrameRow, columns: Sequence[str]) -> str:
    """The row's values in some columns, for people: "math-long, step"."""
    return ", ".join(str(row[name]) for name in columns if row.get(name) not in (None, ""))


def build_points(row: FrameRow, x: str, y: str, series: str, style: LineStyle = "plain") -> Iterator[FigurePoint]:
    """The row's point, none where a value is missing; `low` and `high` are the interval of `y`."""
    if row.get(x) is None or row.get(y) is None:
        return
    low, high = row.get("low"), row.get("high")
    interval = f" [{low:.3f}, {high:.3f}]" if low is not None and high is not None else ""
    across = row[x] if isinstance(row[x], str) else f"{row[x]:.3g}"
    tip = f"{series}: {y.replace('_', ' ')} {row[y]:.3f}{interval} at {x.replace('_', ' ')} {across}"
    yield FigurePoint(row[x], row[y], series, low, high, style, tip)


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value)) or type(value).__name__ == "NAType"
