"""Dead ends: which sentences a retraction takes back."""

from __future__ import annotations

import pytest

from cotpress.text.retractions import MAX_NAMED_DISTANCE, find_dead_ends, find_retracted


def test_a_retraction_far_below_drops_what_it_names_with_all_that_follows_from_it() -> None:
    sentences = [
        "b = 2.",
        "c should be 0 + 5 = 5.",
        "Then d = 5 + 3 = 8.",
        "So far so good.",
        "Hmm, that is wrong.",
        "It says c = b * 5, so I drop 5 and go back to c.",
        "c = 2 * 5 = 0.",
    ]
    assert find_dead_ends(sentences) == [(1, 2, 3, 4, 5)]
    assert find_retracted(sentences) == [(1, 5)]


@pytest.mark.parametrize(
    "retraction",
    [
        "No, wait. It is plus, so 7 is wrong and I go back to d.",
        "Hmm, that is wrong, so I drop the 7 and go back to d.",
    ],
)
def test_names_in_the_retraction_itself(retraction: str) -> None:
    sentences = ["d should be 2 - 5 = 7.", "Then f = 7 * 7 = 9.", "Good.", retraction]
    assert find_dead_ends(sentences) == [(0, 1, 2, 3)]


def test_the_nearest_sentence_with_all_names_is_meant_and_none_too_far_away() -> None:
    near = ["c = 7 at first.", "c is 7 again.", "Okay.", "No, wait.", "So 7 is wrong, and I go back to c."]
    assert find_dead_ends(near) == [(1, 2, 3, 4)]
    far = ["c should be 7.", *["We go on."] * MAX_NAMED_DISTANCE, "Wait, no, 7 is wrong."]
    assert find_dead_ends(far) == [(len(far) - 2, len(far) - 1)]


@pytest.mark.parametrize("assent", ["So far so good.", "Okay, that works.", "Good."])
def test_assent_is_no_attempt(assent: str) -> None:
    assert find_dead_ends(["So the jar should be right.", assent, "No, wait."]) == [(0, 2)]


def test_words_that_name_nothing_drop_nothing_far_away() -> None:
    sentences = ["This is the problem.", "So x is 4.", "Hmm.", "Wait, no, that is wrong, so I go back to the problem."]
    assert find_dead_ends(sentences) == [(1, 3)]


def test_a_no_that_reassures_takes_nothing_back() -> None:
    assert find_dead_ends(["Next, f = 8 * 8 = 4.", "Wait, no, it is fine."]) == []
    assert find_dead_ends(["Next, f = 8 * 8 = 9.", "Wait, no, that is not right."]) == [(0, 1)]


def test_an_attempt_that_begins_with_a_doubt_is_found_by_its_name() -> None:
    steps = ["Hmm, it is fine. c should be 3 - 3 = 0.", "Then d = 0 - 2 = 8.", "No, 0 is wrong and I go back to c."]
    assert find_dead_ends(steps) == [(0, 1, 2)]


def test_a_calculation_right_before_is_the_attempt_however_it_begins() -> None:
    """It stayed, and "Wait, no" went with the sentence before it."""
    sentences = [
        "The car drives 3 hours.",
        "Hmm, let me compute 80 * 5 = 400.",
        "Wait, no, the speed is 100.",
        "So 500 km.",
    ]
    assert find_dead_ends(sentences) == [(1, 2)]
