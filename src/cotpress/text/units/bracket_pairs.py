"""Which brackets, quotes, marks of emphasis and tags belong together, outside and inside formulas.

One pass with a stack. A closing bracket finds the last opening one of its kind within the same context; a context is
what stands between two neighbouring delimiters of a group, such as the numerator of a fraction. What finds no partner
is an ordinary character.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from cotpress.types import BoolArray, IntArray

UnitGroup = tuple[int, ...]

_PAIRS = "()[]（）［］｛｝【】《》〈〉「」『』“”«»⌊⌋⌈⌉⟨⟩"
# It begins with the characters that a delimiter can begin with, so that the search passes over all others at the speed
# of C; the name of a group is the kind.
_DELIMITER = re.compile(
    rf"[\\{re.escape(_PAIRS)}\"'*<](?:(?<=[{re.escape(_PAIRS)}])(?P<bracket>)"
    r"|(?<=\\)(?:(?P<escape>[()\[\]*<>\\])|(?P<escaped>\")|(?P<brace>[{}])"
    r"|(?P<shape>[lr](?:floor|ceil|angle|vert|Vert|brace|brack|group)(?![A-Za-z])))"
    r"|(?P<triple>(?<=\")\"\"|(?<=')'')|(?<=\")(?P<quote>)"
    r"|(?<=\*)(?P<star>(?<![*\w\\].)(?=[^\s*])|(?<=[^\s*\\].)(?![*\w]))"
    r"|(?<=<)(?P<tag>/?[A-Za-z][\w-]{0,40}>))"
)
_OPENER_OF = dict(zip(_PAIRS[1::2], _PAIRS[::2], strict=True))
_INTERVAL_OPENER = {"(": "[", "[": "("}  # [0, 1) and (0, 1]
_MAX_INTERVAL_CHARACTERS = 60  # characters
_SENTENCE_ENDS = frozenset(".,!?")
_MAX_EMPHASIS_CHARACTERS = 300  # characters


_Opened = tuple[str, int, int, int]  # kind, first and last unit, character


@dataclass(slots=True)
class _Context:
    """What is open between two delimiters: a stack, and how many of each kind are on it."""

    opened: list[_Opened] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def open(self, delimiter: _Opened) -> None:
        self.opened.append(delimiter)
        self.counts[delimiter[0]] += 1

    def close(self, kind: str) -> _Opened | None:
        """The last open delimiter of a kind; those that were opened after it have no partner."""
        while self.counts[kind]:
            last = self.opened.pop()
            self.counts[last[0]] -= 1
            if last[0] == kind:
                return last
        return None


class BracketMatcher:
    """Finds the pairs of one text, as groups of units.

    Args:
        text: the text.
        units: [units + 1], ascending character boundaries of its units.
        groups: ascending unit indices of delimiters that belong together already; they nest.
        taken: [units], what is read as a delimiter no more.
    """

    def __init__(self, text: str, units: IntArray, groups: list[UnitGroup], taken: BoolArray) -> None:
        self.text = text
        self.units = units
        self.pairs: list[UnitGroup] = []
        self._contexts = [_Context()]
        self._edges = sorted((unit, at == 0, at == len(group) - 1) for group in groups for at, unit in enumerate(group))
        self._taken = taken

    def run(self) -> list[UnitGroup]:
        """All pairs; those that share a unit are one group."""
        matches = list(_DELIMITER.finditer(self.text))
        firsts = np.searchsorted(self.units, [m.start() for m in matches], side="right") - 1
        lasts = np.searchsorted(self.units, [m.end() - 1 for m in matches], side="right") - 1
        free = np.flatnonzero(~(self._taken[firsts] | self._taken[lasts]))
        edge = 0
        for i, first, last in zip(free.tolist(), firsts[free].tolist(), lasts[free].tolist(), strict=True):
            while edge < len(self._edges) and self._edges[edge][0] < first:
                self._change_context(*self._edges[edge][1:])
                edge += 1
            self._read(matches[i], first, last)
        return join_overlapping(self.pairs)

    def _change_context(self, is_first: bool, is_last: bool) -> None:
        if not is_first:
            self._contexts.pop()
        if not is_last:
            self._contexts.append(_Context())

    def _read(self, m: re.Match[str], first: int, last: int) -> None:
        sign, kind, at = m.group(), m.lastgroup, m.start()
        if kind == "bracket":
            if opener := _OPENER_OF.get(sign):
                self._meet(self._choose_opener(opener, at), False, first, last, at)
            else:
                self._contexts[-1].open((sign, first, last, at))
        elif kind == "brace":
            self._meet("{", sign[1] == "{", first, last, at)
        elif kind == "shape":
            self._meet(sign[2:], sign[1] == "l", first, last, at)
        elif kind == "tag":
            self._meet(sign.replace("/", ""), sign[1] != "/", first, last, at)
        elif kind == "quote":
            self._read_quote(first, last, at)
        elif kind in ("escaped", "triple"):  # in code: they alternate
            self._meet(sign, not self._contexts[-1].counts[sign], first, last, at)
        elif kind == "star":
            self._read_star(first, last, at)

    def _meet(self, kind: str, opens: bool, first: int, last: int, at: int) -> bool:
        """An opening or a closing delimiter; whether it was opened, or found its partner."""
        if opens:
            self._contexts[-1].open((kind, first, last, at))
            return True
        partner = self._contexts[-1].close(kind)
        if partner is None:
            return False
        if partner[1] == partner[2] and first == last:
            self.pairs += [(partner[1], first)] if partner[1] < first else []
        else:
            self.pairs.append((*range(partner[1], partner[2] + 1), *range(first, last + 1)))
        return True

    def _choose_opener(self, opener: str, at: int) -> str:
        """The kind that a closing bracket closes: its own, or that of an interval, as in [0, 1)."""
        context, other = self._contexts[-1], _INTERVAL_OPENER.get(opener, "")
        last = context.opened[-1] if context.opened else None
        if last is None or last[0] != other or at - last[3] >= _MAX_INTERVAL_CHARACTERS:
            return opener
        return other if not context.counts[opener] or "," in self.text[last[3] : at] else opener

    def _read_quote(self, first: int, last: int, at: int) -> None:
        """A quotation mark closes one that is open, unless it looks like the beginning of a word; one after a letter or
        a digit opens nothing: it may stand for inches."""
        before, after = self.text[at - 1 : at], self.text[at + 1 : at + 2]
        closes = (before.strip() or not after.strip()) and not after.isalnum()
        if (closes or before in _SENTENCE_ENDS) and self._meet('"', False, first, last, at):
            return
        if not before.isalnum():
            self._meet('"', True, first, last, at)

    def _read_star(self, first: int, last: int, at: int) -> None:
        """Emphasis, within one line."""
        opened = self._contexts[-1].opened
        before, after = self.text[at - 1 : at], self.text[at + 1 : at + 2]
        start = opened[-1][3] if opened and opened[-1][0] == "*" else -_MAX_EMPHASIS_CHARACTERS
        same_line = at - start < _MAX_EMPHASIS_CHARACTERS and "\n" not in self.text[start:at]
        if before.strip() and same_line:
            self._meet("*", False, first, last, at)
        elif after.strip() and not before.isalnum():
            self._meet("*", True, first, last, at)


def join_overlapping(groups: list[UnitGroup]) -> list[UnitGroup]:
    """The groups of units, those with a unit in common as one, each ascending.

    >>> join_overlapping([(1, 3), (0, 4), (3, 5)])
    [(1, 3, 5), (0, 4)]
    """
    members = np.sort(np.array([unit for group in groups for unit in group], dtype=np.int64))
    if (np.diff(members) > 0).all():
        return groups
    parent = {unit: unit for group in groups for unit in group}

    def find(unit: int) -> int:
        while parent[unit] != unit:
            parent[unit] = unit = parent[parent[unit]]
        return unit

    for group in groups:
        for unit in group[1:]:
            parent[find(unit)] = find(group[0])
    joined: dict[int, list[int]] = {}
    for unit in parent:
        joined.setdefault(find(unit), []).append(unit)
    return [tuple(sorted(members)) for members in joined.values()]
