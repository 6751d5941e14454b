"""One pair as an SVG picture: the original with what was kept in it, beside what is left. For a README or a slide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final
from xml.sax.saxutils import escape

from cotpress.analysis.pairs import MarkedPart, Pair, PartKind, join_kinds
from cotpress.errors import OptionError

COLUMNS: Final = 66  # characters of a line of either text
MAX_LINES: Final = 40  # of either text; of a longer one the rest is counted
_CHARACTER, _LINE, _MARGIN, _HEAD = 7.23, 17, 20, 48  # pixels
_STYLE: Final = (
    "text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,DejaVu Sans Mono,monospace;white-space:pre;fill:#1f2328}"
    ".page{fill:#fff;stroke:#d1d9e0}.head{font-weight:700}.deleted{fill:#9aa2ab}.note{fill:#59636e}"
    "@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.page{fill:#0d1117;stroke:#3d444d}"
    ".deleted{fill:#656c76}.note{fill:#9198a1}}"
)
_PIECE = re.compile(r"\n|[^\S\n]+|\S+")

Line = list[MarkedPart]


def draw_pair(pair: Pair, *, max_lines: int = MAX_LINES) -> str:
    """An SVG of a pair, with colours for light and for dark pages. What was deleted is pale.

    Args:
        pair: a trace before and after.
        max_lines: lines of either text, from 1 up; the picture says how many more there are.

    Raises:
        OptionError: fewer than one line.

    >>> from pathlib import Path
    >>> from cotpress import Trace, compress, write
    >>> from cotpress.analysis.pairs import open_pairs
    >>> _ = write(compress([Trace("1", "2+3?", "Two & three. 2+3=5.", "5")]), "out")
    >>> output = open_pairs(Path("out"))
    >>> draw_pair(next(output.read(output.figures)))[:4]
    '<svg'
    """
    if max_lines < 1:
        raise OptionError(f"A picture of {max_lines} lines shows nothing.", "Give a whole number from 1 up.")
    parts, figures = pair.mark(), pair.figures
    before = wrap_parts([part for part in parts if part.kind != "inserted"])
    after = wrap_parts([MarkedPart("kept", join_kinds(parts, "kept", "inserted"))])
    heads = (
        f"before: {figures.tokens_original:,} tokens",
        f"after: {figures.tokens_kept:,} tokens, {figures.realized_ratio:.0%}",
    )
    column = round(COLUMNS * _CHARACTER) + _MARGIN
    width = 2 * column + _MARGIN
    height = _HEAD + min(max(len(before), len(after)), max_lines + 1) * _LINE + _MARGIN // 2
    drawn = [
        line
        for at, (head, lines) in enumerate(zip(heads, (before, after), strict=True))
        for line in _draw_column(head, lines, _MARGIN + at * column, max_lines)
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">',
            f"<title>Trace {_escape(figures.id)} before and after</title><style>{_STYLE}</style>",
            f'<rect class="page" x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="6"/>',
            *drawn,
            "</svg>\n",
        ]
    )


def wrap_parts(parts: Iterable[MarkedPart], columns: int = COLUMNS) -> list[Line]:
    """The parts as lines of at most so many characters, broken between words. Blank lines go, long words are cut.

    >>> [[part.text for part in line] for line in wrap_parts([MarkedPart("kept", "x is three.")], 6)]
    [['x is'], ['three.']]
    """
    lines: list[list[tuple[PartKind, str]]] = [[]]
    used = 0
    for kind, piece in _split_pieces(parts, columns):
        if piece == "\n" or used + len(piece) > columns:
            lines.append([])
            used = 0
        if not piece.isspace() or (used and piece != "\n"):
            lines[-1].append((kind, piece))
            used += len(piece)
    return [_join_pieces(line) for line in lines if line]


def _split_pieces(parts: Iterable[MarkedPart], columns: int) -> Iterator[tuple[PartKind, str]]:
    """Line breaks, white space and words, none longer than a line."""
    for part in parts:
        for match in _PIECE.finditer(part.text.expandtabs(4)):
            for start in range(0, len(match[0]), columns):
                yield part.kind, match[0][start : start + columns]


def _join_pieces(pieces: Sequence[tuple[PartKind, str]]) -> Line:
    """Neighbours of one kind as one part, without white space at the end of the line."""
    end = len(pieces) - 1 if pieces[-1][1].isspace() else len(pieces)
    return [
        MarkedPart(kind, "".join(text for _, text in group))
        for kind, group in groupby(pieces[:end], key=lambda piece: piece[0])
    ]


def _draw_column(head: str, lines: Sequence[Line], left: int, max_lines: int) -> Iterator[str]:
    yield f'<text class="head" x="{left}" y="{_HEAD - 22}">{_escape(head)}</text>'
    for number, line in enumerate(lines[:max_lines]):
        spans = "".join(f'<tspan class="{part.kind}">{_escape(part.text)}</tspan>' for part in line)
        yield f'<text x="{left}" y="{_HEAD + (number + 0.5) * _LINE:g}">{spans}</text>'
    if len(lines) > max_lines:
        note = f"… {len(lines) - max_lines:,} more lines"
        yield f'<text class="note" x="{left}" y="{_HEAD + (max_lines + 0.5) * _LINE:g}">{note}</text>'


def _escape(text: str) -> str:
    """Text for XML; a character that cannot be shown, or would turn the text, is replaced."""
    return escape("".join(sign if sign.isprintable() else " " if sign.isspace() else "\ufffd" for sign in text))
