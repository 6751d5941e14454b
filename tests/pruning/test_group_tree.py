"""Where groups come in the order: delimiters with what they enclose, whole groups by their middle, large ones later."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cotpress.criteria import Order
from cotpress.pruning import Ranking, rank_segments
from cotpress.pruning.block_selection import select_blocks

Groups = tuple[tuple[int, ...], ...]


def rank(importance: list[float], groups: Groups, protected: tuple[int, ...] = (), fill: bool = False) -> Ranking:
    mask = np.zeros(len(importance), dtype=bool)
    mask[list(protected)] = True
    order = Order.from_importance(np.array(importance, float))
    return rank_segments(order, np.ones(len(importance), dtype=np.int64), mask, groups, fill=fill)


def list_blocks(ranking: Ranking) -> list[list[int]]:
    """The segments of each block, the most important block first."""
    ends = np.cumsum(ranking.block_sizes)
    return [sorted(part.tolist()) for part in np.split(ranking.order, ends[:-1])]


def test_a_whole_group_takes_the_place_of_its_middle_member() -> None:
    rest = [0.0] * 24
    assert list_blocks(rank([9, 1, 8, 2, 7, 3, *rest], ((0, 1, 2),)))[:3] == [[0, 1, 2], [4], [5]]
    assert list_blocks(rank([9, 1, 2, 8, 7, 3, *rest], ((0, 1, 2),)))[:4] == [[3], [4], [5], [0, 1, 2]]


def test_a_whole_group_with_a_protected_member_is_protected() -> None:
    ranking = rank([1, 2, 3, 9, 8], ((0, 1, 2),), protected=(1,))
    assert ranking.protected_blocks == 1
    assert list_blocks(ranking) == [[0, 1, 2], [3], [4]]


def test_a_large_whole_group_comes_after_as_much_as_it_costs() -> None:
    importance = [5.0] * 20 + [float(-number) for number in range(60)]
    blocks = list_blocks(rank(importance, (tuple(range(20)),)))
    assert blocks.index(list(range(20))) == 20, "twenty others are worth as much"
    kept = [len(rank_and_keep(importance, target)) for target in range(81)]
    assert all(2 * count >= target - 2 for target, count in enumerate(kept)), "no budget is left empty"


def rank_and_keep(importance: list[float], target: int) -> list[int]:
    ranking = rank(importance, (tuple(range(20)),))
    return np.flatnonzero(ranking.expand_to_segments(select_blocks(ranking, target, False))).tolist()


def test_by_need_a_whole_group_comes_with_its_first_member_however_large() -> None:
    importance = [0.0] * 19 + [9.0] + [5.0] * 40
    mask = np.zeros(60, dtype=bool)
    order = Order.from_importance(np.array(importance))
    ranking = rank_segments(order, np.ones(60, dtype=np.int64), mask, (tuple(range(20)),), by_need=True)
    assert list_blocks(ranking)[0] == list(range(20))
    assert ranking.importance[0] == 9.0


@pytest.mark.parametrize(("word", "place"), [(1.0, 20), (9.5, 0)])
def test_delimiters_around_a_large_group_come_with_the_first_that_they_enclose(word: float, place: int) -> None:
    groups = ((0, 22), tuple(range(1, 21)))
    blocks = list_blocks(rank([0.0, *[9.0] * 20, word, 0.0, *[5.0] * 60], groups))
    assert blocks[place] == ([*range(21), 22] if place else [0, 21, 22])


@st.composite
def nested_groups(draw: st.DrawFn) -> tuple[int, Groups]:
    """A number of segments and groups of them that are disjoint and nest."""
    shape = draw(st.lists(st.sampled_from("(((|)))..w"), min_size=1, max_size=40))
    opened: list[list[int]] = []
    groups: list[tuple[int, ...]] = []
    unit = 0
    for sign in shape:
        if sign == "(":
            opened.append([unit])
        elif sign == "|" and opened:
            opened[-1].append(unit)
        elif sign == ")" and opened:
            groups.append((*opened.pop(), unit))
        elif sign == "w":
            groups.append((unit, unit + 1, unit + 2))
            unit += 2
        unit += 1
    return unit, tuple(groups)


@settings(deadline=None)
@given(st.data(), nested_groups(), st.booleans())
def test_groups_stay_whole_around_what_is_kept_and_budgets_nest(
    data: st.DataObject, drawn: tuple[int, Groups], fill: bool
) -> None:
    count, groups = drawn
    importance = data.draw(st.lists(st.integers(0, 9).map(float), min_size=count, max_size=count))
    protected = tuple(data.draw(st.sets(st.integers(0, count - 1), max_size=3)))
    ranking = rank(importance, groups, protected, fill)
    assert sorted(ranking.order.tolist()) == list(range(count))
    before: set[int] = set()
    for target in range(count + 1):
        kept = set(np.flatnonzero(ranking.expand_to_segments(select_blocks(ranking, target, fill))).tolist())
        for group in groups:
            whole = group[-1] - group[0] == len(group) - 1
            inside = kept & (set(range(group[0], group[-1])) - set(group))
            assert len(kept & set(group)) in (0, len(group))
            assert not inside or kept.issuperset(group)
            assert whole or not kept.issuperset(group) or inside, "no empty pair, unless nothing is in it"
        assert fill or before <= kept
        before = kept


@pytest.mark.parametrize("fill", [False, True])
def test_deep_groups_cost_time_in_proportion(fill: bool) -> None:
    depth = 20_000
    groups = tuple((place, 2 * depth - place) for place in range(depth))
    ranking = rank([1.0] * (2 * depth + 1), groups, fill=fill)
    assert ranking.block_sizes.tolist() == [2 * depth + 1]
