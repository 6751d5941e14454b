"""Panels put together on one sheet, with the figure's title and legend: what is written to a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from cotpress.report.drawing import INK, MUTED
from cotpress.report.panel import GLYPHS, Figure, looks

_GAP, _LETTER = 16.0, 6.2  # pixels; a letter's width is an upper estimate at 11 pixels


def composed(figure: Figure, group: str, pictures: Sequence[str]) -> str:
    """One SVG document of the panels' SVG documents, in as many columns as the figure has."""
    sizes = [_size(picture) for picture in pictures]
    wide, high = max(width for width, _ in sizes) + _GAP, max(height for _, height in sizes) + _GAP
    columns = min(figure.columns, len(pictures))
    width = max(columns * wide + _GAP, 480.0)
    key, top = _legend(figure, width)
    parts = []
    for place, (picture, (own_width, own_height)) in enumerate(zip(pictures, sizes, strict=True)):
        x, y = _GAP + place % columns * wide, top + place // columns * high
        parts.append(_placed(picture, x, y, own_width, own_height))
    height = top + -(-len(pictures) // columns) * high
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" font-family="sans-serif" font-size="11" fill="{INK}">'
        f'<rect width="100%" height="100%" fill="white"/>'
        f'<text x="{_GAP:g}" y="26" font-size="14" font-weight="600">{escape(figure.title)}'
        f'<tspan dx="12" font-weight="400" fill="{MUTED}">{escape(group)}</tspan></text>{key}{"".join(parts)}</svg>'
    )


def _legend(figure: Figure, width: float) -> tuple[str, float]:
    """The series with their marks, in lines; and where what is below may begin."""
    x, y, parts = _GAP, 40.0, []
    for name, (colour, shape) in looks(figure.series).items():
        room = 16 + _LETTER * len(name) + 14
        if x > _GAP and x + room > width:
            x, y = _GAP, y + 18
        mark = f'<path d="{GLYPHS[shape]}" fill="{colour}"/><text x="16" y="9.5">{escape(name)}</text>'
        parts.append(f'<g transform="translate({x:g},{y:g})">{mark}</g>')
        x += room
    return "".join(parts), y + 28


def _placed(picture: str, x: float, y: float, width: float, height: float) -> str:
    """An SVG document as a part of another one."""
    head, _, rest = picture.partition(">")
    box = re.search(r' viewBox="[^"]*"', head)
    return f'<svg x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"{box[0] if box else ""}>{rest}'


def _size(picture: str) -> tuple[float, float]:
    """Width and height of an SVG document."""
    head = picture[: picture.index(">")]
    found = [re.search(rf'\b{name}="([\d.]+)"', head) for name in ("width", "height")]
    width, height = (float(one[1]) if one else 0.0 for one in found)
    return width, height
