"""The bars of Markdown tables: a row keeps all of them or none, the head keeps the rule below it."""

from __future__ import annotations

import re

import numpy as np

from cotpress.text.segmentation import Segmentation
from cotpress.text.units.bracket_pairs import UnitGroup
from cotpress.types import BoolArray

_RULE = re.compile(
    r"^[ \t]*+(?=[-: \t]*+\|)\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+$", re.MULTILINE
)


def find_table_bars(segmentation: Segmentation, taken: BoolArray) -> list[UnitGroup]:
    """A group of bars for each row of each table; that of the head has the units of the rule, too.

    Args:
        segmentation: the text, cut.
        taken: [units], units that are in other groups, or between them.

    >>> from cotpress.text import segment
    >>> cut = segment("| a | b |\\n|---|---|\\n| 1 | 2 |")
    >>> find_table_bars(cut, np.zeros(len(cut.kinds), dtype=bool))
    [(0, 2, 4, 5, 6, 7, 8, 9), (10, 12, 14)]
    """
    text = segmentation.text
    groups: list[UnitGroup] = []
    if "|" not in text or "--" not in text:
        return groups
    after = 0
    for rule in _RULE.finditer(text):
        head = text.rfind("\n", 0, max(0, rule.start() - 1)) + 1
        if rule.start() < max(after, 1) or "|" not in text[head : rule.start()]:
            continue
        reader = _LineReader(segmentation, taken)
        bars = reader.find_bars(head, rule.start()) + reader.find_units(*rule.span())
        rows, after = _find_rows(reader, rule.end() + 1)
        groups += [group for group in (tuple(bars), *rows) if len(group) > 1]
    return groups


class _LineReader:
    """Finds units of a line, but for those that are taken."""

    def __init__(self, segmentation: Segmentation, taken: BoolArray) -> None:
        self.text = segmentation.text
        self._bounds = segmentation.units
        self._taken = taken

    def find_units(self, start: int, end: int, pattern: str = r"\S") -> list[int]:
        """The units with a character of start..end that the pattern matches."""
        places = [start + m.start() for m in re.finditer(pattern, self.text[start:end])]
        units = np.unique(np.searchsorted(self._bounds, places, side="right") - 1)
        return [unit for unit in units.tolist() if not self._taken[unit]]

    def find_bars(self, start: int, end: int) -> list[int]:
        """The units of start..end that are bars and nothing else."""
        return [unit for unit in self.find_units(start, end, r"\|") if not self._strip(unit).strip("|")]

    def _strip(self, unit: int) -> str:
        return self.text[self._bounds[unit] : self._bounds[unit + 1]].strip()


def _find_rows(reader: _LineReader, start: int) -> tuple[list[UnitGroup], int]:
    """The bars of each line that has some, from `start` on, and where the table ends."""
    text, rows = reader.text, []
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if "|" not in text[start:end]:
            break
        rows.append(tuple(reader.find_bars(start, end)))
        start = end + 1
    return rows, start
