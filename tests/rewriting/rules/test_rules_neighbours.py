"""What a sentence becomes whose neighbours go, and what joins two of them: each on the text that showed a fault."""

from __future__ import annotations

import pytest

from cotpress.rewriting.levels import LEVELS
from cotpress.rewriting.rules import rewrite_by_rules
from cotpress.rewriting.rules.parsed_trace import parse_trace
from cotpress.rewriting.rules.sentence_rules import link_sentences
from cotpress.types import Trace

ANY_LEVEL = pytest.mark.parametrize("level", LEVELS)


def rewrite(text: str, level: str, ratio: float | None, **rest: str) -> str:
    trace = Trace("1", rest.get("question", ""), text, rest.get("answer", ""))
    return rewrite_by_rules(trace, LEVELS[level], rest.get("domain", "general"), ratio)


def join(before: str, after: str, text: str = "") -> str:
    """Two sentences of one trace, as fuse joins them."""
    trace = Trace("1", "What is it?", text or f"{before} {after} So the answer is that the sum is 5.")
    return link_sentences(parse_trace(trace, (), None), before, after, " ", follows=True)


CAPITAL = (
    "Okay, the user is asking for the capital city of Vietnam. Let me think. I know that Vietnam is a country in "
    "Southeast Asia. The capital is a city that's important politically and economically. I remember that Hanoi is the "
    "capital. Wait, but sometimes people might confuse it with Ho Chi Minh City, which is the largest city and a major "
    "economic hub. However, the capital is definitely Hanoi. Let me confirm. Yes, Hanoi has been the capital since the "
    "country's unification in 1975. So the answer should be Hanoi. I need to make sure there's no other city that's "
    "sometimes considered the capital. No, I think that's correct. Answer: Hanoi."
)
FEATHERS = (
    "Okay, let's see. The question is asking which weighs more: 3 kilograms of feathers or 10 kilograms of lead. Hmm. "
    "So, comparing the two, 10 kg is more than 3 kg. But wait, maybe there's a trick here? Like, sometimes people "
    "confuse weight with volume or something else. But the question specifically mentions kilograms, which is a "
    "measure of mass, right? So regardless of the material, 10 kg of anything would weigh more than 3 kg of another "
    "thing. So I think the answer is straightforward. The 10 kilograms of lead is heavier than the 3 kilograms of "
    "feathers. So the answer should be 10 kilograms of lead."
)
WEIGHS = "Which weighs more, 3 kilograms of feathers or 10 kilograms of lead?"


@pytest.mark.parametrize("level", ["preserve", "edit"])
def test_a_contrast_goes_with_what_it_turns_against(level: str) -> None:
    made = rewrite(CAPITAL, level, 0.5, question="What is the capital city of Vietnam?")
    assert "Ho Chi Minh" in made or not any(word in made for word in ("But the capital", "However, the capital"))
    assert "apital is definitely Hanoi." in made


@ANY_LEVEL
@pytest.mark.parametrize("ratio", [0.7, 0.5])
def test_a_case_of_what_is_gone_goes(level: str, ratio: float) -> None:
    assert "trick" in (made := rewrite(FEATHERS, level, ratio, question=WEIGHS)) or "ike, sometimes" not in made


def test_an_answer_is_all_that_the_reply_states() -> None:
    made = rewrite(FEATHERS, "replace", 0.5, question=WEIGHS, answer="It is the lead.\n\nAnswer: 10 kilograms of lead.")
    assert made.endswith("Answer: 10 kilograms of lead")


def test_an_answer_is_stated_once() -> None:
    text = (
        "If you overtake the person in fourth place, you take their place. Being ahead of them, you are followed by "
        "the one who was fourth. That means that you are now in fourth place yourself. Answer: Fourth."
    )
    made = rewrite(text, "replace", 0.9, question="What place are you in?", answer="Answer: Fourth.")
    assert made.count("Answer:") == 1


def test_what_is_given_is_sentences() -> None:
    lines = [
        f"{number} coins are collected in hour {hour}" for number, hour in ((15, "one"), (35, "two"), (50, "four"))
    ]
    text = "\n".join([*lines, "Altogether they are 15 + 35 + 50 = 100 coins", "Then 100 - 15 = 85 of them are left"])
    made = rewrite(
        text, "replace", 1.0, question="15, 35 and 50 coins are collected. 15 are given away.", domain="math"
    )
    assert "hour one. 35 coins" in made


def test_a_plan_is_no_second_look() -> None:
    steps = [
        "I should probably double-check.",
        "The sum of the roots is 2 + 3 = 5.",
        "The product of the roots is 2 * 3 = 6.",
        "The difference of both is 6 - 5 = 1.",
        "The answer is 1.",
    ]
    assert "Plan:" not in rewrite("\n\n".join(steps), "replace", None, domain="math")


@pytest.mark.parametrize(
    ("before", "after", "made"),
    [
        (
            "Because people might overlook that she is a daughter herself.",
            "The answer is Rosa.",
            "Because people might overlook that she is a daughter herself. The answer is Rosa.",
        ),
        (
            "You take their place.",
            "Because overtaking someone means that.",
            "You take their place, because overtaking someone means that.",
        ),
        (
            "The feathers weigh more.",
            "Answer: 3 kilograms of feathers.",
            "The feathers weigh more. Answer: 3 kilograms of feathers.",
        ),
        (
            "There is no fever, no nausea, etc.",
            "The headache is new.",
            "There is no fever, no nausea, etc.; the headache is new.",
        ),
        (
            "I move to fourth place.",
            "Sometimes these puzzles have a twist.",
            "I move to fourth place; sometimes these puzzles have a twist.",
        ),
        ("8. **Identify \\(c\\):**", "From this, \\(c = 15\\).", "8. **Identify \\(c\\):** From this, \\(c = 15\\)."),
        ("There are 405 values.", "### Case 2: \\(k = 3\\)", "There are 405 values. ### Case 2: \\(k = 3\\)"),
    ],
)
def test_what_joins_two_sentences(before: str, after: str, made: str) -> None:
    assert join(before, after) == made


SYSTEM = [
    "If s = 3, then 5^s = 125, so that s solves the equation.",
    "So a = 35 - 125 = -90 and b = 84 - 125 = -41.",
    "So a + b = -131.",
    "The answer is -131.",
    "Wait, let me verify my computations of both values again.",
    "The first one was 35 - 125, which is -90 and is right, as seen before.",
    "Alternatively, perhaps instead of computing both of them we can express this in terms of the original equation.",
    "Given that each root satisfies the equation, both of them are as they should be, I think.",
]


@pytest.mark.parametrize("ratio", [0.6, 0.7, 0.8])
def test_a_check_that_stays_does_not_end_with_what_is_proposed(ratio: float) -> None:
    made = rewrite("\n\n".join(SYSTEM), "edit", ratio, question="Find a + b.", domain="math")
    assert "Alternatively" not in made or "Given that" in made
