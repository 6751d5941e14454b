"""The control without restatements: what a budget keeps, less what states the answer early."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cotpress
from cotpress.pruning import Method, apply_budget, parse_keep_ratio, prepare_trace, rank_trace, reassemble
from cotpress.pruning.early_answers import find_early_statements
from cotpress.types import Rejected, Trace

REASONING = (
    "Maybe it is 40.\n\nThere are $12 \\times 3 = 36$ pens, and 4 more.\n\nSo $36 + 4 = 40$.\n\n"
    "Wait, let me check: 36 and 4.\n\nYes, 40.\n\nThe answer is \\boxed{40}."
)
ENDS_IN_ANSWER = Trace("a", "How many pens?", REASONING, gold="40")
ANSWER_FOLLOWS = Trace("b", "How many pens?", REASONING, "The answer is 40.", "40")


@pytest.mark.parametrize(
    ("trace", "early"), [(ENDS_IN_ANSWER, [0, 2, 4]), (ANSWER_FOLLOWS, [0, 2, 4, 5])], ids=["in it", "after it"]
)
def test_all_but_the_final_statement_is_early(trace: Trace, early: list[int]) -> None:
    assert np.flatnonzero(find_early_statements(prepare_trace(trace))).tolist() == early


def test_without_a_statement_the_last_step_that_gives_the_answer_is_the_final_one() -> None:
    trace = Trace("a", "2+3?", "2+3=5.\n\nCheck: 3+2=5.\n\nGood.", gold="5")
    assert find_early_statements(prepare_trace(trace)).tolist() == [True, False, False]
    assert not find_early_statements(prepare_trace(Trace("a", "Why?", "Let us see."))).any()
    assert find_early_statements(prepare_trace(Trace("a", "Why?", ""))).shape == (0,)


@pytest.mark.parametrize("granularity", ["step", "token"])
@pytest.mark.parametrize("trace", [ENDS_IN_ANSWER, ANSWER_FOLLOWS], ids=["in it", "after it"])
@given(keep=st.integers(1, 20))
@settings(max_examples=20, deadline=None)
def test_what_is_left_is_the_cell_without_these_steps(trace: Trace, granularity: str, keep: int) -> None:
    whole, control = (
        apply_budget(
            rank_trace(prepare_trace(trace), Method("random", granularity, drop_restatements=drop)),
            parse_keep_ratio(keep / 20),
        )
        for drop in (False, True)
    )
    prepared = prepare_trace(trace)
    early = find_early_statements(prepared)
    stands = np.zeros((2, len(REASONING)), dtype=bool)
    for row, outcome in zip(stands, (whole, control), strict=True):
        assert outcome.kept_spans is not None
        for start, end in outcome.kept_spans.tolist():
            row[start:end] = True
    solid = np.array([not character.isspace() for character in REASONING])
    for (start, end), gone in zip(pairwise(prepared.segmentation.steps.tolist()), early, strict=True):
        expected = np.zeros(end - start, dtype=bool) if gone else (stands[0] & solid)[start:end]
        assert ((stands[1] & solid)[start:end] == expected).all()
    assert control.kept_spans is not None
    assert control.text == reassemble(REASONING, control.kept_spans)
    assert control.tokens_kept == len(prepare_trace(Trace("c", "", control.text)).costs) or granularity == "token"
    assert control.tokens_kept <= whole.tokens_kept


def test_from_python_the_realized_ratio_is_that_of_what_is_left() -> None:
    [outcome] = cotpress.compress([ENDS_IN_ANSWER], Method("head", drop_restatements=True), keep=1)
    assert not isinstance(outcome, Rejected)
    assert outcome.text == (
        "There are $12 \\times 3 = 36$ pens, and 4 more.\n\nWait, let me check: 36 and 4.\n\nThe answer is \\boxed{40}."
    )
    assert outcome.realized_ratio < 0.8


def test_protection_does_not_save_an_early_statement() -> None:
    [outcome] = cotpress.compress(
        [ANSWER_FOLLOWS], Method("head", protect=["symbols"], drop_restatements=True), keep=0.9
    )
    assert not isinstance(outcome, Rejected)
    assert "40" not in outcome.text


def test_nothing_left_is_flagged() -> None:
    [outcome] = cotpress.compress(
        [Trace("a", "2+3?", "2+3=5.", "#### 5", "5")],
        Method("head", drop_restatements=True),
        keep=cotpress.BudgetConfig(("1",), allow_empty=True),
    )
    assert not isinstance(outcome, Rejected)
    assert (outcome.text, outcome.flags) == ("", ("empty",))


def test_a_cell_that_falls_to_smaller_pieces_does_so_with_the_control_too() -> None:
    [cell], [control] = (
        cotpress.compress([ENDS_IN_ANSWER], Method("head", protect=(), drop_restatements=drop), keep=0.3)
        for drop in (False, True)
    )
    assert not isinstance(cell, Rejected)
    assert not isinstance(control, Rejected)
    assert set(cell.flags) == set(control.flags) != set()
    assert set(control.text.split()) < set(cell.text.split())
