"""Panels drawn: Vega-Lite specifications, and what vl-convert makes of them."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from cotpress.errors import import_optional
from cotpress.reporting.figure_types import Axis, Figure, FigurePanel, LineStyle, assign_series_marks

VEGA_LITE = "6.4"
TEXT_COLOUR, MUTED_COLOUR, GRID_COLOUR = "#1b2430", "#55606e", "#dde2e8"
_DASHES = {"plain": [1, 0], "dashed": [6, 4], "dotted": [2, 3]}
_STYLE_SCALE = {"domain": list(_DASHES), "range": list(_DASHES.values())}
VegaSpec = dict[str, Any]


def build_panel_spec(figure: Figure, panel: FigurePanel) -> VegaSpec:
    """The Vega-Lite specification of one panel; the legend is the figure's."""
    rows = [asdict(point) for point in panel.points]
    layers = [*_build_reference_layers(panel), *_build_diagonal_layers(figure)]
    if figure.has_lines:
        layers.append(_build_line_layer(figure))
    layers += [
        _build_interval_layer(),
        _build_point_layer("plain", filled=True),
        _build_point_layer("dashed", filled=False),
    ]
    encoding = {
        "x": _build_channel("x", _widen_axis(figure.x, panel)),
        "color": _build_series_scale(figure, 0),
        "shape": _build_series_scale(figure, 1),
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": panel.title,
        "width": 240,
        "height": 180,
        "data": {"values": rows},
        "encoding": encoding,
        "layer": [_add_y_channel(layer, _bound_axis(figure)) for layer in layers],
        "config": _build_config(),
    }


def render_svg(spec: VegaSpec) -> str:
    """The specification as an SVG document.

    Raises:
        MissingExtraError: vl-convert is not installed.
    """
    drawn: str = import_optional("vl_convert", "study").vegalite_to_svg(spec, vl_version=VEGA_LITE)
    return drawn


def render_png(drawn: str) -> bytes:
    """An SVG document as a PNG, at one and a half times its size: 144 dots an inch."""
    pixels: bytes = import_optional("vl_convert", "study").svg_to_png(drawn, scale=1.5)
    return pixels


def _build_config() -> VegaSpec:
    axis = {
        "labelColor": MUTED_COLOUR,
        "titleColor": MUTED_COLOUR,
        "gridColor": GRID_COLOUR,
        "domainColor": MUTED_COLOUR,
        "tickColor": MUTED_COLOUR,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 8,
    }
    return {
        "background": None,
        "font": "sans-serif",
        "axis": axis,
        "view": {"stroke": None},
        "title": {"color": TEXT_COLOUR, "fontSize": 13, "anchor": "start", "offset": 8, "fontWeight": 600},
    }


def _build_channel(field: str, axis: Axis) -> VegaSpec:
    if axis.order:
        return {
            "field": field,
            "type": "nominal",
            "sort": list(axis.order),
            "title": axis.title,
            "axis": {"labelAngle": 0},
        }
    scale = {"zero": False, "nice": True, **({} if axis.domain is None else {"domain": list(axis.domain)})}
    return {
        "field": field,
        "type": "quantitative",
        "title": axis.title,
        "scale": scale,
        "axis": {"tickCount": 5, "format": "~g"},
    }


def _widen_axis(axis: Axis, panel: FigurePanel) -> Axis:
    """The x axis with room for a panel's points beyond its domain: some rewriting makes traces longer."""
    if axis.domain is None:
        return axis
    places = [*axis.domain, *(point.x for point in panel.points if not isinstance(point.x, str))]
    return replace(axis, domain=(min(places), max(places)))


def _bound_axis(figure: Figure) -> Axis:
    """The y axis with room for every point, interval and rule, the same in all panels so that they compare."""
    if figure.y.domain is not None:
        return figure.y
    values = [rule.y for panel in figure.panels for rule in panel.reference_lines]
    for point in (point for panel in figure.panels for point in panel.points):
        values += [value for value in (point.y, point.low, point.high) if value is not None]
    values += [0.0, 1.0] if figure.has_diagonal else []
    return Axis(figure.y.title, (min(values), max(values)))


def _add_y_channel(layer: VegaSpec, axis: Axis) -> VegaSpec:
    """The layer with its y channels on the figure's axis."""
    encoding = {**layer.get("encoding", {})}
    field = encoding.get("y", {}).get("field", "y")
    encoding["y"] = _build_channel(field, axis)
    return {**layer, "encoding": encoding}


def _build_series_scale(figure: Figure, part: int) -> VegaSpec:
    chosen = assign_series_marks(figure.series)
    scale = {"domain": list(chosen), "range": [look[part] for look in chosen.values()]}
    return {"field": "series", "type": "nominal", "scale": scale, "legend": None}


def _build_reference_layers(panel: FigurePanel) -> list[VegaSpec]:
    rows = [{"y": rule.y, "style": rule.style, "tip": f"{rule.label}: {rule.y:.3f}"} for rule in panel.reference_lines]
    unset = {"x": None, "color": {"value": MUTED_COLOUR}, "shape": None}
    dash = {"field": "style", "type": "nominal", "scale": _STYLE_SCALE, "legend": None}
    encoding = {**unset, "strokeDash": dash, "description": {"field": "tip"}}
    return [{"data": {"values": rows}, "mark": {"type": "rule", "size": 1.2}, "encoding": encoding}] if rows else []


def _build_diagonal_layers(figure: Figure) -> list[VegaSpec]:
    if not figure.has_diagonal:
        return []
    ends = [{"x": end, "y": end} for end in (0, 1)]
    mark = {"type": "line", "strokeDash": [4, 4], "size": 1.2, "aria": False}
    return [{"data": {"values": ends}, "mark": mark, "encoding": {"color": {"value": MUTED_COLOUR}, "shape": None}}]


def _build_line_layer(figure: Figure) -> VegaSpec:
    dash = {"field": "style", "type": "nominal", "scale": _STYLE_SCALE, "legend": None}
    order = {"sort": list(figure.x.order)} if figure.x.order else {}
    encoding = {"strokeDash": dash, "shape": None, "detail": {"field": "style"}}
    return {"mark": {"type": "line", "size": 1.6, "aria": False, **order}, "encoding": encoding}


def _build_interval_layer() -> VegaSpec:
    encoding = {"y": {"field": "low"}, "y2": {"field": "high"}, "shape": None}
    return {
        "transform": [{"filter": "isValid(datum.low) && isValid(datum.high)"}],
        "mark": {"type": "rule", "size": 1.2, "opacity": 0.55, "aria": False},
        "encoding": encoding,
    }


def _build_point_layer(style: LineStyle, filled: bool) -> VegaSpec:
    return {
        "transform": [{"filter": f"datum.style == '{style}'"}],
        "mark": {"type": "point", "size": 42, "filled": filled, "strokeWidth": 1.5, "opacity": 1},
        "encoding": {"description": {"field": "tip"}},
    }
