"""The white space before each segment, found once per text, and the text that kept segments make.

Every segment owns the white space before it, so deleting a segment takes its white space along. Where
that would join two lines, the strongest white space of the gap (paragraph, line, space) is kept instead;
where two words would become one and the gap holds no white space at all, a single space is put in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cotpress.errors import OptionError
from cotpress.types import BoolArray, IntArray

CodeArray: TypeAlias = NDArray[np.uint32]

_SPACES = np.array([chr(code).isspace() for code in range(0x3001)])
# Characters that make words and numbers; that make another symbol when two of one kind fuse ($ $ -> $$
# opens display math, * * -> ** opens bold); that stand right behind a word; that sign a number.
_WORDLIKE, _FUSING, _CLINGING, _SIGN = (np.uint8(1 << bit) for bit in range(4))
_BACKSLASH = ord("\\")
# Thai to Lao, Khmer, Japanese and Chinese: scripts that write words without spaces.
_UNSPACED = ((0x0E00, 0x0EFF), (0x1780, 0x17FF), (0x2E80, 0xA4CF), (0xF900, 0xFAFF))


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Segments of one text, given as code points.

    `bounds` [n+1] are characters. Of the white space that opens each segment, `lead` [n] is the end and
    `breaks` [n] the strength: 0 none, 1 space, 3 line, 5 paragraph.

    `opening` and `closing` mark delimiters: `$ x$` is not math to every reader, so no space is borrowed
    behind an opening or before a closing one; nor before `clinging` ones, commas and the like.
    """

    codes: CodeArray
    bounds: IntArray
    lead: IntArray
    breaks: IntArray
    opening: BoolArray
    closing: BoolArray
    clinging: BoolArray


def lay_out(text: str, bounds: IntArray, groups: tuple[tuple[int, ...], ...] = ()) -> Layout:
    """Find the white space before each segment. `groups` are delimiters that belong together, by segment."""
    codes = _codes(text)
    space = _SPACES[np.minimum(codes, len(_SPACES) - 1)] & (codes < len(_SPACES))
    solid = np.append(np.flatnonzero(~space), len(text))
    lead = np.minimum(solid[np.searchsorted(solid, bounds[:-1])], bounds[1:])
    lines = np.concatenate(([0], np.cumsum(codes == ord("\n"))))
    newlines = lines[lead] - lines[bounds[:-1]]
    breaks = 2 * np.minimum(newlines, 2) + (lead > bounds[:-1])
    opening, closing = np.zeros(len(lead), dtype=bool), np.zeros(len(lead), dtype=bool)
    opening[[group[0] for group in groups]] = True
    closing[[group[-1] for group in groups]] = True
    classes, head = _classes(), codes[np.minimum(lead, len(codes) - 1)]
    clinging = (lead == bounds[:-1]) & (classes[np.minimum(head, len(classes) - 1)] & _CLINGING > 0)
    return Layout(codes, bounds, lead, breaks, opening, closing, clinging)


def _codes(text: str) -> CodeArray:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def kept_spans(layout: Layout, kept: BoolArray) -> IntArray:
    """The characters of the original that stand when the segments in `kept` [n] stay, shape [spans, 2]."""
    index = np.flatnonzero(kept)
    if not len(index):
        return np.zeros((0, 2), dtype=np.int64)
    starts, ends = layout.bounds[index], layout.bounds[index + 1]
    starts[0] = layout.lead[index[0]]
    gaps = np.flatnonzero(np.diff(index) > 1) + 1
    before, after = index[gaps - 1], index[gaps]
    giver = _strongest(layout, before + 1, after + 1)
    strength = layout.breaks[giver]
    tight = layout.opening[before] | layout.closing[after] | layout.clinging[after]
    strength = np.where((strength < 2) & tight, 0, strength)
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


def _merged(starts: IntArray, ends: IntArray) -> IntArray:
    fresh = np.concatenate(([True], starts[1:] != ends[:-1]))
    last = np.append(np.flatnonzero(fresh)[1:] - 1, len(starts) - 1)
    return np.stack((starts[fresh], ends[last]), axis=1)


def reassemble(text: str, spans: IntArray) -> str:
    """The text that kept spans, shape [spans, 2], make of the original: their characters in order, and one
    space where two words would glue.

    Raises:
        OptionError: spans that are not ascending [start, end) pairs within the text.
    """
    pairs = np.asarray(spans, dtype=np.int64).reshape(-1, 2)
    if len(pairs) and (pairs.min() < 0 or pairs.max() > len(text) or (np.diff(pairs.ravel()) <= 0).any()):
        raise OptionError("The spans are not ascending within the text.", f"Characters run from 0 to {len(text)}.")
    return _rendered(_codes(text), pairs)


def rendered(layout: Layout, spans: IntArray) -> str:
    """`reassemble` on a text that is laid out already."""
    return _rendered(layout.codes, spans)


def _rendered(codes: CodeArray, spans: IntArray) -> str:
    starts, ends = spans[:, 0], spans[:, 1]
    edges = np.zeros(len(codes) + 1, dtype=np.int8)
    edges[starts] += 1
    edges[ends] -= 1
    left = codes[np.cumsum(edges[:-1]).astype(bool)]
    nexts = codes[np.minimum(starts[1:] + 1, len(codes) - 1)]
    glued = _glues(codes[ends[:-1] - 1], codes[starts[1:]], nexts)
    if glued.any():
        left = np.insert(left, np.cumsum(ends - starts)[:-1][glued], ord(" "))
    return str(left.tobytes(), "utf-32-le", "surrogatepass")


def _glues(left: CodeArray, right: CodeArray, after: CodeArray) -> BoolArray:
    """Whether characters that came together (`after` follows `right`) would read as one word, number or
    symbol, or a sign as a subtraction, shape [pairs]."""
    classes = _classes()
    a, b, c = (classes[np.minimum(codes, len(classes) - 1)] for codes in (left, right, after))
    words = ((a & _WORDLIKE > 0) & (b & (_WORDLIKE | _SIGN) > 0)) | ((left == _BACKSLASH) & (b & _WORDLIKE > 0))
    decimals = (a & c & _WORDLIKE > 0) & (right == ord("."))
    return np.asarray(words | decimals | ((left == right) & (a & _FUSING > 0)))


@cache
def _classes() -> NDArray[np.uint8]:
    """What each code point of the basic plane is, as flags.

    The last row stands for all beyond it: rare Han and symbols, where no space is put in.
    """
    classes = np.zeros(0x10001, dtype=np.uint8)
    classes[:-1] = [chr(code).isalnum() for code in range(0x10000)]
    for first, last in _UNSPACED:
        classes[first : last + 1] &= ~_WORDLIKE
    classes[[ord(symbol) for symbol in "$`*_|<>=~&"]] |= _FUSING
    classes[[ord(symbol) for symbol in ",.;:!?)]}%"]] |= _CLINGING
    classes[[ord(symbol) for symbol in "-+−±"]] |= _SIGN
    return classes
