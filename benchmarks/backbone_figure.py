"""What criteria keep of LIMO-R1 against the tokens that they keep, as the picture of the page of results.

    python benchmarks/backbone_figure.py

Reads the first table of docs/results/backbone.md, which `backbone.py` printed, and draws docs/images/kept-content.svg.
"""

from __future__ import annotations

import re
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

from cotpress.reporting.vega_lite import render_svg

ROOT = Path(__file__).resolve().parents[1]
PAGE, PICTURE = ROOT / "docs/results/backbone.md", ROOT / "docs/images/kept-content.svg"
# name in the table -> name and colour in the picture; the colours are readable on light and on dark pages
SERIES: Final = {
    "backbone": ("backbone (default)", "#2f81f7"),
    "random": ("random steps", "#8b949e"),
    "nll": ("mean NLL", "#d1242f"),
    "head": ("truncation", "#bf8700"),
}
GREY: Final = "#848d97"
_SHARE = re.compile(r"([\d.]+)% \[([\d.]+), ([\d.]+)\]")


def main() -> None:
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(draw_figure(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{PICTURE.relative_to(ROOT)} drawn")


def draw_figure(page: str) -> str:
    """The picture of the page's first table, as SVG."""
    return render_svg(build_spec(read_points(page)))


def read_points(page: str) -> list[dict[str, Any]]:
    """A point for each row of the page's first table: realized ratio, and what is kept of the human solutions."""
    lines = page[page.index("\n| ") + 1 :].splitlines()
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in takewhile(bool, lines)]
    points = []
    for row in rows[2:]:
        share = _SHARE.fullmatch(row[3])
        if share and row[0] in SERIES:
            value, low, high = (float(part) / 100 for part in share.groups())
            points.append({"series": SERIES[row[0]][0], "x": float(row[2]), "y": value, "low": low, "high": high})
    return points


def build_spec(points: list[dict[str, Any]]) -> dict[str, Any]:
    """Lines with intervals, in Vega-Lite."""
    percent = {"format": "%", "tickCount": 5}
    x = {"field": "x", "type": "quantitative", "title": "tokens of the trace that are kept", "axis": percent}
    y = {"field": "y", "type": "quantitative", "title": "kept of an independent human solution", "axis": percent}
    low, high = {"field": "low", "type": "quantitative"}, {"field": "high"}
    names, colours = zip(*SERIES.values(), strict=True)
    legend = {"title": None, "labelColor": GREY, "orient": "bottom-right"}
    colour = {"field": "series", "scale": {"domain": names, "range": colours}, "legend": legend}
    axis = {
        **{f"{part}Color": GREY for part in ("label", "title", "domain", "tick")},
        "gridColor": GREY,
        "gridOpacity": 0.25,
    }
    return {
        "data": {"values": points},
        "width": 460,
        "height": 260,
        "background": None,
        "config": {"axis": axis, "view": {"stroke": None}, "font": "sans-serif"},
        "encoding": {"x": {**x, "scale": {"domain": [0, 0.55]}}, "color": colour},
        "layer": [
            {"mark": {"type": "line"}, "encoding": {"y": {**y, "scale": {"domain": [0, 1]}}}},
            {"mark": {"type": "point", "filled": True, "size": 45, "opacity": 1}, "encoding": {"y": y}},
            {"mark": {"type": "rule", "opacity": 0.7}, "encoding": {"y": low, "y2": high}},
        ],
    }


if __name__ == "__main__":
    main()
