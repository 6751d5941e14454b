from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cotpress.training.saliency.labels import CharacterLabels
from cotpress.training.saliency.pair_quality import filter_pairs, summarize_distribution
from cotpress.training.saliency.pairs import LabelledPair

FIGURE = st.floats(0, 1)


def pair(number: int, variation: float, gap: float) -> LabelledPair:
    return LabelledPair(str(number), "x", CharacterLabels(np.ones(1, bool), variation, gap), "out", number + 1)


@given(st.lists(st.tuples(FIGURE, FIGURE), max_size=50), st.floats(0, 0.9), st.floats(0, 0.9))
def test_no_pair_vanishes_and_only_the_worst_go(
    figures: list[tuple[float, float]], by_variation: float, by_gap: float
) -> None:
    pairs = [pair(number, *both) for number, both in enumerate(figures)]
    trusted, rejected = filter_pairs(pairs, by_variation, by_gap)
    assert sorted(int(one.id) for one in [*trusted, *rejected] if one.id) == list(range(len(pairs)))
    first = [one for one in rejected if one.reason == "variation-rate"]
    assert len(first) <= by_variation * len(pairs) + 1e-6
    assert len(rejected) - len(first) <= by_gap * (len(pairs) - len(first)) + 1e-6
    out = [figures[int(one.id or 0)][0] for one in first]
    assert not out or min(out) > max(one.labels.variation_rate for one in trusted)


def test_a_tenth_of_different_pairs_goes_and_none_of_equal_ones() -> None:
    trusted, rejected = filter_pairs([pair(n, 0.0, n / 100) for n in range(20)], 0.05, 0.1)
    assert [one.id for one in rejected] == ["18", "19"]
    assert {one.reason for one in rejected} == {"alignment-gap"}
    assert (rejected[1].source, rejected[1].line) == ("out", 20)
    assert len(filter_pairs([pair(n, 0.2, 0.1) for n in range(20)], 0.05, 0.1)[0]) == 20
    assert len(filter_pairs(trusted, 0.0, 0.0)[0]) == len(trusted)


def test_a_distribution_without_values_is_empty() -> None:
    assert summarize_distribution([]) == {}
    assert summarize_distribution([0.0, 1.0])["mean"] == 0.5
