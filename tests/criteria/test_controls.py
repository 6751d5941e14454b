"""The baselines by form: one contiguous block, and formal symbols per token."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress.criteria import Evidence, get_criterion
from cotpress.pruning import Method, apply_budget, build_token_cap, parse_keep_ratio, prepare_trace, rank_trace
from cotpress.text import Segmentation
from cotpress.types import Trace


def make_evidence(costs: list[int], seed: str) -> Evidence:
    bounds = np.arange(len(costs) + 1)
    kinds = np.zeros(len(costs), dtype=np.uint8)
    cut = Segmentation("x" * len(costs), bounds, bounds, kinds, kinds > 0, (), "auto")
    return Evidence(Trace("a", "", cut.text), cut, "step", np.array(costs, dtype=np.int64), kinds > 0, seed=seed)


@given(st.lists(st.integers(0, 9), max_size=30), st.text(max_size=3))
def test_every_prefix_of_a_random_block_is_contiguous(costs: list[int], seed: str) -> None:
    order = get_criterion("random-block").rank(make_evidence(costs, seed)).segments
    for length in range(1, len(order) + 1):
        kept = np.sort(order[:length])
        assert (np.diff(kept) == 1).all()


def test_every_place_of_a_block_is_as_likely() -> None:
    firsts = []
    for seed in range(600):
        importance = get_criterion("random-block").rank(make_evidence([1] * 100, str(seed))).segments[:21]
        firsts.append(int(importance.min()))
    assert min(firsts) <= 2
    assert max(firsts) >= 77
    assert 36 < np.mean(firsts) < 43  # 0..79 evenly


@pytest.mark.parametrize("granularity", ["step", "token"])
def test_a_block_of_a_real_text_is_one_piece_and_nests(granularity: str) -> None:
    text = "\n\n".join(f"Step {number}: we add {number} and get {number * 2}." for number in range(12))
    ranked = rank_trace(prepare_trace(Trace("a", "?", text)), Method("random-block", granularity, ()))
    spans = [apply_budget(ranked, parse_keep_ratio(keep)).kept_spans for keep in (0.3, 0.5, 0.9)]
    assert [len(of_ratio) for of_ratio in spans if of_ratio is not None] == [1, 1, 1]
    for small, large in pairwise(spans):
        assert small is not None
        assert large is not None
        assert large[0, 0] <= small[0, 0] < small[0, 1] <= large[0, 1]
    other = rank_trace(prepare_trace(Trace("a", "?", text)), Method("random-block", granularity, (), seed=1))
    assert apply_budget(other, build_token_cap(40)).text != apply_budget(ranked, build_token_cap(40)).text


def test_density_counts_formal_symbols_per_token() -> None:
    text = "Let me think about it.\n\n2 + 3 = 5.\n\nSo x is 5."
    ranked = rank_trace(prepare_trace(Trace("a", "?", text)), Method("density", protect=()))
    assert ranked.ranking.order.tolist() == [1, 2, 0]
    assert ranked.ranking.importance.round(2).tolist() == [0.83, 0.4, 0.0]
    by_unit = rank_trace(prepare_trace(Trace("a", "?", text)), Method("density", "token", ()))
    assert apply_budget(by_unit, build_token_cap(7)).text == "2 + 3 = 5\n\nx 5"
