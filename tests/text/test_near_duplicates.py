"""Near-duplicate steps."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from timing import seconds

from cotpress.text.near_duplicates import find_near_duplicates

SAID = "So the total number of pens in all the boxes is 36."


def test_repeats_are_marked_and_first_sayings_are_not() -> None:
    steps = [SAID, "Next come the pencils.", SAID, f"Wait. {SAID}", "", "Next comes something else entirely."]
    assert find_near_duplicates(steps).tolist() == [False, False, True, True, False, False]


def test_another_number_in_a_short_step_is_another_step() -> None:
    assert find_near_duplicates(["So a is 3.", "So b is 4.", "so A is 3"]).tolist() == [False, False, True]


def test_the_threshold_is_on_shared_word_pairs() -> None:
    steps = ["one two three four five", "one two three four six"]
    assert find_near_duplicates(steps, 0.61).tolist() == [False, False]
    assert find_near_duplicates(steps, 0.59).tolist() == [False, True]


def test_a_loop_of_one_sentence_takes_no_longer_for_its_length() -> None:
    marked = find_near_duplicates(["So x is five then."] * 50_000)  # squared, this would take minutes
    assert not marked[0]
    assert marked[1:].all()


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.7, 0.9, 1.0])
def test_no_near_duplicate_is_missed(threshold: float) -> None:
    draw = Random(0)
    steps = [" ".join(draw.choices("abcdef", k=draw.randrange(9))) for _ in range(200)]
    pairs = [set(pairwise(step.split())) or {(word,) for word in step.split()} for step in steps]
    expected = [
        any(len(one & other) >= threshold * len(one | other) and (one or other == one) for other in pairs[:at])
        for at, one in enumerate(pairs)
    ]
    assert find_near_duplicates(steps, threshold).tolist() == expected


def test_time_is_linear_in_steps_that_share_common_words() -> None:
    steps = [f"We get {7 * at} + {11 * at} = {18 * at} and so on." for at in range(8000)]
    short, long = seconds(lambda: find_near_duplicates(steps[:2000]), lambda: find_near_duplicates(steps), rounds=2)
    assert long < 8 * short + 0.05  # squared, it would be 16 times as long
