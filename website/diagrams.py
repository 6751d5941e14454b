"""Flow charts of the pages, drawn while the site is built: the page that shows them asks no other server.

They are written in a small part of Mermaid, which GitHub draws by itself: `flowchart`, nodes as `name` or `name[text]`,
and arrows `-->`, `-- "text" -->` and `-. "text" .->` between nodes, or groups of them joined by `&`.

The layout is that of Sugiyama, Tagawa and Toda (1981): nodes in rows by their longest path, long arrows and texts
through places of their own, each row ordered by the mean place of its neighbours.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count, pairwise

CHARACTER, PADDING, BOX = 6.9, 24, 30  # pixels: of a character, beside a node's text, a node's height
ROW, GAP, MARGIN = 32, 18, 8  # pixels: from half row to half row, between neighbours, around the picture
SWEEPS = 24
_FENCE = re.compile(r"^```mermaid\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_NODE = re.compile(r"\s*([\w/.]+)(?:\[\(?(.*?)\)?\])?\s*")
_ARROW = re.compile(r'-->|-- "([^"]*)" -->|-\. "([^"]*)" \.->')


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one node to another, with its text; dotted for what is left out."""

    start: str
    end: str
    text: str = ""
    dotted: bool = False


@dataclass(slots=True)
class Chart:
    """Nodes with what stands in them, and arrows."""

    texts: dict[str, str] = field(default_factory=dict)
    arrows: list[Arrow] = field(default_factory=list)


@dataclass(slots=True)
class Place:
    """A node, or a place that an arrow passes, in half row `row`."""

    row: int
    width: float
    x: float = 0.0

    @property
    def y(self) -> float:
        return MARGIN + BOX / 2 + self.row * ROW


def draw_diagrams(markdown: str) -> str:
    """The text of a page with a picture for each of its flow charts.

    >>> '<svg class="diagram"' in draw_diagrams('```mermaid\\nflowchart TB\\n    a --> b\\n```')
    True
    """
    numbers = count(1)
    return _FENCE.sub(lambda fence: draw_chart(parse_chart(fence[1]), f"tip-{next(numbers)}"), markdown)


def parse_chart(text: str) -> Chart:
    """A chart from its Mermaid text.

    Raises:
        ValueError: a line is none that is drawn here.

    >>> [(arrow.start, arrow.end) for arrow in parse_chart("flowchart TB\\na --> b & c").arrows]
    [('a', 'b'), ('a', 'c')]
    """
    chart = Chart()
    for line in text.splitlines()[1:]:
        at, before = 0, list[str]()
        label, dotted = "", False
        while at < len(line.rstrip()):
            names, at = _parse_group(line, at, chart)
            chart.arrows += [Arrow(start, end, label, dotted) for start in before for end in names]
            arrow = _ARROW.match(line, at)
            if arrow is None and line[at:].strip():
                raise ValueError(f"not drawn: {line}")
            if arrow:
                label, dotted, at = arrow[1] or arrow[2] or "", arrow[0].startswith("-."), arrow.end()
            before = names
    return chart


def _parse_group(line: str, at: int, chart: Chart) -> tuple[list[str], int]:
    names = []
    while node := _NODE.match(line, at):
        name, at = node[1], node.end()
        names.append(name)
        chart.texts[name] = node[2] or chart.texts.get(name, name)
        if line[at : at + 1] != "&":
            break
        at += 1
    if not names:
        raise ValueError(f"not drawn: {line}")
    return names, at


def rank_nodes(chart: Chart) -> dict[str, int]:
    """The row of each node: its longest path from the top; what nothing leads to stands just above what it leads to."""
    rows = dict.fromkeys(chart.texts, 0)
    for _ in chart.texts:
        for arrow in chart.arrows:
            rows[arrow.end] = max(rows[arrow.end], rows[arrow.start] + 1)
    ends = {arrow.end for arrow in chart.arrows}
    for name in chart.texts:
        below = [rows[arrow.end] for arrow in chart.arrows if arrow.start == name]
        if name not in ends and below:
            rows[name] = min(below) - 1
    return rows


def draw_chart(chart: Chart, tip: str) -> str:
    """The chart as SVG on one line, in the colours of the page that it stands in; `tip` is the id of its arrowhead."""
    places, paths = _place_nodes(chart)
    width = max(place.x + place.width / 2 for place in places.values()) + MARGIN
    height = max(place.y for place in places.values()) + BOX / 2 + MARGIN
    parts = [
        _draw_arrow(arrow, [places[name] for name in path], tip)
        for arrow, path in zip(chart.arrows, paths, strict=True)
    ]
    parts += [_draw_node(places[name], text) for name, text in chart.texts.items()]
    told = html.escape("; ".join(_describe(arrow, chart) for arrow in chart.arrows), quote=True)
    head = f'<marker id="{tip}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    tips = f'<defs>{head}<path class="tip" d="M0 0L8 4L0 8z"/></marker></defs>'
    size = f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
    return f'<svg class="diagram" role="img" aria-label="{told}" {size}>{tips}{"".join(parts)}</svg>'


def _place_nodes(chart: Chart) -> tuple[dict[str, Place], list[list[str]]]:
    """Where each node and passing place stands, and the places of each arrow from its start to its end."""
    rows = rank_nodes(chart)
    places = {name: Place(2 * rows[name], len(text) * CHARACTER + PADDING) for name, text in chart.texts.items()}
    paths = []
    for number, arrow in enumerate(chart.arrows):
        between = range(places[arrow.start].row + 1, places[arrow.end].row)
        passed = [f"{number} {row}" for row in between]
        places.update({name: Place(row, 10) for name, row in zip(passed, between, strict=True)})
        if arrow.text:  # in the half row below its start, where nothing else stands
            places[passed[0]].width = len(arrow.text) * CHARACTER
        paths.append([arrow.start, *passed, arrow.end])
    above, below = defaultdict(list), defaultdict(list)
    for path in paths:
        for first, second in pairwise(path):
            above[second].append(first)
            below[first].append(second)
    _arrange(places, above, below)
    left = min(place.x - place.width / 2 for place in places.values())
    for place in places.values():
        place.x += MARGIN - left
    return places, paths


def _arrange(places: dict[str, Place], above: dict[str, list[str]], below: dict[str, list[str]]) -> None:
    """Give each place its x: rows are swept down and up, each place drawn to the mean of its neighbours there."""
    by_row: dict[int, list[str]] = defaultdict(list)
    for name, place in places.items():
        by_row[place.row].append(name)
    for row in by_row.values():
        _spread(row, places, dict.fromkeys(row, 0.0))
    for sweep in range(SWEEPS):
        upward = sweep % 2 == 1
        neighbours = below if upward else above
        for number in sorted(by_row, reverse=upward):
            row = by_row[number]
            wanted = {name: _average([places[other].x for other in neighbours[name]], places[name].x) for name in row}
            if sweep < SWEEPS - 6:  # the last sweeps straighten what is in order
                row.sort(key=lambda name, wanted=wanted: wanted[name])
            _spread(row, places, wanted)


def _spread(row: list[str], places: dict[str, Place], wanted: dict[str, float]) -> None:
    """Put a row's places as near to where they are wanted as their widths allow, in this order.

    Neighbours that would overlap are moved together, as one block about the mean of what they want.
    """
    blocks: list[tuple[list[str], float]] = []  # names, and the left end of the first
    for name in row:
        names, start = [name], wanted[name] - places[name].width / 2
        while blocks and blocks[-1][1] + _measure(blocks[-1][0], places) + GAP > start:
            names = [*blocks.pop()[0], *names]
            offsets = _list_offsets(names, places)
            start = _average([wanted[one] - offset for one, offset in zip(names, offsets, strict=True)], 0.0)
        blocks.append((names, start))
    for names, start in blocks:
        for name, offset in zip(names, _list_offsets(names, places), strict=True):
            places[name].x = start + offset


def _list_offsets(names: list[str], places: dict[str, Place]) -> list[float]:
    """The middle of each place of a block, from the block's left end."""
    ends = [0.0]
    for name in names:
        ends.append(ends[-1] + places[name].width + GAP)
    return [end + places[name].width / 2 for end, name in zip(ends, names, strict=False)]


def _measure(names: list[str], places: dict[str, Place]) -> float:
    return sum(places[name].width for name in names) + GAP * (len(names) - 1)


def _average(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _draw_arrow(arrow: Arrow, path: list[Place], tip: str) -> str:
    points = [(place.x, place.y) for place in path]
    points[0], points[-1] = (points[0][0], points[0][1] + BOX / 2), (points[-1][0], points[-1][1] - BOX / 2)
    drawn = [f"M{points[0][0]:.0f} {points[0][1]:.0f}"]
    for (x, y), (to_x, to_y) in pairwise(points):
        middle = (y + to_y) / 2
        drawn.append(f"C{x:.0f} {middle:.0f} {to_x:.0f} {middle:.0f} {to_x:.0f} {to_y:.0f}")
    dash = ' stroke-dasharray="4 4"' if arrow.dotted else ""
    line = f'<path class="arrow" d="{"".join(drawn)}" marker-end="url(#{tip})"{dash}/>'
    if not arrow.text:
        return line
    x, y = points[1]
    return f'{line}<text class="on-arrow" x="{x:.0f}" y="{y + 4:.0f}">{html.escape(arrow.text)}</text>'


def _draw_node(place: Place, text: str) -> str:
    box = f'x="{place.x - place.width / 2:.0f}" y="{place.y - BOX / 2:.0f}" width="{place.width:.0f}" height="{BOX}"'
    return f'<rect {box} rx="5"/><text x="{place.x:.0f}" y="{place.y + 4.5:.0f}">{html.escape(text)}</text>'


def _describe(arrow: Arrow, chart: Chart) -> str:
    what = f" ({arrow.text})" if arrow.text else ""
    return f"{chart.texts[arrow.start]} to {chart.texts[arrow.end]}{what}"
