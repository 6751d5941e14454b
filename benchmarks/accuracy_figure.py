"""Accuracy of students against the tokens that their traces keep, as the first figure of the README.

    python benchmarks/accuracy_figure.py

Reads the tables of the study docs/results/world-criteria.yaml, which lie beside it, and draws
docs/images/accuracy-light.svg and accuracy-dark.svg. No student is trained. `--table` prints what is drawn.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import numpy as np

from cotpress.analysis.bootstrap_draws import compute_intervals
from cotpress.analysis.evaluation_groups import EvaluationGroup, Treatment, build_evaluation_groups
from cotpress.reporting.vega_lite import render_svg
from cotpress.tables import read_study_tables

ROOT = Path(__file__).resolve().parents[1]
TABLES = ROOT / "docs/results/world-criteria/tables"
THEMES: Final = ("light", "dark")
# What is drawn, by method and keep ratio ("" for none): its name, its shape, and whether that is filled.
SERIES: Final = {
    ("uncompressed", ""): ("whole traces", "square", True),
    ("backbone", "auto"): ("backbone (default)", "circle", True),
    ("backbone", "0.3"): ("backbone, 0.3", "circle", False),
    ("random", "0.3"): ("random steps, 0.3", "diamond", True),
    ("nll", "0.3"): ("mean NLL, 0.3", "triangle-up", True),
    ("head", "0.3"): ("truncation, 0.3", "triangle-down", True),
    ("no-reasoning", ""): ("answers alone", "cross", True),
}
NEAR_X, NEAR_Y, ASIDE = 0.02, 0.15, 12  # points so near to each other stand side by side, so many pixels apart
GREEN, BLUE, GREY, RED, AMBER = range(5)
_HUES: Final = (GREEN, BLUE, BLUE, GREY, RED, AMBER, GREY)  # of the series
COLOURS: Final = {
    "light": ("#1a7f37", "#0969da", "#59636e", "#cf222e", "#9a6700"),
    "dark": ("#3fb950", "#58a6ff", "#9198a1", "#ff7b72", "#d29922"),
}
INK: Final = {
    "light": ("#1f2328", "#59636e", "#d1d9e0"),
    "dark": ("#f0f6fc", "#9198a1", "#3d444d"),
}  # title, text, grid
PANELS: Final = {"math": "Math: a chain of values", "general": "General: a state followed move by move"}


def main() -> None:
    points = read_points()
    if "--table" in sys.argv:
        for point in points:
            print(f"{point['panel']} | {point['series']} | {point['x']:.2f} | {format_share(point)}")
        return
    for theme in THEMES:
        picture = get_picture(theme)
        picture.write_text(draw_figure(points, theme), encoding="utf-8")
        print(f"{picture.relative_to(ROOT)} drawn")


def get_picture(theme: str) -> Path:
    """Where the picture for light or dark pages lies."""
    return ROOT / f"docs/images/accuracy-{theme}.svg"


def format_share(point: dict[str, Any]) -> str:
    """A share with its interval, for people."""
    return f"{point['y']:.2f} [{point['low']:.2f}, {point['high']:.2f}]"


def read_points() -> list[dict[str, Any]]:
    """A point for each domain and way to shorten: the mean accuracy of the students, with its 95% interval over seeds
    and problems."""
    groups = sorted(build_evaluation_groups(read_study_tables(TABLES)), key=lambda group: group.domain, reverse=True)
    return [point for domain, own in groupby(groups, lambda group: group.domain) for point in _pool(domain, list(own))]


def _pool(domain: str, groups: list[EvaluationGroup]) -> Iterator[dict[str, Any]]:
    """The students of a domain were asked the same problems, which are drawn together."""
    mean, low, high = compute_intervals(np.mean([group.accuracy for group in groups], axis=0))
    first = groups[0]
    for at, treatment in enumerate(first.treatments):
        if (key := (treatment.method, _name_keep(treatment))) in SERIES:
            figures = {"x": treatment.realized, "y": float(mean[at]), "low": float(low[at]), "high": float(high[at])}
            yield {"panel": PANELS[domain], "series": SERIES[key][0], **figures}


def _name_keep(treatment: Treatment) -> str:
    if not treatment.is_pruning:
        return ""
    return "auto" if np.isnan(treatment.keep) else f"{treatment.keep:g}"


def draw_figure(points: list[dict[str, Any]], theme: str) -> str:
    """The picture for light or dark pages, as SVG."""
    title, text, grid = INK[theme]
    axis = {"labelColor": text, "titleColor": text, "domainColor": text, "tickColor": text, "gridColor": grid}
    sizes = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "titlePadding": 8}
    panels = [
        _build_panel([point for point in points if point["panel"] == name], name, theme) for name in PANELS.values()
    ]
    config = {
        "axis": {**axis, **sizes},
        "view": {"stroke": None},
        "font": "sans-serif",
        "title": {"color": title, "fontSize": 13, "fontWeight": 600, "anchor": "start", "offset": 8},
        "legend": {
            "labelColor": text,
            "labelFontSize": 12,
            "symbolSize": 70,
            "symbolOpacity": 1,
            "columnPadding": 22,
            "rowPadding": 6,
        },
    }
    return render_svg({"background": None, "hconcat": panels, "spacing": 20, "config": config})


def place_aside(points: list[dict[str, Any]]) -> dict[str, float]:
    """How many pixels each series of a panel is moved to the side, so that points of one length do not hide each other.

    >>> near = [{"series": name, "x": 0.3, "y": 0.1 + place / 10} for place, name in enumerate("abc")]
    >>> place_aside([*near, {"series": "d", "x": 0.3, "y": 0.9}])
    {'a': -12.0, 'b': 0.0, 'c': 12.0, 'd': 0.0}
    """
    heaps: list[list[dict[str, Any]]] = []
    for point in sorted(points, key=lambda point: point["y"]):
        heap = next((heap for heap in heaps if _is_near(heap[-1], point)), None)
        if heap is None:
            heaps.append([point])
        else:
            heap.append(point)
    middle = {id(heap): (len(heap) - 1) / 2 for heap in heaps}
    return {point["series"]: (at - middle[id(heap)]) * ASIDE for heap in heaps for at, point in enumerate(heap)}


def _is_near(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return abs(one["x"] - other["x"]) < NEAR_X and abs(one["y"] - other["y"]) < NEAR_Y


def _build_panel(points: list[dict[str, Any]], name: str, theme: str) -> dict[str, Any]:
    percent = {"format": "%", "tickCount": 5}
    x = {"field": "x", "type": "quantitative", "title": "tokens of the traces that are kept"}
    y = {"field": "y", "type": "quantitative", "title": "right answers" if name == PANELS["math"] else None}
    names = [series[0] for series in SERIES.values()]
    filled = [
        COLOURS[theme][hue] if look[2] else "transparent" for hue, look in zip(_HUES, SERIES.values(), strict=True)
    ]
    hues = [COLOURS[theme][hue] for hue in _HUES]
    legend = {"title": None, "orient": "bottom", "columns": 4}

    def scale(values: list[Any]) -> dict[str, Any]:
        return {"field": "series", "type": "nominal", "scale": {"domain": names, "range": values}, "legend": legend}

    layers = []
    offsets = place_aside(points)
    for series, *_ in SERIES.values():
        offset = offsets.get(series, 0.0)
        one = {"filter": f"datum.series == '{series}'"}
        ends = {"y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"}, "stroke": scale(hues)}
        bar = {"type": "rule", "size": 1.6, "opacity": 0.7, "xOffset": offset}
        layers.append({"transform": [one], "mark": bar, "encoding": ends})
        mark = {"type": "point", "size": 75, "strokeWidth": 1.8, "opacity": 1, "xOffset": offset}
        looks = {"shape": scale([look[1] for look in SERIES.values()]), "fill": scale(filled), "stroke": scale(hues)}
        layers.append({"transform": [one], "mark": mark, "encoding": {"y": y, **looks}})
    return {
        "title": name,
        "width": 245,
        "height": 210,
        "data": {"values": points},
        "encoding": {
            "x": {**x, "axis": percent, "scale": {"domain": [0, 1], "padding": 8}},
            "y": {**y, "axis": percent, "scale": {"domain": [0, 1]}},
        },
        "layer": layers,
    }


if __name__ == "__main__":
    main()
