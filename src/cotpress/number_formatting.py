"""Numbers in sentences: how many of what, and how long."""

from __future__ import annotations


def inflect(number: int, singular: str, plural: str = "") -> str:
    """The word that goes with a number: `singular` with 1, else `plural` (with an s where that is not given)."""
    return singular if number == 1 else plural or f"{singular}s"


def count_noun(number: int, singular: str, plural: str = "") -> str:
    """How many of what: "1 cell", "1,200 cells"; `plural` where an s does not make the plural ("replies")."""
    return f"{number:,} {inflect(number, singular, plural)}"


def format_duration(seconds: float) -> str:
    """A time of 0 seconds or more in its two largest units: "45 s", "3 min 20 s", "2 h 5 min"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
