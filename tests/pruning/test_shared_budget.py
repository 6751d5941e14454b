"""A budget that several traces share: never exceeded, nested, in each trace's own order, even where all is alike."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cotpress.pruning.budget import KeepRatio, TokenCap
from cotpress.pruning.ranking import Ranking
from cotpress.pruning.shared_budget import share_budget


def rank(*blocks: tuple[int, float], protected: int = 0) -> Ranking:
    """A ranking of blocks, each (tokens, importance)."""
    costs, importance = np.array([cost for cost, _ in blocks]), np.array([float(worth) for _, worth in blocks])
    importance[:protected] = np.inf
    return Ranking(np.arange(len(blocks)), np.ones(len(blocks), np.int64), costs, importance, protected)


def share(rankings: list[Ranking], tokens: int, allow_empty: bool = False) -> list[int]:
    return [one.budget.tokens for one in share_budget(rankings, TokenCap(tokens), allow_empty)]


@st.composite
def rankings(draw: st.DrawFn) -> list[Ranking]:
    block = st.tuples(st.integers(1, 9), st.sampled_from([-1.0, 0.0, 0.2, 0.5, 0.5, 1.0]))
    made = draw(st.lists(st.lists(block, min_size=1, max_size=8), min_size=1, max_size=5))
    ordered = [sorted(blocks, key=lambda block: -block[1]) for blocks in made]
    return [rank(*blocks, protected=draw(st.integers(0, 1))) for blocks in ordered]


@given(rankings(), st.fractions(Fraction(1, 20), 1), st.fractions(Fraction(1, 20), 1))
@settings(max_examples=150, deadline=None)
def test_shares_nest_and_never_exceed_the_budget_unsaid(turns: list[Ranking], one: Fraction, two: Fraction) -> None:
    total = sum(turn.tokens for turn in turns)
    smaller, larger = (share_budget(turns, KeepRatio(ratio)) for ratio in sorted((one, two)))
    assert all(small.budget.tokens <= large.budget.tokens for small, large in zip(smaller, larger, strict=True))
    kept, allowed = sum(part.budget.tokens for part in smaller), KeepRatio(min(one, two)).apply_to(total)
    assert kept <= allowed or any(part.exceeds for part in smaller)
    for turn, part in zip(turns, smaller, strict=True):
        assert part.budget.tokens in np.cumsum(turn.costs)  # a prefix of its own order, and not an empty one


@given(rankings())
@settings(max_examples=50, deadline=None)
def test_the_whole_budget_keeps_everything(turns: list[Ranking]) -> None:
    assert [part.budget.tokens for part in share_budget(turns, KeepRatio(Fraction(1)))] == [t.tokens for t in turns]


def test_the_redundant_turn_gives_more() -> None:
    dense, loose = rank((5, 1.0), (5, 0.9), (5, 0.8)), rank((5, 1.0), (5, 0.1), (5, 0.0))
    assert share([dense, loose], 20) == [15, 5]
    assert share([loose, dense], 20) == [5, 15]


def test_what_is_equally_important_comes_evenly() -> None:
    alike = [rank((5, 1.0), *[(5, 0.0)] * 9) for _ in range(3)]
    assert share(alike, 75) == [25, 25, 25]
    short = rank((5, 0.0), (5, 0.0))
    assert share([rank(*[(5, 0.0)] * 8), short], 25) == [20, 5]


def test_a_block_that_waits_for_another_comes_after_it() -> None:
    assert share([rank((5, 1.0), (5, 0.2), (5, 0.9)), rank((5, 1.0), (5, 0.5))], 15) == [5, 10]


def test_every_turn_keeps_a_step_and_says_so_where_that_is_too_much() -> None:
    turns = [rank((6, 1.0), (2, 0.5)), rank((6, 1.0)), rank((1, 0.5))]
    assert share(turns, 7) == [6, 6, 1]
    assert [part.exceeds for part in share_budget(turns, TokenCap(12))] == [False, False, True]
    assert share(turns, 7, allow_empty=True) == [6, 0, 0]
    assert not any(part.exceeds for part in share_budget(turns, TokenCap(7), allow_empty=True))


def test_protected_blocks_stay_whatever_the_budget() -> None:
    turns = [rank((4, 1.0), (4, 1.0), (4, 0.1), protected=2), rank((4, 1.0), (4, 0.9))]
    assert share(turns, 16) == [8, 8]
    assert share(turns, 4) == [8, 4]
