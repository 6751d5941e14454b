"""One order of deletion per trace: protected first, then importance, then position; delimiters follow."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from timing import seconds

from cotpress.criteria import Order
from cotpress.pruning import Ranking, rank_segments
from cotpress.pruning.block_selection import select_blocks


def _kept(ranking: Ranking, target: int) -> list[int]:
    return np.flatnonzero(ranking.expand_to_segments(np.cumsum(ranking.costs) <= target)).tolist()


def _ranked(
    importance: list[float], groups: tuple[tuple[int, ...], ...] = (), protected: tuple[int, ...] = ()
) -> Ranking:
    mask = np.zeros(len(importance), dtype=bool)
    mask[list(protected)] = True
    return rank_segments(
        Order.from_importance(np.array(importance, float)), np.ones(len(importance), dtype=np.int64), mask, groups
    )


def test_the_most_important_stay_and_ties_go_by_position() -> None:
    ranking = _ranked([1.0, 3.0, 1.0, 2.0])
    assert [_kept(ranking, target) for target in range(5)] == [[], [1], [1, 3], [0, 1, 3], [0, 1, 2, 3]]


def test_protected_segments_come_first() -> None:
    ranking = _ranked([9.0, 1.0, 5.0], protected=(1,))
    assert ranking.protected_blocks == 1
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
    assert ranking.protected_blocks == 0
    assert _kept(ranking, 1) == [3]


@st.composite
def rankings(draw: st.DrawFn) -> tuple[Ranking, tuple[tuple[int, ...], ...]]:
    count = draw(st.integers(1, 25))
    importance = draw(st.lists(st.integers(0, 4), min_size=count, max_size=count))
    costs = draw(st.lists(st.integers(0, 5), min_size=count, max_size=count))
    protected = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    edges = sorted(draw(st.sets(st.integers(0, count - 1), max_size=count // 2 * 2)))
    pairs = tuple(zip(edges[::2], edges[1::2], strict=False))
    ranked = rank_segments(
        Order.from_importance(np.array(importance, float)), np.array(costs), np.array(protected), pairs
    )
    return ranked, pairs


@given(rankings(), st.integers(0, 60), st.integers(0, 60))
def test_budgets_nest_and_groups_stay_whole(
    case: tuple[Ranking, tuple[tuple[int, ...], ...]], one: int, other: int
) -> None:
    ranking, groups = case
    small, large = sorted((one, other))
    assert set(_kept(ranking, small)) <= set(_kept(ranking, large))
    assert sorted(ranking.order.tolist()) == list(range(len(ranking.order)))
    assert ranking.block_sizes.sum() == len(ranking.order)
    kept = set(_kept(ranking, small))
    for first, last in groups:
        inside = set(range(first + 1, last))
        assert (first in kept) == (last in kept)
        assert not inside or (first in kept) == bool(kept & inside)


@st.composite
def requirements(draw: st.DrawFn) -> tuple[Ranking, Ranking, tuple[tuple[int, int], ...]]:
    """Rankings of the same segments without and with pairs (segment, needed)."""
    count = draw(st.integers(1, 15))
    importance = draw(st.lists(st.integers(0, 4), min_size=count, max_size=count))
    costs = np.array(draw(st.lists(st.integers(0, 5), min_size=count, max_size=count)))
    protected = np.array(draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    pairs = tuple(draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=12)))
    order = Order.from_importance(np.array(importance, float), pairs)
    return (
        rank_segments(Order(order.segments, order.importance), costs, protected),
        rank_segments(order, costs, protected),
        pairs,
    )


@given(requirements(), st.integers(0, 60), st.integers(0, 60), st.booleans())
def test_a_budget_never_keeps_a_segment_without_what_it_needs(
    case: tuple[Ranking, Ranking, tuple[tuple[int, int], ...]], one: int, other: int, fill: bool
) -> None:
    _, ranking, pairs = case
    small, large = sorted((one, other))
    for target in (small, large):
        chosen = select_blocks(ranking, target, fill)
        kept = set(np.flatnonzero(ranking.expand_to_segments(chosen)).tolist())
        assert all(needed in kept for segment, needed in pairs if segment in kept)
        assert ranking.costs[chosen].sum() <= max(target, ranking.costs[: ranking.protected_blocks].sum())
    assert set(_kept(ranking, small)) <= set(_kept(ranking, large))
    assert sorted(ranking.order.tolist()) == list(range(len(ranking.order)))
    assert (ranking.requires[:, 0] > ranking.requires[:, 1]).all()


@given(requirements())
def test_without_requirements_the_order_is_as_it_was(
    case: tuple[Ranking, Ranking, tuple[tuple[int, int], ...]],
) -> None:
    plain, ranking, pairs = case
    if not pairs:
        assert ranking.order.tolist() == plain.order.tolist()
        assert ranking.importance.tolist() == plain.importance.tolist()
    assert set(plain.order[: plain.protected_blocks]) <= set(
        ranking.order[: int(ranking.block_sizes[: ranking.protected_blocks].sum())].tolist()
    ), "what was protected still is"


def test_a_lead_in_waits_for_what_it_introduces() -> None:
    order = Order.from_importance(np.array([9.0, 1.0, 5.0]), ((0, 1),))
    ranking = rank_segments(order, np.ones(3, dtype=np.int64), np.zeros(3, dtype=bool))
    assert [_kept(ranking, target) for target in range(4)] == [[], [2], [2], [0, 1, 2]]


def test_what_a_protected_segment_needs_is_protected() -> None:
    order = Order.from_importance(np.array([9.0, 1.0, 5.0, 4.0]), ((0, 1), (1, 2)))
    ranking = rank_segments(order, np.ones(4, dtype=np.int64), np.array([True, False, False, False]))
    assert _kept(ranking, 0) == []
    assert set(ranking.order[:3].tolist()) == {0, 1, 2}
    assert ranking.importance[: ranking.protected_blocks].tolist() == [np.inf] * ranking.protected_blocks
    assert ranking.block_sizes[: ranking.protected_blocks].sum() == 3


@given(st.data())
def test_filling_up_never_parts_delimiters_from_what_they_enclose(data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 20))
    importance = np.array(data.draw(st.lists(st.integers(0, 9), min_size=count, max_size=count)), float)
    costs = np.array(data.draw(st.lists(st.integers(1, 5), min_size=count, max_size=count)))
    edges = sorted(data.draw(st.sets(st.integers(0, count - 1), min_size=2, max_size=count // 2 * 2)))
    groups = tuple(zip(edges[::2], edges[1::2], strict=False))
    nothing = np.zeros(count, dtype=bool)
    ranking = rank_segments(Order.from_importance(importance), costs, nothing, groups, fill=True)
    for target in range(int(costs.sum()) + 1):
        kept = set(np.flatnonzero(ranking.expand_to_segments(select_blocks(ranking, target, True))).tolist())
        for first, last in groups:
            inside = kept & set(range(first + 1, last))
            assert not inside or {first, last} <= kept
            assert (first in kept) == (last in kept)


@given(st.data())
def test_a_segment_waits_for_the_last_that_it_needs_and_no_longer(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 12))
    importance = np.array(data.draw(st.permutations(range(count))), float)
    pairs = data.draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=15))
    place = np.argsort(np.argsort(-importance, kind="stable"), kind="stable")
    for _ in range(count):
        for segment, needed in pairs:
            place[segment] = max(place[segment], place[needed])
    ranking = rank_segments(
        Order.from_importance(importance, tuple(pairs)), np.ones(count, dtype=np.int64), np.zeros(count, dtype=bool)
    )
    assert ranking.order.tolist() == np.argsort(place, kind="stable").tolist()
    assert ranking.block_sizes.tolist() == np.unique(place, return_counts=True)[1].tolist()


def test_a_long_chain_of_needs_costs_time_in_proportion_to_its_length() -> None:
    count = 50_000
    chain = tuple(pairwise(range(count)))
    order = Order.from_importance(np.arange(count, 0, -1, dtype=float), chain)
    protected = np.zeros(count, dtype=bool)

    def rank(protected: NDArray[np.bool_]) -> None:
        assert len(rank_segments(order, np.ones(count, dtype=np.int64), protected).costs) == 1

    assert seconds(partial(rank, protected), rounds=1)[0] < 5
