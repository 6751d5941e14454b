"""Which delimiters of a text belong together, and which have no partner: the gauges' own reading."""

from __future__ import annotations

import re
from typing import Final

from cotpress.types import Span

# Each alternative begins with a plain character, which lets the search skip everything else at the speed of C; the name
# of its group is its kind, and a bracket by itself has none.
_DELIMITER = re.compile(
    r"\(|\)|\[|\]|\{|\}|\n(?P<blank>[ \t]*\n)|``(?P<fence>`+)|\$(?P<dollars>\$)"
    r"|\\(?P<left>left)(?![A-Za-z])\s?(?:\\[a-zA-Z]+|\\?[()\[\]{}|./])?"
    r"|\\(?P<right>right)(?![A-Za-z])\s?(?:\\[a-zA-Z]+|\\?[()\[\]{}|./])?"
    r"|\\(?P<math>[()\[\]])|\\(?P<brace>[{}])|\\\\(?P<row>(?:\[[^\]\n]{0,8}\])?)|\\(?P<escape>.)"
)
_NO_DELIMITERS: Final = frozenset(("row", "escape"))
# `$x + 1$` within a line: no space inside its edges, no digit behind it ("$5 and $6" is money), no run of prose.
_DOLLAR_FORMULA = re.compile(r"\$(?<![\\$\w].)(?=[^\s$])([^$\n]{0,200}?)(?<=[^\s\\])\$(?![\d$])")
_PROSE = re.compile(r"(?<![\\A-Za-z])[a-z]{3,}\s+[a-z]{2,}\s+[a-z]{2,}")
_LIST_MARK = re.compile(r"\n[ \t]*\w{1,4}\)")
_OPENERS: Final = frozenset(("(", "[", "{", "\\(", "\\[", "\\{", "\\left"))
_PARTNERS: Final = {
    ")": "(",
    "]": "[",
    "}": "{",
    "\\)": "\\(",
    "\\]": "\\[",
    "\\}": "\\{",
    "\\right": "\\left",
}
_INTERVAL: Final = {"(": "]", "[": ")"}  # half-open intervals: [0, 1)
_MAX_DEPTH: Final = 8  # open delimiters that a closing one is looked for among
_ACROSS_PARAGRAPHS: Final = frozenset(("\\[", "$$"))


def pair_delimiters(text: str) -> tuple[list[Span], list[str]]:
    r"""Pairs of positions of delimiters that belong together, and the delimiters without a partner.

    Brackets pair within a paragraph and outside of code; an interval such as [0, 1) is a pair. Time is linear.

    >>> pair_delimiters(r'\(f(x)\) and (y'), pair_delimiters('1) [0, 1)')
    (([(3, 5), (0, 6)], ['(']), ([(3, 8)], []))
    """
    scanner = _Scanner({match.end() - 2 for match in _LIST_MARK.finditer("\n" + text)})
    for match in _DELIMITER.finditer(text):
        kind = match.lastgroup
        if kind is None:
            scanner.read(match[0], match.start())
        elif kind not in _NO_DELIMITERS:
            scanner.read_special(kind, match)
    formulas = [(m.start(), m.end() - 1) for m in _DOLLAR_FORMULA.finditer(text) if not _PROSE.search(m[1])]
    return scanner.pairs + formulas, scanner.finish()


class _Scanner:
    """The delimiters that are open, by sign and place, while a text is read from its start."""

    def __init__(self, ignored: set[int]) -> None:
        self.pairs: list[Span] = []
        self._ignored = ignored
        self._opened: list[tuple[str, int]] = []
        self._alone: list[str] = []
        self._fence = -1  # where the block of code begins that is open

    def read_special(self, kind: str, match: re.Match[str]) -> None:
        """A fence, the end of a paragraph, or a delimiter of LaTeX."""
        at = match.start()
        if kind == "fence":
            if self._fence >= 0:
                self.pairs.append((self._fence, at))
            self._fence = -1 if self._fence >= 0 else at
        elif kind == "blank":
            if not self._opened:
                return
            self._alone += [sign for sign, _ in self._opened if sign not in _ACROSS_PARAGRAPHS]
            self._opened = [entry for entry in self._opened if entry[0] in _ACROSS_PARAGRAPHS][-_MAX_DEPTH:]
        elif kind == "dollars":
            self._toggle("$$", at)
        else:
            self.read(f"\\{kind}" if kind in ("left", "right") else match[0], at)

    def read(self, sign: str, at: int) -> None:
        """A delimiter that opens or closes."""
        if self._fence >= 0 or at in self._ignored:
            return
        opened = self._opened
        if sign in _OPENERS:
            opened.append((sign, at))
            return
        wanted = _PARTNERS[sign]
        for depth in range(1, min(len(opened), _MAX_DEPTH) + 1):
            mark, place = opened[-depth]
            if mark == wanted or (depth == 1 and _INTERVAL.get(mark) == sign):
                self._alone += [left for left, _ in opened[len(opened) - depth + 1 :]]
                del opened[len(opened) - depth :]
                self.pairs.append((place, at))
                return
        self._alone.append(sign)

    def finish(self) -> list[str]:
        """The delimiters without a partner."""
        return self._alone + [sign for sign, _ in self._opened] + (["```"] if self._fence >= 0 else [])

    def _toggle(self, sign: str, at: int) -> None:
        for depth in range(1, min(len(self._opened), _MAX_DEPTH) + 1):
            if self._opened[-depth][0] == sign:
                self.pairs.append((self._opened[-depth][1], at))
                del self._opened[-depth:]
                return
        self._opened.append((sign, at))
