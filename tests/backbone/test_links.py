"""Which step of a trace feeds which."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cotpress.backbone import StepLink, find_links
from cotpress.backbone.links import MAX_SOURCES, MIN_SHARE

STEPS = (
    "The red box holds 12 balls.",
    "It rains.",
    "Each ball costs 7 euros.",
    "So 12 * 7 = 84 euros.",
    "With postage, 84 + 5 = 89 euros.",
)


def test_a_step_rests_on_what_it_uses() -> None:
    links = {(link.source, link.step) for link in find_links("What does it cost?", STEPS)}
    assert {(0, 3), (2, 3), (3, 4)} <= links
    assert not [pair for pair in links if 1 in pair]  # the weather feeds nothing


def test_what_the_question_states_needs_no_step() -> None:
    assert find_links("12 balls?", ["There are 12 balls.", "12 + 5 = 17."]) == []
    assert find_links("How many?", ["There are 12 balls.", "12 + 5 = 17."]) == [StepLink(0, 1, 1.0)]


WORDS = st.sampled_from(("12", "7 + 5 = 12", "84", "ball", "x = 7", "the", "costs 84", "Wait,"))


@given(st.lists(st.lists(WORDS, max_size=5).map(" ".join), max_size=8))
def test_links_go_forward_and_are_few(steps: list[str]) -> None:
    links = find_links("How many?", steps)
    assert all(0 <= link.source < link.step < len(steps) for link in links)
    assert all(MIN_SHARE <= link.share <= 1 + 1e-9 for link in links)
    for step in range(len(steps)):
        assert len({link.source for link in links if link.step == step}) <= MAX_SOURCES
        assert sum(link.share for link in links if link.step == step) <= 1 + 1e-9
    assert len({(link.source, link.step) for link in links}) == len(links)
