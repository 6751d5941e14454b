"""The regions of a text: where code, formulas, environments and bold text begin and end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from cotpress.segment.kinds import Mode


class Region(NamedTuple):
    """[start, end) of the whole; the opening delimiter ends at `inside`, the closing one starts at `close`.

    `formal` is false where the content is neither a formula nor code (bold text, lists).
    """

    start: int
    inside: int
    close: int
    end: int
    mode: Mode
    formal: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """`regions` by start, properly nested; `partner` maps the position of each matched `{` or `\\left` to that of its
    `}` or `\\right`."""

    regions: list[Region] = field(default_factory=list)
    partner: dict[int, int] = field(default_factory=dict)


class Token(NamedTuple):
    """A delimiter: its kind, [start, end), and the text that tells it from others of its kind."""

    kind: str
    start: int
    end: int
    text: str
