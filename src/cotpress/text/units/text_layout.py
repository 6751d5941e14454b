"""The regions of a text: where code, formulas, environments and bold text begin and end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from cotpress.text.units.unit_kinds import LexMode


class Region(NamedTuple):
    """[start, end) of the whole; the opening delimiter ends at `inside`, the closing one starts at `close`.

    `formal` is false where the content is neither a formula nor code (bold text, lists).
    """

    start: int
    inside: int
    close: int
    end: int
    mode: LexMode
    formal: bool


@dataclass(frozen=True, slots=True)
class TextLayout:
    """`regions` are sorted by start and properly nested. `partner` pairs brackets: it maps the position of each matched
    `{` or `\\left` to that of its `}` or `\\right`."""

    regions: list[Region] = field(default_factory=list)
    partner: dict[int, int] = field(default_factory=dict)


class Delimiter(NamedTuple):
    """A delimiter: its kind, [start, end), and the text that tells it from others of its kind."""

    kind: str
    start: int
    end: int
    text: str
