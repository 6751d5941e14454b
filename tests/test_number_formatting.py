"""Numbers in sentences."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress.number_formatting import count_noun, format_duration, inflect


def test_one_is_singular_and_all_else_is_not() -> None:
    assert [count_noun(number, "cell") for number in (0, 1, 2, 1200)] == ["0 cells", "1 cell", "2 cells", "1,200 cells"]
    assert [count_noun(number, "reply", "replies") for number in (1, 3)] == ["1 reply", "3 replies"]
    assert [inflect(number, "is", "are") for number in (1, 0)] == ["is", "are"]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (200, "3 min 20 s"),
        (3599.9, "1 h 0 min"),
        (31368, "8 h 42 min"),
    ],
)
def test_times_are_told_in_their_largest_units(seconds: float, told: str) -> None:
    assert format_duration(seconds) == told


@given(st.floats(0, 1e6))
def test_no_part_of_a_time_is_sixty_or_more(seconds: float) -> None:
    parts = {unit: int(number) for number, unit in re.findall(r"(\d+) (h|min|s)", format_duration(seconds))}
    assert all(parts.get(unit, 0) < 60 for unit in ("min", "s"))
    told = parts.get("h", 0) * 3600 + parts.get("min", 0) * 60 + parts.get("s", 0)
    assert abs(told - seconds) <= (60 if "h" in parts else 0.5)
