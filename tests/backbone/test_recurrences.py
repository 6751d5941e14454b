"""Steps that say again what one earlier step says."""

from __future__ import annotations

from cotpress.backbone.need import index_terms
from cotpress.backbone.recurrences import find_recurrences
from cotpress.backbone.terms import extract_terms


def find(texts: list[str], dead: frozenset[int] = frozenset()) -> list[bool]:
    steps = [extract_terms(text) for text in texts]
    found: list[bool] = find_recurrences(steps, index_terms(steps, dead), dead).tolist()
    return found


def test_a_sentence_said_again_is_a_recurrence_and_one_about_another_person_is_not() -> None:
    told = "For Ann it is cup to jar and the key is in the cup, so it goes to the jar."
    other = "For Bob it is jar to cup and the key is in the jar, so it goes to the cup."
    assert find([told, other, told]) == [False, False, True]


def test_what_a_dead_end_said_is_not_said_again_by_the_right_step() -> None:
    texts = ["Then d = 7 + 5 = 12.", "Next, d = 7 + 5 = 12."]
    assert find(texts) == [False, True]
    assert find(texts, frozenset({0})) == [False, False]


def test_a_step_of_few_terms_is_never_one() -> None:
    assert find(["Fine.", "Fine.", "Fine."]) == [False, False, False]


def test_a_loop_of_one_sentence_takes_time_in_proportion_to_its_length() -> None:
    texts = ["So a = 2 + 3 = 5 and b = a + 4 = 9."] * 4000
    assert sum(find(texts)) == 3999
