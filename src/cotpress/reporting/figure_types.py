"""What a figure shows, before anything is drawn: points in panels, on two axes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle
from typing import Literal

LineStyle = Literal["plain", "dashed", "dotted"]


@dataclass(frozen=True, slots=True)
class FigurePoint:
    """A measured value with its 95% interval; points of one series and style are joined by a line."""

    x: float | str
    y: float
    series: str
    low: float | None = None
    high: float | None = None
    style: LineStyle = "plain"
    tip: str = ""


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """A horizontal line at a value, with what it stands for."""

    y: float
    label: str
    style: LineStyle = "plain"


@dataclass(frozen=True, slots=True)
class FigurePanel:
    """One pair of axes. Panels of one `group` are looked at together; a figure shows one group at a time, and of it one
    `condition` of the study ("" where a panel belongs to none)."""

    title: str
    points: tuple[FigurePoint, ...]
    group: str = ""
    reference_lines: tuple[ReferenceLine, ...] = ()
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis: numbers within `domain` (None: what all panels need), or the names in `order` from left to right."""

    title: str
    domain: tuple[float, float] | None = None
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of some panels that share axes and series. `table` names the sheet with its numbers."""

    name: str
    title: str
    caption: str
    x: Axis
    y: Axis
    panels: tuple[FigurePanel, ...]
    table: str
    has_lines: bool = True
    has_diagonal: bool = False
    columns: int = 4

    @property
    def series(self) -> tuple[str, ...]:
        """The names of all series, those with a colour of their own first, the rest in order of appearance."""
        seen = dict.fromkeys(point.series for panel in self.panels for point in panel.points)
        known = [name for name in SERIES_COLOURS if name in seen]
        return (*known, *(name for name in seen if name not in SERIES_COLOURS))

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of the groups, in order of appearance."""
        return tuple(dict.fromkeys(panel.group for panel in self.panels))


# The same criterion has the same colour and shape in every figure. Colours after Okabe and Ito (2008), darkened.
SERIES_COLOURS = {
    "nll": "#0067a5",
    "entropy": "#c24e00",
    "saliency": "#00805e",
    "random": "#6b7280",
    "reflection": "#7a3fa0",
    "head": "#b0457f",
    "tail": "#8a6a00",
    "middle-out": "#1d8aa8",
    "backbone": "#0f151d",
}
# Vega names no star: this is its outline, where a circle has a radius of 1.
STAR = "M0,-1.40L0.36,-0.50L1.33,-0.43L0.60,0.20L0.83,1.13L0,0.63L-0.83,1.13L-0.60,0.20L-1.33,-0.43L-0.36,-0.50Z"
# Outlines of the same shapes, 11 by 11, for legends.
SHAPE_OUTLINES = {
    "circle": "M9 5.5a3.5 3.5 0 1 1-7 0a3.5 3.5 0 1 1 7 0Z",
    "square": "M2.5 2.5h6v6h-6Z",
    "triangle-up": "M5.5 2L9.5 9h-8Z",
    "cross": "M4.5 1.5h2v3h3v2h-3v3h-2v-3h-3v-2h3Z",
    "diamond": "M5.5 1.5L9.5 5.5L5.5 9.5L1.5 5.5Z",
    "triangle-down": "M5.5 9L9.5 2h-8Z",
    "triangle-right": "M9 5.5L2 9.5v-8Z",
    "triangle-left": "M2 5.5L9 9.5v-8Z",
    STAR: "M5.5.9L6.72 3.83L9.87 4.08L7.47 6.14L8.2 9.22L5.5 7.57L2.8 9.22L3.53 6.14L1.13 4.08L4.28 3.83Z",
}
SHAPES = tuple(SHAPE_OUTLINES)


def assign_series_marks(series: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """A colour and a shape for every series: its own where it has one, else a pair that is free.

    Where all own pairs are taken, a colour comes with another's shape: no two of up to 81 series look the same."""
    own = {name: (colour, shape) for (name, colour), shape in zip(SERIES_COLOURS.items(), SHAPES, strict=True)}
    free = [marks for name, marks in own.items() if name not in series]
    colours = list(enumerate(SERIES_COLOURS.values()))
    mixed = [(colour, SHAPES[place - turn]) for turn in range(1, len(own)) for place, colour in colours]
    turns = cycle([*free, *mixed])
    return {name: own[name] if name in own else next(turns) for name in series}
