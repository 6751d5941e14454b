"""Rows of short words as lines of a given width. Rich's own tables take ten times as long to lay out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len, set_cell_size

_MIN_COLUMN_WIDTH = 4  # characters


def format_columns(rows: Sequence[Mapping[str, str]], columns: Mapping[str, int | None], width: int) -> list[str]:
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
        if widest is None or widths[widest] <= _MIN_COLUMN_WIDTH:
            break
        widths[widest] -= 1
    return [gap.join(fit_width(row.get(name, ""), widths[name]) for name in used).rstrip() for row in table]


def share_width(rows: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """The widths of columns whose texts are wrapped: none cuts a word, and what is left goes where it saves most lines.

    Args:
        rows: the texts of each row, that of the names among them.
        room: characters that the columns share.

    Returns:
        None where the longest words alone need more.

    >>> share_width([("name", "what it is"), ("backbone", "what the answer rests on")], 20)
    [8, 12]
    """
    columns = list(zip(*rows, strict=True))
    widths = [max(cell_len(word) for text in column for word in (text.split() or [""])) for column in columns]
    whole = [max(map(cell_len, column)) for column in columns]
    if sum(widths) > room:
        return None
    for _ in range(min(room, sum(whole)) - sum(widths)):
        widths[max(range(len(widths)), key=lambda at: whole[at] / max(1, widths[at]))] += 1
    return widths


def pack_parts(parts: Sequence[str], width: int) -> list[str]:
    """Parts with commas between them, as many to a line as fit."""
    lines: list[str] = []
    for part in parts:
        if lines and cell_len(lines[-1]) + len(", ,") + cell_len(part) <= width:
            lines[-1] += f", {part}"
        else:
            lines.append(part)
    return [*(f"{line}," for line in lines[:-1]), *lines[-1:]]


def fit_width(words: str, width: int) -> str:
    """Exactly so wide, with an ellipsis where something is left out."""
    return set_cell_size(words, width) if cell_len(words) <= width else f"{set_cell_size(words, width - 1)}…"
