from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cotpress.signals.windows import Window, plan_batches, plan_causal_windows, plan_covering_windows

tokens, rooms, overlaps = st.integers(0, 500), st.integers(1, 120), st.integers(0, 120)


def scored(windows: list[Window]) -> list[int]:
    return [token for window in windows for token in range(window.first, window.last)]


@given(tokens, rooms, overlaps)
def test_causal_windows_score_every_token_once(tokens: int, room: int, overlap: int) -> None:
    windows = plan_causal_windows(tokens, room, overlap)
    assert scored(windows) == list(range(tokens))
    assert all(window.end - window.begin <= room and window.end == window.last for window in windows)


@given(tokens, rooms, overlaps)
def test_causal_windows_look_back_at_least_the_overlap(tokens: int, room: int, overlap: int) -> None:
    for window in plan_causal_windows(tokens, room, overlap):
        assert window.first - window.begin == min(window.first, overlap, room - 1)


def test_a_trace_that_fits_is_one_window() -> None:
    assert plan_causal_windows(8, 8, 2) == [Window(0, 8, 0, 8)]
    assert plan_causal_windows(9, 8, 2) == [Window(0, 8, 0, 8), Window(6, 9, 8, 9)]
    assert plan_covering_windows(8, 8, 2) == [Window(0, 8, 0, 8)]


@given(tokens, rooms, overlaps)
def test_covering_windows_score_every_token_once(tokens: int, room: int, overlap: int) -> None:
    windows = plan_covering_windows(tokens, room, overlap)
    assert scored(windows) == list(range(tokens))
    assert all(window.begin <= window.first <= window.last <= window.end for window in windows)
    sizes = [window.end - window.begin for window in windows]
    assert max(sizes, default=0) <= room
    assert not sizes or max(sizes) - min(sizes) <= 1
    shared = [left.end - right.begin for left, right in pairwise(windows)]
    assert shared == [min(overlap, room - 1)] * len(shared)


@given(tokens, rooms, overlaps)
def test_covering_windows_are_as_few_as_can_be(tokens: int, room: int, overlap: int) -> None:
    windows = plan_covering_windows(tokens, room, overlap)
    fewer, shared = len(windows) - 1, min(overlap, room - 1)
    assert fewer * room - max(0, fewer - 1) * shared < tokens or not tokens


@given(st.integers(1, 500), st.integers(2, 120), st.integers(1, 119))
def test_a_token_is_taken_where_it_is_furthest_from_a_cut(tokens: int, room: int, overlap: int) -> None:
    """A cut is a window's edge inside the text; the text's own ends are not cuts."""
    windows = plan_covering_windows(tokens, room, min(overlap, room // 2))

    def margin(token: int, window: Window) -> float:
        left = token - window.begin if window.begin else float("inf")
        right = window.end - 1 - token if window.end < tokens else float("inf")
        return min(left, right)

    for window in windows:
        for token in range(window.first, window.last):
            best = max(margin(token, other) for other in windows if other.begin <= token < other.end)
            assert margin(token, window) >= best - 1  # a boundary lies between two tokens


lengths = st.lists(st.integers(1, 300), max_size=60)


@given(lengths, st.integers(1, 1000))
def test_batches_hold_every_sequence_once_within_the_budget(lengths: list[int], budget: int) -> None:
    batches = plan_batches(lengths, budget)
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * max(lengths[index] for index in batch) <= budget


@given(lengths, st.integers(1, 1000))
def test_batches_are_of_like_length(lengths: list[int], budget: int) -> None:
    flat = [lengths[index] for batch in plan_batches(lengths, budget) for index in batch]
    assert flat == sorted(lengths, reverse=True)
