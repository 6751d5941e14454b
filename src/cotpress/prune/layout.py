"""The white space before each segment, found once per text, and the text that kept segments make.

Every segment owns the white space before it, so deleting a segment takes its white space along. Where
that would join two lines, the strongest white space of the gap (paragraph, line, space) is kept instead;
where two words would become one and the gap holds no white space at all, a single space is put in.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from cotpress.types import BoolArray, IntArray, Span

_SPACES = np.array([chr(code).isspace() for code in range(0x3001)])
# Fusing two of these would make another token: $ $ -> $$ opens display math, * * -> ** opens bold.
_FUSING = frozenset("$`*_|<>=~&")


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Segments of one text: `bounds` [n+1] characters, and of the white space that opens each one
    its end `lead` [n] and its strength `breaks` [n] (0 none, 1 space, 3 line, 5 paragraph).

    `opening` and `closing` mark delimiters: `$ x$` is not math to every reader, so no space is borrowed
    behind an opening or before a closing one.
    """

    text: str
    bounds: IntArray
    lead: IntArray
    breaks: IntArray
    opening: BoolArray
    closing: BoolArray


def lay_out(text: str, bounds: IntArray, groups: tuple[tuple[int, ...], ...] = ()) -> Layout:
    """Find the white space before each segment. `groups` are delimiters that belong together, by segment."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    space = _SPACES[np.minimum(codes, len(_SPACES) - 1)] & (codes < len(_SPACES))
    solid = np.append(np.flatnonzero(~space), len(text))
    lead = np.minimum(solid[np.searchsorted(solid, bounds[:-1])], bounds[1:])
    lines = np.concatenate(([0], np.cumsum(codes == ord("\n"))))
    newlines = lines[lead] - lines[bounds[:-1]]
    breaks = 2 * np.minimum(newlines, 2) + (lead > bounds[:-1])
    opening, closing = np.zeros(len(lead), dtype=bool), np.zeros(len(lead), dtype=bool)
    opening[[group[0] for group in groups]] = True
    closing[[group[-1] for group in groups]] = True
    return Layout(text, bounds, lead, breaks, opening, closing)


def kept_spans(layout: Layout, kept: BoolArray) -> tuple[Span, ...]:
    """The characters of the original that stand when the segments in `kept` [n] stay."""
    index = np.flatnonzero(kept)
    if not len(index):
        return ()
    starts, ends = layout.bounds[index], layout.bounds[index + 1]
    starts[0] = layout.lead[index[0]]
    gaps = np.flatnonzero(np.diff(index) > 1) + 1
    before, after = index[gaps - 1], index[gaps]
    giver = _strongest(layout, before + 1, after + 1)
    strength = layout.breaks[giver]
    strength = np.where((strength < 2) & (layout.opening[before] | layout.closing[after]), 0, strength)
    borrowed = (giver != after) & (strength > 0)
    own = (giver == after) & (strength > 0)
    starts[gaps] = np.where(own, layout.bounds[after], layout.lead[after])
    all_starts = np.concatenate((layout.bounds[giver[borrowed]], starts))
    all_ends = np.concatenate((layout.lead[giver[borrowed]], ends))
    order = np.argsort(all_starts, kind="stable")
    return _merged(all_starts[order], all_ends[order])


def _strongest(layout: Layout, low: IntArray, high: IntArray) -> IntArray:
    """Of segments low..high-1, for each pair, the one with the strongest white space; the last among equals."""
    if not len(low):
        return low
    count = len(layout.lead)
    score = np.append(layout.breaks * count + np.arange(count), -1)
    pairs = np.stack((low, high), axis=1).ravel()
    return np.asarray(np.maximum.reduceat(score, pairs)[::2] % count)


def _merged(starts: IntArray, ends: IntArray) -> tuple[Span, ...]:
    fresh = np.concatenate(([True], starts[1:] != ends[:-1]))
    last = np.append(np.flatnonzero(fresh)[1:] - 1, len(starts) - 1)
    return tuple(zip(starts[fresh].tolist(), ends[last].tolist(), strict=True))


def reassemble(text: str, spans: tuple[Span, ...]) -> str:
    """The text that the kept spans make: their characters in order, and one space where words would glue."""
    parts = [text[start:end] for start, end in spans]
    glue = [" " if _glues(left[-1], right[0]) else "" for left, right in pairwise(parts)]
    return "".join(piece for pair in zip(parts, [*glue, ""], strict=True) for piece in pair) if parts else ""


def _glues(left: str, right: str) -> bool:
    if left.isalnum() and right.isalnum():
        return not (_unspaced(left) or _unspaced(right))
    return left == right and left in _FUSING


def _unspaced(character: str) -> bool:
    """Scripts that write words without spaces: Thai to Khmer, Japanese and Chinese."""
    code = ord(character)
    return (
        0x0E00 <= code <= 0x0EFF
        or 0x1780 <= code <= 0x17FF
        or 0x2E80 <= code <= 0xA4CF
        or 0xF900 <= code <= 0xFAFF
        or code >= 0x20000
    )
