"""Keep "auto": what the answer rests on, and no more."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from covering import COVERING
from hypothesis import given
from hypothesis import strategies as st

from cotpress.criteria import Criterion, Evidence, Order
from cotpress.errors import ModelError, OptionError
from cotpress.pruning import (
    Coverage,
    Method,
    RankedTrace,
    apply_budget,
    build_token_cap,
    parse_budget,
    prepare_trace,
    rank_trace,
)
from cotpress.pruning.budget import MIN_STEPS_FOR_COVERAGE
from cotpress.types import IntArray, Trace

STEPS = ["Let me think.", "12 * 3 = 36.", "So 12 * 3 = 36, again.", "36 + 4 = 40.", "So it is 40."]
TRACE = Trace("1", "How many?", "\n\n".join(STEPS))


def test_of_few_steps_half_as_much_may_be_left_out() -> None:
    ranked = rank()  # of its numbers two fifths are in the second step that is kept
    assert ranked.ranking.importance.tolist() == [1.0, 0.4, 0.0, 0.0, 0.0]
    assert apply_budget(ranked, parse_budget("auto", 0.19)).text == "12 * 3 = 36."
    assert apply_budget(ranked, parse_budget("auto", 0.21)).text == "12 * 3 = 36.\n\n36 + 4 = 40."
    long = rank(Trace("1", "How many?", "\n\n".join([*STEPS, *STEPS])))
    assert apply_budget(long, parse_budget("auto", 0.21)).text == "12 * 3 = 36."


class PairCounter:
    """A tokenizer of pairs of characters, with two tokens more for every text that is not whole."""

    name = "pairs"

    def find_offsets(self, text: str) -> IntArray:
        return np.array([(at, min(at + 2, len(text))) for at in range(0, len(text), 2)], dtype=np.int64).reshape(-1, 2)

    def count(self, texts: list[str]) -> list[int]:
        return [len(self.find_offsets(text)) + 2 * (text != TRACE.reasoning) for text in texts]


def rank(trace: Trace = TRACE, counter: PairCounter | None = None, granularity: str = "step") -> RankedTrace:
    return rank_trace(prepare_trace(trace, counter=counter), Method(COVERING, granularity, protect=()))


def test_what_covers_the_share_stays_and_nothing_else() -> None:
    outcome = apply_budget(rank(), parse_budget("auto"))
    assert outcome.text == "12 * 3 = 36.\n\n36 + 4 = 40."
    assert (outcome.target_ratio, outcome.flags) == (None, ())


def test_less_coverage_keeps_less_and_nests() -> None:
    texts = [apply_budget(rank(), parse_budget("auto", share)).text for share in (0.2, 0.95, 1)]
    assert texts == ["12 * 3 = 36.", "12 * 3 = 36.\n\n36 + 4 = 40.", "12 * 3 = 36.\n\n36 + 4 = 40."]


@given(st.lists(st.sampled_from([*STEPS, "7 + 8 = 15.", "Hmm, 15."]), min_size=1, max_size=8), st.integers(1, 100))
def test_the_share_is_covered_by_the_shortest_prefix(steps: list[str], percent: int) -> None:
    ranked = rank(Trace("1", "q", "\n\n".join(steps)))
    ranking, share = ranked.ranking, Fraction(percent, 100)
    left_out = (1 - share) / (2 if len(ranking.costs) < MIN_STEPS_FOR_COVERAGE else 1)
    target = Coverage(share).compute_target(ranking)
    kept = int(np.searchsorted(np.cumsum(ranking.costs), target, side="right"))
    assert int(ranking.costs[:kept].sum()) == target
    if ranking.importance.max() <= 0:
        assert target == ranking.tokens
        return
    assert kept >= 1
    assert ranking.importance[kept - 1] > left_out
    assert kept == len(ranking.importance) or ranking.importance[kept] <= float(left_out) + 1e-9


def test_a_trace_with_nothing_that_the_answer_rests_on_stays_whole() -> None:
    trace = Trace("1", "Is it?", "I think so.\n\nYes.\n\nYes, it is.")
    assert apply_budget(rank(trace), parse_budget("auto")).text == trace.reasoning


def test_no_needed_step_goes_because_the_text_counts_more() -> None:
    outcome = apply_budget(rank(counter=PairCounter()), parse_budget("auto"))
    assert outcome.text == "12 * 3 = 36.\n\n36 + 4 = 40."
    assert outcome.flags == ()
    assert outcome.tokens_kept == PairCounter().count([outcome.text])[0]


def test_a_cap_holds_beside_it() -> None:
    capped = apply_budget(rank(), build_token_cap(7, parse_budget("auto")))
    assert (capped.text, capped.tokens_kept) == ("12 * 3 = 36.", 6)
    assert apply_budget(rank(), build_token_cap(1000, parse_budget("auto"))).text == "12 * 3 = 36.\n\n36 + 4 = 40."
    assert apply_budget(rank(), build_token_cap(1000, parse_budget("0.3"))).tokens_kept <= 0.3 * rank().ranking.tokens


def test_single_units_work_too() -> None:
    outcome = apply_budget(rank(granularity="token"), parse_budget("auto"))
    assert outcome.text == "12 * 3 = 36\n\n36 + 4 = 40", "an equation is one piece"


@pytest.mark.parametrize("share", ["0", "1.01", "much", -1, 95])
def test_what_is_no_coverage_is_refused(share: str | float) -> None:
    with pytest.raises(OptionError, match="coverage"):
        parse_budget("auto", share)


@pytest.mark.parametrize("importance", [None, [2.0, 1.0, 0.0, 0.0, 0.0], [1.0, 0.5, 0.0, 0.0, -0.5]])
def test_a_criterion_that_declares_coverage_has_to_give_it(importance: list[float] | None) -> None:
    def order(evidence: Evidence) -> Order:
        return Order(np.arange(5), None if importance is None else np.array(importance))

    declared = Criterion("broken", order, gives_coverage=True)
    evidence = Evidence(TRACE, prepare_trace(TRACE).segmentation, "step", np.ones(5, np.int64), np.zeros(5, bool))
    with pytest.raises(ModelError, match="declares coverage"):
        declared.rank(evidence)
