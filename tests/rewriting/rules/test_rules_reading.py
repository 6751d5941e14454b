"""What was wrong with rewrites of real traces when they were read: each on the sentence that showed it."""

from __future__ import annotations

import pytest

from cotpress.rewriting.levels import LEVELS
from cotpress.rewriting.rules import rewrite_by_rules
from cotpress.rewriting.rules.parsed_trace import parse_trace
from cotpress.rewriting.rules.phrase_patterns import compile_self_talk
from cotpress.rewriting.task import make_rewrite_task
from cotpress.types import Trace

RATIOS = (0.7, 0.5, 0.3)
ANY_LEVEL = pytest.mark.parametrize("level", LEVELS)


def rewrite(text: str, level: str, ratio: float | None = None, **rest: str) -> str:
    trace = Trace("1", rest.get("question", ""), text, rest.get("answer", ""))
    return rewrite_by_rules(trace, LEVELS[level], rest.get("domain", "math"), ratio)


TALK = """
Let me do that subtraction.
But let's check.
Let me list out the clues again to make sure I don't miss anything.
Let me try to break down each clue step by step.
So let's try to combine these.
Let me write it down again:
Okay, that's straightforward.
Hmm, seems straightforward.
Let me double-check just to be sure.
Okay, much better.
But let me make sure I'm not misunderstanding.
But maybe I'm overcomplicating.
Let me make sure I understand the requirements correctly.
Same result.
So, that's consistent.
Let me just check my steps again to make sure I didn't make a mistake.
Let me just recap to make sure I didn't skip any steps.
Everything seems to check out.
Now, moving to the second stop.
I don't think I made a mistake anywhere.
Alternatively, maybe it's a trick question.
But let me check if there's another way.
It works!
""".strip().splitlines()
NO_TALK = """
Let me multiply both sides.
Let me add the hats.
Let me check whether the sum is even.
No.
That is not right.
That's wrong.
So the answer is yes.
Maybe x is odd.
I think Algeria.
The same answer holds for the other side.
It matches the pattern of primes.
Let me use the quadratic formula.
Starting with the left side, we add y.
I need to find the sum of the angles.
And Ben.
""".strip().splitlines()


@pytest.mark.parametrize("sentence", TALK)
def test_talk_to_oneself_goes_whole(sentence: str) -> None:
    assert compile_self_talk("en").fullmatch(sentence)


@pytest.mark.parametrize("sentence", NO_TALK)
def test_what_says_something_is_no_talk(sentence: str) -> None:
    assert not compile_self_talk("en").fullmatch(sentence)


@ANY_LEVEL
def test_talk_leaves_no_request_behind(level: str) -> None:
    text = "So 768 - 54. Let me do that subtraction. 768 - 54 is 714. Let me write that down. The answer is 714."
    assert not any(words in rewrite(text, level).casefold() for words in ("do that", "write that"))


def test_talk_after_a_question_is_no_reply_to_it() -> None:
    text = "Could Dan be in 4? Let me think. If Eve is in 2, Dan is in 1. So Dan is not in 4. The answer is Ben."
    assert "Let me think" not in rewrite(text, "preserve")


GUTTED = {
    "saw thousands": "The 1572 St. Bartholomew's Day Massacre saw thousands of Protestants killed by Catholic mobs.",
    "is a location": "A grave is a location where a dead body is buried.",
    "hold the house": "Building a house requires gravity to hold the house to the surface.",
    "formed of layers": "Callouses are formed of layers of dead skin and usually lack sensation.",
    "combination of methodist": "The Uniting Church is a combination of Methodist and Presbyterian congregations.",
    "group of heroes": "The Avengers are a group of heroes from Marvel Comics.",
    "their spare kidney": "Living donors will sometimes donate their spare kidney to someone who has none.",
    "shakespeare died": "William Shakespeare died in 1616.",
}


@pytest.mark.parametrize("end", GUTTED)
@pytest.mark.parametrize("ratio", RATIOS)
@ANY_LEVEL
def test_a_sentence_does_not_lose_what_it_says(level: str, ratio: float, end: str) -> None:
    made = rewrite(f"{GUTTED[end]} So it is as the question says.", level, ratio, answer="yes", domain="general")
    assert not any(line.casefold().endswith(end) for line in made.replace(";", ".").replace("\n", ".").split("."))


LABELLED = (
    "First find the area of one side of a roof: 20 feet * 40 feet = <<20*40=800>>800 square feet\n"
    "Then multiply that number by 2 to find the area of both sides: 800 feet/side * 2 sides = 1600 square feet\n"
    "Then multiply the area by the number of shingles per square foot: 1600 feet * 8 singles/foot = 12800 shingles"
)


@pytest.mark.parametrize("level", ["preserve", "edit", "fuse"])
def test_announcements_and_marks_go_before_equations(level: str) -> None:
    made = rewrite(LABELLED, level, 0.6, answer="12800")
    assert "<<" not in made
    assert all(result in made for result in ("= 800", "= 1600", "= 12800"))


@ANY_LEVEL
def test_a_variable_is_no_article(level: str) -> None:
    made = rewrite("So, a = (320 - 17*2)/2 = 143. Then, a is odd. The answer is 143.", level)
    assert "A = " not in made
    assert "A is" not in made


def test_ordinals_of_terms_stay() -> None:
    text = "First term: 100\n\nSecond term: 450 - 3x\n\nThird term: x\n\nSo the sum is 550 - 2x.\n\nThe answer is 550."
    for ratio in RATIOS:
        terms = [line for line in rewrite(text, "edit", ratio).split("\n\n") if "term:" in line]
        assert all(line.split()[0] in ("First", "Second", "Third") for line in terms)


def test_a_request_does_not_follow_a_subject() -> None:
    made = rewrite("They finished a race, and we need to find who was last. Dan was last. The answer is Dan.", "edit")
    assert "race, and find" not in made


def test_what_turns_back_on_nothing_loses_its_wait() -> None:
    text = (
        "So the feathers are lighter? Wait, kilograms are the unit here. The lead is 6 kg, which is more than 5 kg. "
        "Therefore lead is heavier. Feathers have 5 kg. The answer is lead."
    )
    for ratio in RATIOS:
        made = rewrite(text, "preserve", ratio)
        assert ("lighter?" in made) == ("Wait" in made) or "kilograms" not in made.casefold()


ORDER = (
    "So positions:\n\n1: Eve\n\n2: Cara\n\n3: Dan\n\n4: Ben\n\n5: Ana\n\nDan is after Cara. So Ben is in position 4."
)
PADDING = "\n\n".join(f"Clue {name} says that runner {name} is before runner {name}{name}." for name in "PQRSTUVW")


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("level", ["preserve", "edit", "fuse"])
def test_a_list_stays_whole_or_goes_whole(level: str, ratio: float) -> None:
    made = rewrite(f"{PADDING}\n\n{ORDER}", level, ratio, answer="Ben")
    found = [name for name in ("1: Eve", "2: Cara", "3: Dan", "4: Ben", "5: Ana") if name in made]
    assert len(found) in (0, 5)
    assert "1: Eve;" not in made


def test_names_keep_their_capital_and_other_words_do_not() -> None:
    text = "March has 31, like January, May and July.\n\nMay has 31.\n\nAlternatively, we count.\n\nSo 7 + 4 = 11."
    made = rewrite(text, "fuse")
    assert "may has" not in made
    assert "; Alternatively" not in made


REPEATED = (
    "So 8 * 20 is 160, and 8 * 7 is 56.\n\n160 + 56 = 216 parts are made.\n\nThe machine runs twice.\n\n"
    "216 * 2 = 432 parts in all.\n\nOf these 36 are bad.\n\n432 - 36 = 396 parts are good.\n\n"
    "8 * 20 = 160.\n\n8 * 7 = 56.\n\n160 + 56 = 216.\n\n216 * 2 = 432.\n\n432 - 36 = 396.\n\nThe answer is 396."
)


@pytest.mark.parametrize("level", ["preserve", "edit", "fuse"])
def test_calculations_that_are_made_again_go_first(level: str) -> None:
    made = rewrite(REPEATED, level, 0.6)
    assert made.count("432 - 36 = 396") == 1
    assert "are good" in made


def test_replace_has_no_heading_of_the_original() -> None:
    text = "So a = 160 - 17 = 143.\n\n**Final Answer**\nThe measure of the smallest angle is \\boxed{143}."
    made = rewrite(text, "replace", question="Find the measure of the smallest angle.")
    assert made.count("143") == 3  # the equation, the sentence, the answer
    assert "Final Answer" not in made


def test_what_is_given_is_no_work() -> None:
    text = (
        "The printer produces 39 pages per minute for 26 minutes.\n\nTo do that, I can multiply the rate (39 pages) by "
        "the time (26 minutes).\n\n39 * 26 = 1014.\n\nThe answer is 1014."
    )
    made = rewrite(text, "replace", question="A printer produces 39 pages per minute for 26 minutes. How many?")
    assert "multiply" not in made.partition("Given:")[2].partition("\n")[0]


def test_dates_and_sizes_are_no_mathematics() -> None:
    trace = Trace("1", "", "The Louvre has a value of 45 billion. George Soros has 8 billion as of 2020.", "False")
    assert make_rewrite_task(trace, LEVELS["replace"]).domain == "general"
    solved = Trace("1", "", "45 billion - 8 billion = 37 billion.", "37 billion")
    assert make_rewrite_task(solved, LEVELS["replace"]).domain == "math"


def test_an_example_that_the_next_sentence_needs_stays() -> None:
    text = "Logging produces products such as pulp. Pulp is used to make paper. So loggers are needed for paper."
    for ratio in RATIOS:
        assert "products." not in rewrite(text, "preserve", ratio, domain="general")


def test_the_name_of_a_function_gets_no_capital() -> None:
    made = rewrite("So, ln w = ln(y^40) = 40 ln y.\n\nThen, ln z = 2.\n\nThe answer is 60.", "edit")
    assert "Ln" not in made


def test_an_answer_that_is_never_stated_is_the_one_given() -> None:
    text = "Counting down from 11: 11, 10, 9, 8.\n\nEach is a whole number.\n\nI think that's the correct answer."
    made = rewrite(text, "replace", answer="11,10,9,8", domain="general")
    assert made.rpartition("Answer: ")[2] == "11,10,9,8"


def test_a_mark_that_goes_makes_a_text_a_unit_shorter() -> None:
    parsed = parse_trace(Trace("1", "", "He takes 10*10 = <<10*10=100>>100 hours. So 100 is it."), (), 0.5)
    start = parsed.text.index("<<")
    assert parsed.count_deleted_units(start, parsed.text.index(">>") + 2) == 1
    assert parsed.count_deleted_units(0, len("He ")) == 1


def test_a_power_gets_no_capital() -> None:
    assert "A²" not in rewrite("So, a² - a(b + c) + bc = 93. The answer is 93.", "edit")
    assert "Bc" not in rewrite("So, bc - ad = 2×94 - 1×95 = 93. The answer is 93.", "edit")


def test_what_is_asked_goes_before_what_is_said() -> None:
    text = (
        "The question is asking which weighs more: 7 kilograms of feathers or 4 kilograms of lead. If I have 7 kg of "
        "feathers, that's 7 kilograms. And 4 kg of lead is 4 kilograms. So, comparing the two, 7 kg is more than 4 kg. "
        "Lead is denser than feathers are. A pillow is soft. Iron is grey. Answer: 7 kilograms of feathers."
    )
    asked = "Which weighs more, 7 kilograms of feathers or 4 kilograms of lead?"
    assert "is asking" not in rewrite(text, "preserve", 0.5, question=asked, answer="7 kilograms of feathers")


def paragraphs(*texts: str) -> str:
    """Texts as paragraphs of a trace that is long enough for its paragraphs to be its steps."""
    return "\n\n".join(
        [*texts, *(f"Then {number} + 1 = {number + 1}." for number in range(70, 80)), "The answer is 80."]
    )


@ANY_LEVEL
@pytest.mark.parametrize("ratio", RATIOS)
def test_a_pronoun_keeps_what_it_stands_for(level: str, ratio: float) -> None:
    text = "While Chick-fil-A sells chicken, they also offer other items. Meat is in none of the fries and hash browns."
    assert "Chick-fil-A" in rewrite(text, level, ratio, domain="general")


@ANY_LEVEL
def test_talk_after_a_list_of_numbers_is_talk(level: str) -> None:
    made = rewrite("It should be 12,11,10,9. Let me double-check the order. The sum of them is 42.", level)
    assert "double-check" not in made
    assert "12,11,10,9" in made


def test_a_sentence_that_goes_on_with_a_bracket_has_a_capital() -> None:
    made = rewrite("Similarly, adding (1 - m/n) liters of C to B gives 6 - m/n. It is 50% acid.", "edit", 0.8)
    assert made.startswith(("Similarly, adding", "Adding"))


def test_total_in_a_name_stays() -> None:
    text = "Therefore, the difference in total monthly costs is 1419.60 - 1343.60 = $76. It is 76 in all, Tom says."
    assert "difference monthly" not in rewrite(text, "edit", 0.7)
    assert "for a total of 7+6=13" in rewrite("She found more chickens for a total of 7+6=13 chickens.", "edit")


@ANY_LEVEL
@pytest.mark.parametrize("ratio", RATIOS)
def test_a_quotation_is_whole(level: str, ratio: float) -> None:
    said = 'The example shows "Name 3 colours in capital letters, and nothing else. Do not add a full stop." '
    text = said.join(
        (
            "The user wants colours. Those are named in capitals. Commas separate the colours from each other. ",
            "So the format is clear. There are spaces or there are none. The strict format has none of them. "
            "Some users may like them more. The commas are what separates the colours. The answer is RED.",
        )
    )
    made = rewrite(text, level, ratio, domain="general", question="Name 3 colours.")
    assert made.count('"') % 2 == 0


def test_a_number_and_its_reason_are_no_operand() -> None:
    made = rewrite("The total percent is 39 because 14 + 20 + 5 = <<14+20+5=39>>39. It is much.", "edit", 0.4)
    assert not made.startswith("39 because")


TANK = (
    "There's a tank that holds 768 litres. First, they drain 18 litres each hour for 3 hours. I need to find out how "
    "many litres are in the tank after all that. The tank starts with 768 litres. The drained water is 18 * 3 = 54 "
    "litres. Then 768 - 54 = 714 litres are left. In the end, 714 litres are in the tank. The answer is 714."
)


def test_a_template_gives_each_thing_once_and_plans_no_question() -> None:
    question = "A tank holds 768 litres. 18 litres are drained each hour for 3 hours. How many litres are in the tank?"
    made = rewrite(TANK, "replace", 0.95, question=question)
    assert made.partition("Work:")[0].count("768") <= 1
    assert "find out how" not in made.lower()


def test_an_article_before_a_measure_has_a_capital() -> None:
    made = rewrite("So, a 3-kilogram chicken costs $12 + $6 = $18. It is dear.", "edit", 0.9)
    assert made.startswith("A 3-kilogram")


def test_what_is_spent_on_stays() -> None:
    text = (
        "Connie spent 10 tickets on earbuds + 15 tickets on bracelets = <<10+15=25>>25 tickets.\n"
        "Since she spends half of her tickets on a stuffed bear, that means the 25 tickets she spent on the others is "
        "the other half, so she spent 25 tickets on the stuffed koala bear.\nIn all, Connie spent 25 + 25 = 50 tickets."
    )
    assert "on the stuffed koala bear" in rewrite(text, "edit", 0.3)


def test_a_template_keeps_the_reply_to_each_question() -> None:
    counts = "\n\n".join(f"r={at}:c={3 * at} <={60 - at}? Yes. Count={at}" for at in range(9, 14))
    text = paragraphs(counts)
    assert rewrite(text, "replace").count("Yes.") == 5


@ANY_LEVEL
def test_yeah_is_a_reply_after_a_question(level: str) -> None:
    text = "The layers are along the a-axis, right? Yeah, so each layer has 9 red cubes. There are 4 layers."
    made = rewrite(text, level)
    assert "right?" not in made or "Yeah" in made


REMARKS = """
Wait, let me count again to ensure I didn't skip any numbers.
Let me check if that's correct.
But let me check again, just to be thorough.
But just to make sure, let's re-examine.
Let me start by breaking down what I know.
That simplifies things a bit.
That's what was given.
So, just a cross-verification.
Wait, perhaps not.
Hey, that's interesting!
Huh, perhaps that could help in some way.
I think that's the answer.
I don't see any errors in the calculations.
Alternative way: Let's track each step again.
""".strip().splitlines()
NO_REMARKS = """
Let me check if it is even.
Let me see if that works for x.
That helps us find the radius.
Let me count the apples to ensure that 5 are there.
Perhaps not all of them are red.
""".strip().splitlines()


def test_remarks_on_the_work_are_talk() -> None:
    talk = compile_self_talk("en")
    assert [text for text in REMARKS if not talk.fullmatch(text)] == []
    assert [text for text in NO_REMARKS if talk.fullmatch(text)] == []
