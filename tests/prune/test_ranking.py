"""One order of deletion per trace: protected first, then importance, then position; delimiters follow."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cotpress.prune import Ranking, rank


def _kept(ranking: Ranking, target: int) -> list[int]:
    return np.flatnonzero(ranking.mask(np.cumsum(ranking.costs) <= target)).tolist()


def _ranked(
    importance: list[float], groups: tuple[tuple[int, ...], ...] = (), protected: tuple[int, ...] = ()
) -> Ranking:
    mask = np.zeros(len(importance), dtype=bool)
    mask[list(protected)] = True
    return rank(np.array(importance), np.ones(len(importance), dtype=np.int64), mask, groups)


def test_the_most_important_stay_and_ties_go_by_position() -> None:
    ranking = _ranked([1.0, 3.0, 1.0, 2.0])
    assert [_kept(ranking, target) for target in range(5)] == [[], [1], [1, 3], [0, 1, 3], [0, 1, 2, 3]]


def test_protected_segments_come_first() -> None:
    ranking = _ranked([9.0, 1.0, 5.0], protected=(1,))
    assert ranking.protected == 1
    assert ranking.order.tolist() == [1, 0, 2]
    assert ranking.importance.tolist() == [np.inf, 9.0, 5.0]


def test_delimiters_cost_and_come_with_the_first_thing_they_enclose() -> None:
    ranking = _ranked([5.0, 9.0, 2.0, 4.0, 9.0, 3.0], groups=((1, 4),))  # a $ b c $ d
    assert ranking.costs.tolist() == [1, 3, 1, 1]
    assert [_kept(ranking, target) for target in range(7)] == [
        [], [0], [0], [0], [0, 1, 3, 4], [0, 1, 3, 4, 5], [0, 1, 2, 3, 4, 5],
    ]  # fmt: skip


def test_nested_delimiters_all_come_along() -> None:
    ranking = _ranked([1.0, 1.0, 7.0, 1.0, 1.0], groups=((0, 4), (1, 3)))
    assert _kept(ranking, 5) == [0, 1, 2, 3, 4]
    assert _kept(ranking, 4) == []


def test_protecting_a_delimiter_alone_does_not_keep_an_empty_pair() -> None:
    ranking = _ranked([1.0, 1.0, 1.0, 9.0], groups=((0, 2),), protected=(0, 2))
    assert ranking.protected == 0
    assert _kept(ranking, 1) == [3]


@st.composite
def rankings(draw: st.DrawFn) -> tuple[Ranking, tuple[tuple[int, ...], ...]]:
    count = draw(st.integers(1, 25))
    importance = draw(st.lists(st.integers(0, 4), min_size=count, max_size=count))
    costs = draw(st.lists(st.integers(0, 5), min_size=count, max_size=count))
    protected = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    edges = sorted(draw(st.sets(st.integers(0, count - 1), max_size=count // 2 * 2)))
    pairs = tuple(zip(edges[::2], edges[1::2], strict=False))
    ranked = rank(np.array(importance, float), np.array(costs), np.array(protected), pairs)
    return ranked, pairs


@given(rankings(), st.integers(0, 60), st.integers(0, 60))
def test_budgets_nest_and_groups_stay_whole(
    case: tuple[Ranking, tuple[tuple[int, ...], ...]], one: int, other: int
) -> None:
    ranking, groups = case
    small, large = sorted((one, other))
    assert set(_kept(ranking, small)) <= set(_kept(ranking, large))
    assert sorted(ranking.order.tolist()) == list(range(len(ranking.order)))
    assert ranking.sizes.sum() == len(ranking.order)
    kept = set(_kept(ranking, small))
    for first, last in groups:
        inside = set(range(first + 1, last))
        assert (first in kept) == (last in kept)
        assert not inside or (first in kept) == bool(kept & inside)
