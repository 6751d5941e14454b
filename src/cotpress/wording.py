"""Numbers in sentences: how many of what, and how long."""

from __future__ import annotations


def agreeing(number: int, one: str, many: str = "") -> str:
    """The word that goes with a number: `one` with 1, else `many` (with an s where that is not given)."""
    return one if number == 1 else many or f"{one}s"


def counted(number: int, one: str, many: str = "") -> str:
    """How many of what: "1 cell", "1,200 cells"; `many` where an s does not make the plural ("replies")."""
    return f"{number:,} {agreeing(number, one, many)}"


def duration(seconds: float) -> str:
    """A time of 0 seconds or more in its two largest units: "45 s", "3 min 20 s", "2 h 5 min"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
