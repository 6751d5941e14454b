"""Token values to segment values, against a character-by-character reference."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress.criteria import REDUCTIONS, reduce_token_values
from cotpress.errors import ModelError, OptionError


def _tiling(draw: st.DrawFn, length: int) -> np.ndarray:
    inner = draw(st.sets(st.integers(1, length - 1), max_size=length - 1)) if length > 1 else set()
    return np.array([0, *sorted(inner), length])


@st.composite
def cases(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    length = draw(st.integers(1, 30))
    tokens = _tiling(draw, length)
    values = draw(st.lists(st.floats(-5, 5), min_size=len(tokens) - 1, max_size=len(tokens) - 1))
    return np.stack((tokens[:-1], tokens[1:]), axis=1), np.array(values), _tiling(draw, length)


@given(cases())
def test_mean_equals_the_average_over_token_shares(case: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    offsets, values, bounds = case
    reduced = reduce_token_values(offsets, values, bounds)
    for segment in range(len(bounds) - 1):
        shares, weighted = 0.0, 0.0
        for (start, end), value in zip(offsets, values, strict=True):
            share = max(0, min(end, bounds[segment + 1]) - max(start, bounds[segment])) / (end - start)
            shares, weighted = shares + share, weighted + share * value
        assert reduced[segment] == pytest.approx(weighted / shares)


@given(cases())
def test_sums_over_segments_are_the_sum_over_tokens(case: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    offsets, values, bounds = case
    assert reduce_token_values(offsets, values, bounds, "sum").sum() == pytest.approx(values.sum())


@pytest.mark.parametrize(
    ("reduction", "expected"), [("mean", 2.0), ("sum", 4.0), ("max", 3.0), ("min", 1.0), ("first", 1.0)]
)
def test_reductions(reduction: str, expected: float) -> None:
    offsets, bounds = np.array([[0, 2], [2, 4], [4, 5]]), np.array([0, 4, 5])
    assert reduce_token_values(offsets, np.array([1.0, 3.0, 9.0]), bounds, reduction)[0] == expected


def test_every_reduction_is_tested() -> None:
    assert set(REDUCTIONS) == {"mean", "sum", "max", "min", "first"}


def test_a_straddling_token_counts_in_both_segments_by_its_share() -> None:
    offsets, bounds = np.array([[0, 3], [3, 7]]), np.array([0, 4, 7])
    first, second = reduce_token_values(offsets, np.array([0.0, 8.0]), bounds)
    assert first == pytest.approx(8 * 0.25 / 1.25)
    assert second == 8.0


def test_a_segment_without_tokens_takes_its_neighbour() -> None:
    offsets, bounds = np.array([[2, 4], [6, 8]]), np.array([0, 2, 4, 6, 8])
    assert reduce_token_values(offsets, np.array([1.0, 5.0]), bounds).tolist() == [1.0, 1.0, 1.0, 5.0]
    assert reduce_token_values(np.zeros((0, 2), int), np.zeros(0), bounds).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("offsets", [[[0, 9]], [[-1, 2]], [[3, 2]], [[2, 3], [0, 1]]])
def test_offsets_that_leave_the_text_are_refused(offsets: list[list[int]]) -> None:
    with pytest.raises(ModelError, match="offsets"):
        reduce_token_values(np.array(offsets), np.ones(len(offsets)), np.array([0, 4]))


def test_an_unknown_reduction_is_refused_with_the_nearest() -> None:
    with pytest.raises(OptionError, match="Did you mean 'mean'"):
        reduce_token_values(np.array([[0, 1]]), np.ones(1), np.array([0, 1]), "meen")


@given(cases())
def test_the_first_value_is_that_of_the_first_token_that_a_segment_shares(
    case: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    offsets, values, bounds = case
    firsts = [values[np.flatnonzero(offsets[:, 1] > start)[0]] for start in bounds[:-1].tolist()]
    assert reduce_token_values(offsets, values, bounds, "first").tolist() == firsts
