"""Second checks: what comes after the answer was worked out."""

from __future__ import annotations

import numpy as np
import pytest

from cotpress.backbone.confirmations import find_final_answer, mark_confirmations
from cotpress.types import Trace

STEPS = ["200 + 32 = 232.", "So 232 + 20 = 252.", "Wait, is that so?", "252 - 20 = 232.", "The answer is 252."]
TURNING = np.array([False, False, True, False, False])


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("252", [False, False, True, True, True]), ("250", [False] * 5), ("x + 1", [False] * 5), ("", [False] * 5)],
)
def test_confirmations_begin_where_the_author_turns_back(answer: str, expected: list[bool]) -> None:
    assert mark_confirmations(STEPS, answer, TURNING).tolist() == expected


def test_a_small_number_has_to_be_stated_as_the_answer() -> None:
    steps = ["6 / 3 = 2.", "Wait, is that so?", "7 - 5 = 2.", "So the answer is 2.", "Let me check.", "2 + 5 = 7."]
    turning = np.array([False, True, False, False, True, False])
    assert mark_confirmations(steps, "2", turning).tolist() == [False, False, False, False, True, True]


def test_the_final_answer_is_the_stated_one_or_what_follows() -> None:
    assert find_final_answer(Trace("1", "", "2 + 3 = 5.", "#### 5")) == "5"
    assert find_final_answer(Trace("1", "", "So the answer is 6.", "#### 5")) == "6"
    assert find_final_answer(Trace("1", "", "Nothing.", gold="7")) == "7"
    assert find_final_answer(Trace("1", "", "Nothing.")) == ""
