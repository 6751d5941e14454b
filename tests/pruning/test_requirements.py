"""Segments that need others, at step and token granularity, through every kind of budget."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cotpress.criteria import Evidence, Order
from cotpress.pruning import (
    ImportanceHistogram,
    Method,
    RankedTrace,
    apply_budget,
    build_token_cap,
    parse_keep_ratio,
    prepare_trace,
    rank_trace,
)
from cotpress.text import find_unit_blocks
from cotpress.types import Compressed, IntArray, Trace

REASONING = (
    "We have these facts:\n\nThere are $12 \\times 3 = 36$ pens.\n\nFour more come (see below).\n\n"
    "Wait, let me check.\n\n\\[\n36 + 4 = 40\n\\]\n\nSo there are 40 pens.\n\nThe answer is \\boxed{40}."
)
TRACE = Trace("a", "How many pens?", REASONING)
SEGMENTATION = prepare_trace(TRACE).segmentation
STEPS, UNITS = len(SEGMENTATION.steps) - 1, len(SEGMENTATION.kinds)
PAIRS: list[tuple[int, int]] = []  # what `order_with_pairs` requires


class Characters:
    """A tokenizer of pairs of letters, by which every shortened text has more tokens than its pieces."""

    identity = "characters"

    def find_offsets(self, text: str) -> IntArray:
        found = [match.span() for match in re.finditer(r"\w{1,2}|[^\w\s]+|\s+", text)]
        return np.array(found, dtype=np.int64).reshape(-1, 2)

    def count(self, texts: list[str]) -> list[int]:
        return [len(self.find_offsets(text)) + (7 if text not in ("", REASONING) else 0) for text in texts]


def order_with_pairs(evidence: Evidence) -> Order:
    """A fixed shuffle, with the pairs of the test."""
    shuffled = np.random.default_rng(len(PAIRS)).permutation(len(evidence))
    return Order(shuffled, requires=tuple(PAIRS))


def kept_segments(ranked: RankedTrace, outcome: Compressed) -> set[int]:
    """The segments of which a character other than white space stands."""
    assert outcome.kept_spans is not None
    stands = np.zeros(len(REASONING), dtype=bool)
    for start, end in outcome.kept_spans.tolist():
        stands[start:end] = True
    stands &= np.array([not character.isspace() for character in REASONING])
    bounds = ranked.layout.bounds.tolist()
    return {n for n, (start, end) in enumerate(pairwise(bounds)) if stands[start:end].any()}


pairs_of = {
    "step": st.lists(st.tuples(st.integers(0, STEPS - 1), st.integers(0, STEPS - 1)), max_size=8),
    "token": st.lists(st.tuples(st.integers(0, UNITS - 1), st.integers(0, UNITS - 1)), max_size=12),
}


@pytest.mark.parametrize("granularity", ["step", "token"])
@pytest.mark.parametrize("counter", [None, Characters()], ids=["units", "tokenizer"])
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_budget_keeps_a_segment_without_what_it_needs(
    granularity: str, counter: Characters | None, data: st.DataObject
) -> None:
    PAIRS[:] = data.draw(pairs_of[granularity])
    fill, protect = data.draw(st.booleans()), data.draw(st.sampled_from([(), ("answer",), ("symbols",)]))
    method = Method(order_with_pairs, granularity, protect, fill=fill)
    ranked = rank_trace(prepare_trace(TRACE, counter=counter), method)
    groups = find_unit_blocks(SEGMENTATION) if granularity == "token" else ()
    delimiters = {index for group in groups if group[-1] - group[0] >= len(group) for index in group}
    survey = ImportanceHistogram()
    survey.add(ranked.ranking)
    budgets = [parse_keep_ratio(ratio) for ratio in ("0.1", "0.3", "0.5", "0.8", "1")]
    before: set[int] = set()
    for budget in (*budgets, build_token_cap(9), survey.find_threshold(parse_keep_ratio("0.4"))):
        outcome = apply_budget(ranked, budget)
        kept = kept_segments(ranked, outcome)
        for segment, needed in PAIRS:
            assert delimiters & {segment, needed} or segment not in kept or needed in kept
        for group in groups:
            assert len(kept & set(group)) in (0, len(group))
        assert "over-budget" in outcome.flags or outcome.tokens_kept <= budget.compute_target(ranked.ranking)
        assert protect or "over-budget" not in outcome.flags
        assert protect != ("answer",) or "\\boxed{40}" in outcome.text
        if budget in budgets and not fill:
            assert before <= kept, "what survives a smaller budget survives a larger one"
            before = kept


@settings(deadline=None)
@given(pairs_of["step"])
def test_a_segmentation_may_require_steps_of_each_other(pairs: list[tuple[int, int]]) -> None:
    prepared = prepare_trace(TRACE)
    assert prepared.segmentation.requires == ((0, 1),), "a lead-in requires what it introduces"
    prepared = replace(prepared, segmentation=replace(prepared.segmentation, requires=tuple(pairs)))
    ranked = rank_trace(prepared, Method("random", protect=()))
    for ratio in ("0.2", "0.4", "0.6", "0.8"):
        kept = kept_segments(ranked, apply_budget(ranked, parse_keep_ratio(ratio)))
        assert all(segment not in kept or needed in kept for segment, needed in pairs)


def test_mutual_needs_make_one_block() -> None:
    PAIRS[:] = [(0, 1), (1, 2), (2, 0)]
    ranking = rank_trace(prepare_trace(TRACE), Method(order_with_pairs, protect=())).ranking
    assert sorted(ranking.block_sizes.tolist()) == [1] * (STEPS - 3) + [3]
    assert len(ranking.requires) == 0
