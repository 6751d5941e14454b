"""Rows of short words as lines of a given width. Rich's own tables take ten times as long to lay out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len, set_cell_size

_LEAST = 4  # characters


def lines(rows: Sequence[Mapping[str, str]], columns: Mapping[str, int | None], width: int) -> list[str]:
    """A line for the names of the columns and one for every row, in columns as wide as what is in them; empty ones are
    left out. Where they are too wide together, those that are not None give way, the widest first: one is wider than
    another for as many characters as it is favoured by more."""
    used = [name for name in columns if any(row.get(name) for row in rows)]
    table = [{name: name for name in used}, *rows]
    widths = {name: max(cell_len(row.get(name, "")) for row in table) for name in used}
    favours = {name: favour for name in used if (favour := columns[name]) is not None}
    gap = "  " if sum(widths.values()) + 2 * len(used) <= width else " "
    while sum(widths.values()) + len(gap) * (len(used) - 1) > width:
        widest = max(favours, key=lambda name: widths[name] - favours[name], default=None)
        if widest is None or widths[widest] <= _LEAST:
            break
        widths[widest] -= 1
    return [gap.join(fitted(row.get(name, ""), widths[name]) for name in used).rstrip() for row in table]


def packed(parts: Sequence[str], width: int) -> list[str]:
    """Parts with commas between them, as many to a line as there is room for."""
    found: list[str] = []
    for part in parts:
        if found and cell_len(found[-1]) + len(", ,") + cell_len(part) <= width:
            found[-1] += f", {part}"
        else:
            found.append(part)
    return [*(f"{line}," for line in found[:-1]), *found[-1:]]


def fitted(words: str, width: int) -> str:
    """Exactly so wide, with an ellipsis where something is left out."""
    return set_cell_size(words, width) if cell_len(words) <= width else f"{set_cell_size(words, width - 1)}…"
