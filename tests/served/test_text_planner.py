"""Windows of characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cotpress.served.text_planner import plan_text_windows


@given(st.text("ab \n漢", max_size=200), st.integers(4, 60), st.integers(0, 20))
def test_windows_take_each_character_once(text: str, room: int, overlap: int) -> None:
    windows = list(plan_text_windows(text, room, min(overlap, room - 1)))
    taken = "".join(text[window.first : window.last] for window in windows)
    assert taken == text
    for window in windows:
        assert 0 <= window.begin <= window.first < window.last == window.end
        assert window.end - window.begin <= room


@given(st.lists(st.sampled_from([" one", " two", "\n\nthree", " 4"]), min_size=40, max_size=60).map("".join))
def test_words_are_not_cut(text: str) -> None:
    for window in plan_text_windows(text, 40, 10):
        assert window.last == len(text) or text[window.last].isspace()
        assert window.begin == 0 or text[window.begin].isspace()
