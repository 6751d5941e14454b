"""Panels put together on one sheet, with the figure's title and legend: what is written to a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from cotpress.reporting.figure_types import SHAPE_OUTLINES, Figure, assign_series_marks
from cotpress.reporting.vega_lite import MUTED_COLOUR, TEXT_COLOUR

_GAP_PIXELS, _LETTER_PIXELS = 16.0, 6.2  # pixels; a letter's width is an upper estimate at 11 pixels


def compose_svg(figure: Figure, group: str, pictures: Sequence[str]) -> str:
    """One SVG document of the panels' SVG documents, in as many columns as the figure has."""
    sizes = [_read_size(picture) for picture in pictures]
    wide, high = max(width for width, _ in sizes) + _GAP_PIXELS, max(height for _, height in sizes) + _GAP_PIXELS
    columns = min(figure.columns, len(pictures))
    width = max(columns * wide + _GAP_PIXELS, 480.0)
    key, top = _draw_legend(figure, width)
    parts = []
    for place, (picture, (own_width, own_height)) in enumerate(zip(pictures, sizes, strict=True)):
        x, y = _GAP_PIXELS + place % columns * wide, top + place // columns * high
        parts.append(_place_picture(picture, x, y, own_width, own_height))
    height = top + -(-len(pictures) // columns) * high
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" font-family="sans-serif" font-size="11" fill="{TEXT_COLOUR}">'
        f'<rect width="100%" height="100%" fill="white"/>'
        f'<text x="{_GAP_PIXELS:g}" y="26" font-size="14" font-weight="600">{escape(figure.title)}'
        f'<tspan dx="12" font-weight="400" fill="{MUTED_COLOUR}">{escape(group)}</tspan></text>'
        f"{key}{''.join(parts)}</svg>"
    )


def _draw_legend(figure: Figure, width: float) -> tuple[str, float]:
    """The series with their marks, in lines; and where what is below may begin."""
    x, y, parts = _GAP_PIXELS, 40.0, []
    for name, (colour, shape) in assign_series_marks(figure.series).items():
        room = 16 + _LETTER_PIXELS * len(name) + 14
        if x > _GAP_PIXELS and x + room > width:
            x, y = _GAP_PIXELS, y + 18
        mark = f'<path d="{SHAPE_OUTLINES[shape]}" fill="{colour}"/><text x="16" y="9.5">{escape(name)}</text>'
        parts.append(f'<g transform="translate({x:g},{y:g})">{mark}</g>')
        x += room
    return "".join(parts), y + 28


def _place_picture(picture: str, x: float, y: float, width: float, height: float) -> str:
    """An SVG document as a part of another one."""
    head, _, rest = picture.partition(">")
    box = re.search(r' viewBox="[^"]*"', head)
    return f'<svg x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"{box[0] if box else ""}>{rest}'


def _read_size(picture: str) -> tuple[float, float]:
    """Width and height of an SVG document."""
    head = picture[: picture.index(">")]
    matches = [re.search(rf'\b{name}="([\d.]+)"', head) for name in ("width", "height")]
    width, height = (float(match[1]) if match else 0.0 for match in matches)
    return width, height
