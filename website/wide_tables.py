"""Tables of many columns: each in a box that scrolls by itself, in which the columns that name a row stay in sight."""

from __future__ import annotations

import html
import re
from itertools import count
from typing import Final

WIDE: Final = 7  # columns from which on a table is wide
MAX_KEYS: Final = 3  # columns that stay in sight; more would leave no room on a telephone
_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
_INTERVAL = re.compile(r"\[-?[\d.]+%?, -?[\d.]+%?\]")


def box_tables(content: str, title: str) -> str:
    """The HTML of a page with a box around each of its wide tables, which are numbered: a box has to have a name.

    >>> row = "<tr>" + "".join(f"<td>{value}</td>" for value in range(7)) + "</tr>"
    >>> box_tables(f"<table>{row}</table>", "Speed").partition("<table>")[0]
    '<div class="wide keys-1" tabindex="0" role="region" aria-label="Speed, wide table 1">'
    """
    numbers = count(1)

    def box(found: re.Match[str]) -> str:
        rows = [_CELL.findall(row) for row in _ROW.findall(found[0])]
        if not rows or len(rows[0]) < WIDE:
            return found[0]
        name = html.escape(f"{title}, wide table {next(numbers)}", quote=True)
        opening = f'<div class="wide keys-{count_keys(rows[1:])}" tabindex="0" role="region" aria-label="{name}">'
        return f"{opening}{found[0]}</div>"

    boxed = _TABLE.sub(box, content)
    return _CELL.sub(lambda cell: _INTERVAL.sub(_keep_together, cell[0]), boxed)


def count_keys(rows: list[list[str]]) -> int:
    """How many of the first columns tell the rows apart; 1 where it takes too many of them.

    >>> count_keys([["a", "0.5", "x"], ["a", "0.3", "x"]]), count_keys([["a", "x"], ["b", "x"]])
    (2, 1)
    """
    for keys in range(1, MAX_KEYS + 1):
        if len({tuple(row[:keys]) for row in rows}) == len(rows):
            return keys
    return 1


def _keep_together(interval: re.Match[str]) -> str:
    return f'<span class="interval">{interval[0]}</span>'
