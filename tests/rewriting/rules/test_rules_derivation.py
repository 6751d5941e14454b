"""What the rest of a reasoning rests on stays with it: operands, premises, answers to questions, the answer."""

from __future__ import annotations

import re

import pytest

from cotpress.backbone.calculations import find_derived_numbers, find_missing_operands
from cotpress.rewriting.levels import LEVELS
from cotpress.rewriting.rules import rewrite_by_rules
from cotpress.types import Trace

RATIOS = (0.7, 0.5, 0.3)
ANY_LEVEL = pytest.mark.parametrize("level", LEVELS)


def rewrite(text: str, level: str, ratio: float | None = None, **rest: str) -> str:
    trace = Trace("1", rest.get("question", ""), text, rest.get("answer", ""))
    return rewrite_by_rules(trace, LEVELS[level], rest.get("domain", "math"), ratio)


CHAINS = [  # question, solution: no line of it can go
    (
        "Emma got $2000. She bought $400 of furniture and gave 3/4 of the rest to Anna. How much is left?",
        "Emma had $2000 - $400 = $<<2000-400=1600>>1600 left after buying furniture\n"
        "Emma gave Anna 3/4 * $1600 = $<<3/4*1600=1200>>1200\n"
        "So, Emma is left with $1600 - $1200 = $<<1600-1200=400>>400",
    ),
    (
        "Tamika drove for 8 hours at 45 miles per hour. Logan drove for 5 hours at 55 miles an hour. "
        "How many miles farther did Tamika drive?",
        "Tamika drove 8 hours * 45 mph = <<8*45=360>>360 miles\nLogan drove 5 hours * 55 mph = <<5*55=275>>275 miles\n"
        "360 - 275 = <<360-275=85>>85 miles\nTamika drove 85 miles farther.",
    ),
    (
        "John sublets his apartment to 3 people who each pay $400 per month. He rents it for $900 a month. What is the "
        "profit in a year?",
        "He gets 3*$400=$<<3*400=1200>>1200 per month\nSo he gets 1200*12=$<<1200*12=14400>>14,400 per year\n"
        "So he pays 12*900=$<<12*900=10800>>10800 a year\n"
        "That means his profit is 14400-10800=$<<14400-10800=3600>>3600 per year",
    ),
]


@ANY_LEVEL
@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize(("question", "solution"), CHAINS)
def test_a_short_chain_keeps_all_that_it_calculates(level: str, ratio: float, question: str, solution: str) -> None:
    made = rewrite(solution, level, ratio, question=question)
    results = re.findall(r">>([\d,]+)", solution)
    assert all(result in made for result in results)
    assert find_missing_operands(made, find_derived_numbers(solution, question)) == []


@ANY_LEVEL
def test_what_is_calculated_again_of_something_else_stays(level: str) -> None:
    text = (
        "Jeopardy is 2*20=<<2*20=40>>40 minutes.\nWheel of Fortune is 2*20=<<2*20=40>>40 minutes each.\n"
        "So the total is 40+40=<<40+40=80>>80 minutes."
    )
    made = rewrite(text, level, 0.6, question="James watched 2 episodes of each. Both are 20 minutes. How long is it?")
    assert made.count("2*20=40") == 2


@ANY_LEVEL
@pytest.mark.parametrize("ratio", RATIOS)
def test_a_number_that_is_worked_out_of_two_things_stays_for_both(level: str, ratio: float) -> None:
    question = (
        "Susy had 100 followers and gained 40 new ones, then half of that, then half of that. Sarah had 50, "
        "gained 90, then a third of that, then a third of that. How many has the one with most?"
    )
    text = (
        "After one week, Susy has 100+40 = <<100+40=140>>140 followers.\n"
        "Then she gains 40/2 = <<40/2=20>>20 new ones.\n"
        "In the third week she gains 20/2 = <<20/2=10>>10 new ones.\n"
        "Susy finishes with 140+20+10 = <<140+20+10=170>>170 followers.\n"
        "After one week, Sarah has 50+90 = <<50+90=140>>140 followers.\n"
        "Then she gains 90/3 = <<90/3=30>>30 followers.\n"
        "In the third week Sarah gains 30/3 = <<30/3=10>>10 followers.\n"
        "So, Sarah finishes with 140+30+10 = <<140+30+10=180>>180 followers.\nThus, Sarah has the most, which is 180."
    )
    made = rewrite(text, level, ratio, question=question)
    assert "50+90 = 140" in made
    assert "= 170" in made


def test_a_step_that_takes_back_what_it_said_itself_stays() -> None:
    text = "\n\n".join(
        (
            "The tank holds 883 litres. Then, every hour for 6 hours, 19 litres are drained.",
            "So, 19 litres times 6. 10 times 6 is 60, and 9 times 6 is 54. Wait, no, that's not right. 60 + 54 = 114.",
            "So 883 - 114 = 769.",
            "Then 57 litres are added. So 769 + 57 = 826.",
            "The lid of the tank is red. It was painted in May, and the paint is a good one.",
            "Nobody knows who made it. It may be that it was made in Ulm.",
            *("So all in all, there are 826 litres.", "The answer is 826."),
        )
    )
    made = rewrite(
        text, "preserve", 0.6, question="A tank holds 883 litres. 19 go each hour for 6 hours, 57 are added."
    )
    assert "60 + 54 = 114" in made


@ANY_LEVEL
@pytest.mark.parametrize("ratio", RATIOS)
def test_a_short_explanation_keeps_its_premises(level: str, ratio: float) -> None:
    premises = ["a life long celibate", "refrain from all sexual activity", "only experienced during sexual activity"]
    text = (
        "Hanuman was a life long celibate. Celibates refrain from all sexual activity. "
        "Orgasms are only experienced during sexual activity."
    )
    made = rewrite(text, level, ratio, domain="general", answer="The answer is False")
    assert all(premise in made for premise in premises)


@pytest.mark.parametrize("level", ["preserve", "edit", "fuse"])
@pytest.mark.parametrize("ratio", [0.5, 0.4, 0.3])
def test_a_long_chain_takes_no_number_from_a_step_that_goes(level: str, ratio: float) -> None:
    words = "because the rule for whatever stands there says so, and it is done with great care in each of the places"
    steps = [f"We have 17 * {number} = {17 * number}, {words}, {words}." for number in range(40, 70)]
    steps += [f"Then {17 * number} + 1 = {17 * number + 1}." for number in range(40, 70)]
    text = "\n\n".join([*steps, "The answer is 1174."])
    made = rewrite(text, level, ratio)
    assert find_missing_operands(made, find_derived_numbers(text)) == []


COUNTDOWN = (
    "Okay, the user wants whole numbers from 9 down to 3 in descending order. Let me make sure I understand "
    "the request correctly. So starting at 9 and counting down each number until I reach 3. The numbers "
    "should be separated by commas with no spaces, and nothing else.\n\n"
    'First, I need to list the numbers: 9, 8, 7, 6, 5, 4, 3. Wait, does that include 3? The user said "from 9 '
    'down to 3," so yes, 3 is the last number. Let me check if I missed any numbers. Starting at 9, subtract '
    "1 each time: 9, 8, 7, 6, 5, 4, 3. That's correct. There are 7 numbers in total.\n\n"
    "Now, I need to separate them by commas with no spaces. So it should be 9,8,7,6,5,4,3. Let me double- "
    "check the order. Descending order means each subsequent number is smaller than the previous. 9 is the "
    "first, then 8, then 7, and so on until 3. That's correct.\n\n"
    "I should make sure there are no extra commas or missing numbers. Let me count again: 9 (1), 8 (2), 7 "
    "(3), 6 (4), 5 (5), 4 (6), 3 (7). Yep, seven numbers. The user didn't mention any other requirements, "
    "like including zero or negative numbers, so I don't need to add those. Just the numbers separated by "
    "commas."
)
FRUITS = (
    "Okay, the user wants me to name four fruits in capital letters, separated by commas, and nothing else. "
    "Let me start by recalling the basic fruit names. The common fruits are apple, pear, plum. Then there are "
    "others like fig, lime, grape. Maybe some rare ones like guava, medlar, quince. Wait, the user didn't "
    "specify if they want common, rare, or any fruits. So I should pick four common ones.\n\n"
    "Let me think of the most common fruit names. Apple, Pear, Plum, Fig are all very common. Alternatively, "
    "maybe include some like Lime, Grape, Guava, Quince. But the user might prefer the more basic ones. Let "
    'me check if there\'s any specific context. The user just said "name 4 fruits" so probably any four. Let '
    "me go with Apple, Pear, Plum, Fig. They are all widely recognized. Now, I need to make sure they are in "
    "capital letters and separated by commas. No full stop, so just the four names. Let me double-check: "
    "APPLE, PEAR, PLUM, FIG. Yes, that's four, all caps, commas between, no period. That should meet the "
    "user's request."
)


@ANY_LEVEL
@pytest.mark.parametrize("ratio", RATIOS)
def test_a_question_to_oneself_goes_with_its_answer(level: str, ratio: float) -> None:
    made = rewrite(COUNTDOWN, level, ratio, domain="general", answer="9,8,7,6,5,4,3")
    assert ("include 3?" in made) == ("so yes" in made)


@ANY_LEVEL
@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize(
    ("text", "answer"), [(COUNTDOWN, "9,8,7,6,5,4,3"), (FRUITS, "APPLE, PEAR, PLUM, FIG")], ids=["numbers", "words"]
)
def test_an_answer_that_is_a_list_stays_in_the_reasoning(level: str, ratio: float, text: str, answer: str) -> None:
    made = rewrite(text, level, ratio, domain="general", answer=answer)
    assert answer in made.partition("\n\nAnswer:")[0]


@ANY_LEVEL
@pytest.mark.parametrize("ratio", [0.6, 0.5])
def test_a_second_check_goes_before_a_step_of_the_derivation(level: str, ratio: float) -> None:
    text = "\n\n".join(
        (
            "There are 580 students, of whom 40% like to dance, which is 0.4 * 580 = 232.",
            "After that 20 boys join, who all like to dance.",
            "Therefore, 232 + 20 = 252 students like to dance.",
            "Wait, is that right?",
            "Original girl percentage: 60%, so girls are 0.6 * 580 = 348.",
            "The party has 580 + 20 = 600 students, and 600 - 348 = 252 of them are boys.",
            "So 252 is 42% of 600, since 252 / 600 = 0.42.",
            "So 252 boys and 348 girls are 600, and 252 of the 600 students like to dance.",
            "Therefore, the answer is 252.",
        )
    )
    made = rewrite(text, level, ratio, question="40% of 580 students like to dance. 20 boys join. How many dance now?")
    assert "20 boys join" in made
    assert "0.42" not in made
    assert not re.search(r"^60%, so", made, re.MULTILINE)
