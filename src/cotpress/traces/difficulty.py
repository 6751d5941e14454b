"""How hard a row says that its question is: its column `difficulty`, a number from 0 (easy) to 1 (hard)."""

from __future__ import annotations

from typing import Final

from cotpress.traces.rows import RowData

DIFFICULTY_FIELD: Final = "difficulty"


def read_difficulty(row: RowData) -> float | None:
    """The difficulty that a row states; None where it states none, or something else than a number from 0 to 1.

    >>> [read_difficulty({"difficulty": stated}) for stated in (0.25, "0.25", 7, "hard", True, None)]
    [0.25, 0.25, None, None, None, None]
    """
    stated = row.get(DIFFICULTY_FIELD)
    if isinstance(stated, bool) or not isinstance(stated, int | float | str):
        return None
    try:
        number = float(stated)
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number <= 1 else None


def has_other_difficulty(row: RowData) -> bool:
    """Whether the column holds something, and that is no number from 0 to 1.

    >>> [has_other_difficulty(row) for row in ({"difficulty": 7}, {"difficulty": 0.5}, {"difficulty": ""}, {})]
    [True, False, False, False]
    """
    stated = row.get(DIFFICULTY_FIELD)
    gap = stated is None or stated == "" or stated != stated  # NaN alone differs from itself
    return not gap and read_difficulty(row) is None
