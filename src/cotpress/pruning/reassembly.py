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

CodePointArray: TypeAlias = NDArray[np.uint32]

_IS_SPACE = np.array([chr(code).isspace() for code in range(0x3001)])
# Characters that make words and numbers; that make another symbol when two of one kind fuse ($ $ -> $$
# opens display math, * * -> ** opens bold); that stand right behind a word; that sign a number.
_IN_WORD, _FUSES, _FOLLOWS_WORD, _IS_SIGN = (np.uint8(1 << bit) for bit in range(4))
_BACKSLASH = ord("\\")
# Thai to Lao, Khmer, Japanese and Chinese: scripts that write words without spaces.
_UNSPACED_SCRIPTS = ((0x0E00, 0x0EFF), (0x1780, 0x17FF), (0x2E80, 0xA4CF), (0xF900, 0xFAFF))


@dataclass(frozen=True, slots=True, eq=False)
class WhitespaceLayout:
    """Segments of one text, given as code points.

    `bounds` [n+1] are characters. Of the white space that opens each segment, `content_starts` [n] is the end and
    `break_strengths` [n] the strength: 0 none, 1 space, 3 line, 5 paragraph.

    `opening` and `closing` mark delimiters: `$ x$` is not math to every reader, so no space is borrowed
    behind an opening or before a closing one; nor before `follows_word` ones, commas and the like.
    """

    code_points: CodePointArray
    bounds: IntArray
    content_starts: IntArray
    break_strengths: IntArray
    opening: BoolArray
    closing: BoolArray
    follows_word: BoolArray


def compute_layout(text: str, bounds: IntArray, groups: tuple[tuple[int, ...], ...] = ()) -> WhitespaceLayout:
    r"""Find the white space before each segment. `groups` are delimiters that belong together, by segment.

    >>> compute_layout("One. Two.\n\nThree.", np.array([0, 4, 9, 17])).break_strengths.tolist()
    [0, 1, 5]
    """
    codes = _encode_code_points(text)
    space = _IS_SPACE[np.minimum(codes, len(_IS_SPACE) - 1)] & (codes < len(_IS_SPACE))
    solid = np.append(np.flatnonzero(~space), len(text))
    lead = np.minimum(solid[np.searchsorted(solid, bounds[:-1])], bounds[1:])
    lines = np.concatenate(([0], np.cumsum(codes == ord("\n"))))
    newlines = lines[lead] - lines[bounds[:-1]]
    breaks = 2 * np.minimum(newlines, 2) + (lead > bounds[:-1])
    opening, closing = np.zeros(len(lead), dtype=bool), np.zeros(len(lead), dtype=bool)
    opening[[group[0] for group in groups]] = True
    closing[[group[-1] for group in groups]] = True
    classes, head = _build_character_classes(), codes[np.minimum(lead, len(codes) - 1)]
    clinging = (lead == bounds[:-1]) & (classes[np.minimum(head, len(classes) - 1)] & _FOLLOWS_WORD > 0)
    return WhitespaceLayout(codes, bounds, lead, breaks, opening, closing, clinging)


def _encode_code_points(text: str) -> CodePointArray:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def compute_kept_spans(layout: WhitespaceLayout, kept: BoolArray) -> IntArray:
    """The characters of the original that stand when the segments in `kept` [n] stay, shape [spans, 2].

    >>> layout = compute_layout("One. Two. Three.", np.array([0, 4, 9, 16]))
    >>> compute_kept_spans(layout, np.array([True, False, True])).tolist()
    [[0, 4], [9, 16]]
    """
    index = np.flatnonzero(kept)
    if not len(index):
        return np.zeros((0, 2), dtype=np.int64)
    starts, ends = layout.bounds[index], layout.bounds[index + 1]
    starts[0] = layout.content_starts[index[0]]
    gaps = np.flatnonzero(np.diff(index) > 1) + 1
    before, after = index[gaps - 1], index[gaps]
    giver = _find_strongest_breaks(layout, before + 1, after + 1)
    strength = layout.break_strengths[giver]
    tight = layout.opening[before] | layout.closing[after] | layout.follows_word[after]
    strength = np.where((strength < 2) & tight, 0, strength)
    borrowed = (giver != after) & (strength > 0)
    own = (giver == after) & (strength > 0)
    starts[gaps] = np.where(own, layout.bounds[after], layout.content_starts[after])
    all_starts = np.concatenate((layout.bounds[giver[borrowed]], starts))
    all_ends = np.concatenate((layout.content_starts[giver[borrowed]], ends))
    order = np.argsort(all_starts, kind="stable")
    return _merge_adjacent(all_starts[order], all_ends[order])


def _find_strongest_breaks(layout: WhitespaceLayout, low: IntArray, high: IntArray) -> IntArray:
    """Of segments low..high-1, for each pair, the one with the strongest white space; the last among equals."""
    if not len(low):
        return low
    count = len(layout.content_starts)
    score = np.append(layout.break_strengths * count + np.arange(count), -1)
    pairs = np.stack((low, high), axis=1).ravel()
    return np.asarray(np.maximum.reduceat(score, pairs)[::2] % count)


def _merge_adjacent(starts: IntArray, ends: IntArray) -> IntArray:
    fresh = np.concatenate(([True], starts[1:] != ends[:-1]))
    last = np.append(np.flatnonzero(fresh)[1:] - 1, len(starts) - 1)
    return np.stack((starts[fresh], ends[last]), axis=1)


def reassemble(text: str, spans: IntArray) -> str:
    """The text that kept spans, shape [spans, 2], make of the original: their characters in order, and one
    space where two words would glue.

    Raises:
        OptionError: spans that are not ascending [start, end) pairs within the text.

    >>> reassemble('Two and three.', np.array([[0, 3], [7, 14]]))
    'Two three.'
    """
    pairs = np.asarray(spans, dtype=np.int64).reshape(-1, 2)
    if len(pairs) and (pairs.min() < 0 or pairs.max() > len(text) or (np.diff(pairs.ravel()) <= 0).any()):
        raise OptionError("The spans are not ascending within the text.", f"Characters run from 0 to {len(text)}.")
    return _render_code_points(_encode_code_points(text), pairs)


def render_spans(layout: WhitespaceLayout, spans: IntArray) -> str:
    """`reassemble` on a text that is laid out already."""
    return _render_code_points(layout.code_points, spans)


def _render_code_points(codes: CodePointArray, spans: IntArray) -> str:
    starts, ends = spans[:, 0], spans[:, 1]
    edges = np.zeros(len(codes) + 1, dtype=np.int8)
    edges[starts] += 1
    edges[ends] -= 1
    left = codes[np.cumsum(edges[:-1]).astype(bool)]
    nexts = codes[np.minimum(starts[1:] + 1, len(codes) - 1)]
    glued = _find_glued_pairs(codes[ends[:-1] - 1], codes[starts[1:]], nexts)
    if glued.any():
        left = np.insert(left, np.cumsum(ends - starts)[:-1][glued], ord(" "))
    return str(left.tobytes(), "utf-32-le", "surrogatepass")


def _find_glued_pairs(left: CodePointArray, right: CodePointArray, after: CodePointArray) -> BoolArray:
    """Whether characters that came together (`after` follows `right`) would read as one word, number or
    symbol, or a sign as a subtraction, shape [pairs]."""
    classes = _build_character_classes()
    a, b, c = (classes[np.minimum(codes, len(classes) - 1)] for codes in (left, right, after))
    words = ((a & _IN_WORD > 0) & (b & (_IN_WORD | _IS_SIGN) > 0)) | ((left == _BACKSLASH) & (b & _IN_WORD > 0))
    decimals = (a & c & _IN_WORD > 0) & (right == ord("."))
    return np.asarray(words | decimals | ((left == right) & (a & _FUSES > 0)))


@cache
def _build_character_classes() -> NDArray[np.uint8]:
    """What each code point of the basic plane is, as flags.

    The last row stands for all beyond it: rare Han and symbols, where no space is put in.
    """
    classes = np.zeros(0x10001, dtype=np.uint8)
    classes[:-1] = [chr(code).isalnum() for code in range(0x10000)]
    for first, last in _UNSPACED_SCRIPTS:
        classes[first : last + 1] &= ~_IN_WORD
    classes[[ord(symbol) for symbol in "$`*_|<>=~&"]] |= _FUSES
    classes[[ord(symbol) for symbol in ",.;:!?)]}%"]] |= _FOLLOWS_WORD
    classes[[ord(symbol) for symbol in "-+−±"]] |= _IS_SIGN
    return classes
