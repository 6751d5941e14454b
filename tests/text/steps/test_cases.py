"""Cases of a proof, on sentences of Qwen3-8B's puzzles."""

from __future__ import annotations

import pytest

from cotpress.text.steps.cases import find_case_pairs, find_case_span


@pytest.mark.parametrize(
    ("steps", "pairs"),
    [
        # "So case 2 is invalid" begins no case
        (["Case 1: Dan is first.", "Case 2: Dan is second.", "So case 2 (Dan in 2) is invalid."], {(2, 1), (1, 2)}),
        # a doubt does not end a case
        (
            ["Case 1: Dan is first.", "Wait, then Ben is second.", "Now let's check Case 2: Dan is last.", "It fails."],
            {(1, 0), (0, 1), (3, 2), (2, 3)},
        ),
        # "this case" is the last one
        (
            ["Case 1: a = 1.", "So b = 2.", "Case 2: a = 2.", *["Hence b = 3."] * 3, "So this case fails."],
            {(1, 0), (0, 1), (6, 2)},
        ),
        (["Case 1: a = 1.", "So b = 2."], set()),
    ],
)
def test_what_belongs_to_a_case_needs_its_beginning(steps: list[str], pairs: set[tuple[int, int]]) -> None:
    found = set(find_case_pairs(steps))
    assert pairs <= found
    assert bool(pairs) == bool(found)


@pytest.mark.parametrize(
    ("steps", "span"),
    [
        (["Case 1: a.", "Then b.", "Case 2: c.", "Then d."], (0, 2)),
        (["Case 1: a.", "Then b.", "Case 2: c.", "Then d.", "Case 1: a, again.", "Then e."], (0, 2)),
        (["Case 1: a.", "Then b.", "So n = 5."], (0, 0)),
        (["It is so.", "Then b."], (0, 0)),
    ],
)
def test_the_last_case_is_the_last_one_that_is_new(steps: list[str], span: tuple[int, int]) -> None:
    assert find_case_span(steps) == span
