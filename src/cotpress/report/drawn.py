"""Figures once they are drawn, and how many of their pictures a page can carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cotpress.report.drawing import panel_spec, svg
from cotpress.report.panel import Figure

Pictures = tuple[tuple[str, str], ...]
"""Titles of panels with their SVG documents."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure with its pictures by group; `left_out` more groups are only in files."""

    figure: Figure
    groups: Mapping[str, Pictures]
    left_out: int = 0


def drawn(figure: Figure) -> Drawn:
    """The figure with all its panels drawn."""
    groups: dict[str, Pictures] = {}
    for panel in figure.panels:
        picture = svg(panel_spec(figure, panel))
        groups[panel.group] = (*groups.get(panel.group, ()), (panel.title, picture))
    return Drawn(figure, groups)


def fitted(figures: Iterable[Drawn], room: int) -> list[Drawn]:
    """As many groups as fit into `room` characters. Figures take turns, so that each shows something."""
    held = list(figures)
    chosen: list[dict[str, Pictures]] = [{} for _ in held]
    for turn in range(max((len(one.groups) for one in held), default=0)):
        for one, kept in zip(held, chosen, strict=True):
            for group, pictures in list(one.groups.items())[turn : turn + 1]:
                size = sum(len(picture) for _, picture in pictures)
                if size <= room:
                    kept[group], room = pictures, room - size
    return [Drawn(one.figure, kept, len(one.groups) - len(kept)) for one, kept in zip(held, chosen, strict=True)]
