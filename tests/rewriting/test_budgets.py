"""Rewriting has the budgets that pruning has, to the token."""

from __future__ import annotations

import dataclasses

import pytest

from cotpress.pruning import parse_keep_ratio
from cotpress.rewriting import make_rewrite_task
from cotpress.rewriting.levels import LEVELS
from cotpress.rewriting.rules import parse_trace
from cotpress.types import Trace

TRACE = Trace("a", "What is 2 + 3?", "We add. 2 + 3 = 5. So the answer is 5.")


@pytest.mark.parametrize("hundredths", range(1, 101))
def test_rewriting_and_pruning_agree(hundredths: int) -> None:
    ratio = hundredths / 100
    pruning, task = parse_keep_ratio(ratio), make_rewrite_task(TRACE, LEVELS["edit"], ratio=ratio)
    for tokens in range(1, 10_001, 7):
        target = dataclasses.replace(task, tokens=tokens).budget
        assert target == pruning.apply_to(tokens) == tokens * hundredths // 100


@pytest.mark.parametrize("hundredths", range(1, 101))
def test_rules_have_the_same_budget(hundredths: int) -> None:
    trace = Trace("a", "", "one " * 100)
    assert parse_trace(trace, (), hundredths / 100).max_units == hundredths
