"""Figures once they are drawn, and how many of their pictures a page can carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cotpress.reporting.figure_types import Figure
from cotpress.reporting.vega_lite import build_panel_spec, render_svg

PanelPictures = tuple[tuple[str, str], ...]
"""Titles of panels with their SVG documents."""


@dataclass(frozen=True, slots=True)
class RenderedFigure:
    """A figure with its pictures by group; `omitted_groups` more groups are only in files."""

    figure: Figure
    groups: Mapping[str, PanelPictures]
    omitted_groups: int = 0


def render_figure(figure: Figure) -> RenderedFigure:
    """The figure with all its panels drawn."""
    groups: dict[str, PanelPictures] = {}
    for panel in figure.panels:
        picture = render_svg(build_panel_spec(figure, panel))
        groups[panel.group] = (*groups.get(panel.group, ()), (panel.title, picture))
    return RenderedFigure(figure, groups)


def fit_figures(figures: Iterable[RenderedFigure], room: int) -> list[RenderedFigure]:
    """As many groups as fit into `room` characters. Figures take turns, so that each shows something."""
    rendered = list(figures)
    chosen: list[dict[str, PanelPictures]] = [{} for _ in rendered]
    for turn in range(max((len(figure.groups) for figure in rendered), default=0)):
        for figure, kept in zip(rendered, chosen, strict=True):
            for group, pictures in list(figure.groups.items())[turn : turn + 1]:
                size = sum(len(picture) for _, picture in pictures)
                if size <= room:
                    kept[group], room = pictures, room - size
    return [
        RenderedFigure(figure.figure, kept, len(figure.groups) - len(kept))
        for figure, kept in zip(rendered, chosen, strict=True)
    ]
