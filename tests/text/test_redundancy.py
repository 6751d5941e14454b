"""Near-duplicate steps."""

from __future__ import annotations

from cotpress.text.redundancy import find_near_duplicates

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
