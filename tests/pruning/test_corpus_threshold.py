"""One threshold for a corpus."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cotpress.criteria import Order
from cotpress.pruning import ImportanceHistogram, Ranking, parse_keep_ratio, rank_segments
from cotpress.pruning.corpus_threshold import bin_importance


def _ranking(importance: list[float]) -> Ranking:
    count = len(importance)
    return rank_segments(
        Order.from_importance(np.array(importance)), np.ones(count, dtype=np.int64), np.zeros(count, dtype=bool)
    )


@given(st.lists(st.floats(allow_nan=False, width=32), min_size=2, max_size=50))
def test_bins_rise_with_importance(values: list[float]) -> None:
    ordered = np.sort(np.array(values))
    bins = bin_importance(ordered)
    assert (np.diff(bins) >= 0).all()
    assert bins.min() >= 0
    assert bins.max() < 1 << 20


@given(
    st.lists(st.lists(st.floats(-4, 4), min_size=1, max_size=20), min_size=1, max_size=8),
    st.sampled_from(["0.9", "0.5", "0.3", "0.1"]),
)
def test_the_corpus_budget_is_met_and_never_exceeded(corpus: list[list[float]], keep: str) -> None:
    rankings = [_ranking(importance) for importance in corpus]
    survey = ImportanceHistogram()
    for ranking in rankings:
        survey.add(ranking)
    threshold = survey.find_threshold(parse_keep_ratio(keep))
    kept = sum(threshold.compute_target(ranking) for ranking in rankings)
    budget = parse_keep_ratio(keep).apply_to(sum(map(len, corpus)))
    in_bin = sum(int((bin_importance(r.importance) == threshold.bin).sum()) for r in rankings)
    assert kept <= budget
    assert kept >= budget - min(in_bin, len(corpus))


def test_easy_traces_shrink_more() -> None:
    hard, easy = _ranking([5.0, 6.0, 7.0, 8.0]), _ranking([1.0, 2.0, 3.0, 4.0])
    survey = ImportanceHistogram()
    survey.add(hard)
    survey.add(easy)
    threshold = survey.find_threshold(parse_keep_ratio("0.5"))
    assert (threshold.compute_target(hard), threshold.compute_target(easy)) == (4, 0)


def test_ties_are_shared_among_traces() -> None:
    survey, rankings = ImportanceHistogram(), [_ranking([1.0] * 10) for _ in range(4)]
    for ranking in rankings:
        survey.add(ranking)
    threshold = survey.find_threshold(parse_keep_ratio("0.3"))
    assert [threshold.compute_target(ranking) for ranking in rankings] == [3, 3, 3, 3]
