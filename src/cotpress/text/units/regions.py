"""Finds where code, formulas, environments and bold text begin and end, and which braces match.

One pass over the delimiters of a text, with no backtracking: an opener either finds its closer ahead under the rules
below, or it is an ordinary character. So an unclosed fence, a stray `$` or a lone `\\[` never swallows what follows.

- Code (see `code_regions`) comes first; nothing else is read inside it.
- `\\(`..`\\)` and `$`..`$` stay within a paragraph; `\\[`..`\\]` and `$$`..`$$` may hold blank lines;
  `\\begin{x}`..`\\end{x}` nest by name. A dollar is a currency sign unless `is_formula`.
- Braces and `\\left`..`\\right` match within one region, and outside math within one paragraph.
- `**`..`**` is bold text within one line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from cotpress.text.units.code_regions import find_code_regions
from cotpress.text.units.dollar_formulas import PROSE_WORD_LIMIT, count_prose_words, is_formula
from cotpress.text.units.text_layout import Delimiter, Region, TextLayout
from cotpress.text.units.unit_kinds import LexMode

# As in `code`: a plain character first, and the name of the group is the kind.
_DELIMITER = re.compile(
    r"\\(?P<begin>begin\s*+\{[A-Za-z]{1,40}\*?\})|\\(?P<end>end\s*+\{[A-Za-z]{1,40}\*?\})"
    r"|\\(?P<left>left(?![A-Za-z]))|\\(?P<right>right(?![A-Za-z]))"
    r"|\\(?P<textbrace>(?:text[a-z]*+|mbox|hbox|tag|label)\*?\s*+\{)"
    r"|\\(?P<paren>\()|\\(?P<unparen>\))|\\(?P<bracket>\[)|\\(?P<unbracket>\])|\\(?P<escape>[^A-Za-z])"
    r"|\$(?P<dollars>\$)|\$(?P<dollar>)|\*\*(?P<bold>\**+)|\{(?P<brace>)|\}(?P<unbrace>)|\n(?P<blank>[ \t\r]*+\n)"
)
_MATH_ENVIRONMENT = re.compile(
    r"(?:equation|align|alignat|gather|multline|eqnarray|flalign|displaymath|math|array|cases|split|aligned|gathered"
    r"|[bBpvV]?matrix|smallmatrix|subarray|dcases|rcases|alignedat)\*?\Z"
)
_MAX_DOLLAR_DISTANCE = 200  # delimiters looked at for the dollar that closes one


def find_regions(text: str) -> TextLayout:
    """All regions and brace pairs of a text."""
    layout = TextLayout()
    find_code_regions(text, layout)
    _RegionScanner(text, layout).run()
    layout.regions.sort()
    return layout


class _OpenRegion(NamedTuple):
    """An open region: the index of the token that closes it, its mode, and how many open braces are outside it."""

    closer: int
    mode: LexMode
    outer_braces: int


class _RegionScanner:
    """The pass over the delimiters outside code. Open braces are a stack; a region that closes drops its own."""

    def __init__(self, text: str, layout: TextLayout) -> None:
        self.text = text
        self.layout = layout
        self.delimiters = self._find_delimiters()
        self.environment_ends = self._match_environments()
        self.open_regions = [_OpenRegion(len(self.delimiters), LexMode.PROSE, 0)]
        self.open_braces: list[Delimiter] = []

    def run(self) -> None:
        """Fill the layout."""
        for index, token in enumerate(self.delimiters):
            if index == self.open_regions[-1].closer:
                del self.open_braces[self.open_regions.pop().outer_braces :]
            else:
                self._read_delimiter(index, token)

    def _read_delimiter(self, index: int, token: Delimiter) -> None:
        kind, frame = token.kind, self.open_regions[-1]
        if kind in ("brace", "textbrace", "left"):
            self.open_braces.append(token)
        elif kind in ("unbrace", "right"):
            self._close_brace(token, frame.outer_braces)
        elif kind == "blank":
            if frame.mode is LexMode.PROSE:
                del self.open_braces[frame.outer_braces :]
        elif kind == "begin" or self._is_reading_prose(frame):
            last = self._find_closer(index, token)
            if last is not None and last < frame.closer:
                self._open_region(token, last)

    def _is_reading_prose(self, frame: _OpenRegion) -> bool:
        """Math opens in prose, and in math only inside a \\text{...}."""
        if frame.mode is LexMode.PROSE:
            return True
        return len(self.open_braces) > frame.outer_braces and self.open_braces[-1].kind == "textbrace"

    def _open_region(self, token: Delimiter, last: int) -> None:
        end = self.delimiters[last]
        mode, formal = LexMode.MATH, True
        if token.kind == "bold":
            mode, formal = LexMode.PROSE, False
        elif token.kind == "begin" and not _MATH_ENVIRONMENT.match(_get_environment_name(token)):
            mode = self.open_regions[-1].mode
            formal = mode is LexMode.MATH
        self.open_regions.append(_OpenRegion(last, mode, len(self.open_braces)))
        self.layout.regions.append(Region(token.start, token.end, end.start, end.end, mode, formal))

    def _close_brace(self, token: Delimiter, floor: int) -> None:
        if token.kind == "right":
            if len(self.open_braces) > floor and self.open_braces[-1].kind == "left":
                self.layout.partner[self.open_braces.pop().start] = token.start
            return
        while len(self.open_braces) > floor:
            top = self.open_braces.pop()
            if top.kind != "left":  # a \left that the brace leaves open stays an ordinary command
                self.layout.partner[top.end - 1] = token.start
                return

    def _find_closer(self, index: int, token: Delimiter) -> int | None:
        """The index of the token that closes this one, or None. Searches that fail end where the next of the same kind
        begins, so that all together they cost one pass."""
        kind = token.kind
        if kind == "begin":
            return self.environment_ends.get(index)
        if kind in ("paren", "bracket"):
            return self._find_next(index, f"un{kind}", (kind, "blank") if kind == "paren" else (kind,))
        if kind == "dollars":
            last = self._find_next(index, kind, ())
            return last if last is not None and self._is_display(token.end, self.delimiters[last].start) else None
        if kind == "dollar":
            last = self._find_closing_dollar(index)
            return last if last is not None and is_formula(self.text, token.end, self.delimiters[last].start) else None
        return self._find_closing_bold(index, token) if kind == "bold" else None

    def _find_next(self, index: int, wanted: str, stops: tuple[str, ...]) -> int | None:
        for i in range(index + 1, self.open_regions[-1].closer):
            kind = self.delimiters[i].kind
            if kind == wanted:
                return i
            if kind in stops:
                return None
        return None

    def _is_display(self, start: int, end: int) -> bool:
        """Whether two `$$` enclose a formula: prose with a blank line in between means that one is missing."""
        inside = self.text[start:end]
        return "\n\n" not in inside.strip() or count_prose_words(inside) < PROSE_WORD_LIMIT

    def _find_closing_dollar(self, index: int) -> int | None:
        depth: list[bool] = []  # of open braces: whether they hold text, where a dollar nests
        for i in range(index + 1, min(self.open_regions[-1].closer, index + _MAX_DOLLAR_DISTANCE)):
            kind = self.delimiters[i].kind
            if kind in ("brace", "textbrace"):
                depth.append(kind == "textbrace")
            elif kind == "unbrace" and depth:
                depth.pop()
            elif kind == "dollar" and not any(depth):
                return i
            elif kind in ("blank", "dollars", "paren", "bracket"):
                return None
        return None

    def _find_closing_bold(self, index: int, token: Delimiter) -> int | None:
        before, after = self.text[token.start - 1 : token.start], self.text[token.end : token.end + 1]
        if len(token.text) > 3 or before.isalnum() or not after.strip():
            return None
        last = self._find_next(index, "bold", ("blank",))
        if last is None or self.delimiters[last].text != token.text:
            return None
        content = self.text[token.end : self.delimiters[last].start]
        return last if not content[-1].isspace() and "\n" not in content else None

    def _find_delimiters(self) -> list[Delimiter]:
        code = [(r.start, r.end) for r in self.layout.regions]  # ascending and disjoint
        starts = [start for start, _ in code]
        tokens: list[Delimiter] = []
        inline = display = False  # an odd number so far of single dollars in the paragraph, of double ones in the text
        for m in _DELIMITER.finditer(self.text):
            kind, start, end = m.lastgroup or "", m.start(), m.end()
            if kind == "escape" or (kind == "blank" and tokens and tokens[-1].kind == "blank"):
                continue  # a second blank line ends no more than the first
            k = bisect_right(starts, start) - 1 if starts else -1
            if k >= 0 and start < code[k][1]:
                continue
            if kind == "dollars" and inline and not display and not re.search(r"\s", self.text[start - 1 : end + 1]):
                tokens += [
                    Delimiter("dollar", start, start + 1, "$"),
                    Delimiter("dollar", start + 1, end, "$"),
                ]  # $a$$b$
                continue
            inline = (inline != (kind == "dollar")) and kind != "blank"
            display ^= kind == "dollars"
            tokens.append(Delimiter(kind, start, end, m.group()))
        return tokens

    def _match_environments(self) -> dict[int, int]:
        """The index of each \\begin that has an \\end -> that of its \\end."""
        ends: dict[int, int] = {}
        opened: list[tuple[str, int]] = []
        counts: dict[str, int] = {}  # how many of each name are open: an \end without any must not close others
        for i, token in enumerate(self.delimiters):
            if token.kind not in ("begin", "end"):
                continue
            name = _get_environment_name(token)
            if token.kind == "begin":
                opened.append((name, i))
                counts[name] = counts.get(name, 0) + 1
            elif counts.get(name):
                top, at = "", 0
                while top != name:
                    top, at = opened.pop()
                    counts[top] -= 1
                ends[at] = i
        return ends


def _get_environment_name(token: Delimiter) -> str:
    return token.text.partition("{")[2].rstrip("}")
