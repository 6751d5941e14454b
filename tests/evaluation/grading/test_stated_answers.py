"""Which answer a text gives, by kind; what states none is unparsed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress.evaluation.grading import ANSWER_KINDS, GRADE_OUTCOMES, Grade, Grader, GradingInput

OPTIONS = ("a bank", "the library", "glass box", "glass", "New York")

MATH = [
    (r"First \boxed{3}. No: \boxed{\frac{1}{2}}.", r"\frac{1}{2}"),
    (r"\boxed{3}" + "\nso the answer is 4.", "4"),
    ("16 - 7 = 9\n#### 18", "18"),
    ("I add them up.\n\n72", "72"),
    ("I add them up.\n\n**72**.", "72"),
    ("Therefore, $x = 5$.", "5"),
    ("Thus x = 5.", "5"),
    ("Adding:\n" + r"\[ \frac{3}{4} \]", r"\frac{3}{4}"),
    ("So\n$$\n12\\pi\n$$", r"12\pi"),
    ("It follows.\n$(3, 4]$", "(3, 4]"),
    ("Then:\n- 1,080", "1,080"),
    (r"\boxed{5!}", "5!"),
    (r"$\boxed{\{1, 2\}}$", r"\{1, 2\}"),
    ("<think>\\boxed{9}</think>\nThe answer is 7.", "7"),
    ("9*8=72", None),
    ("So she has 72 clips.", None),
    ("There are 3 apples and 4 pears", None),
    ("I do not know.", None),
    ("The answer is obvious", None),
    ("Step 12", None),
]
CHOICE = [
    ("The answer is (B).", "B"),
    ("The answer is B.", "B"),
    ("Answer: b", "B"),
    ("**Answer:** B. the library", "B"),
    (r"\boxed{B}", "B"),
    (r"\boxed{\text{(C)}}", "C"),
    ("It could be (A). But the answer is (D)", "D"),
    ("The answer is (A). Wait, no. The answer is (E).", "E"),
    ("The correct option is (B) because it is far.", "B"),
    ("Answer: New York", "E"),
    ("Answer: the library.", "B"),
    ("Answer: glass box", "C"),
    ("Answer: glass", "D"),
    ("the answer is **a bank**.", "A"),
    ("B", "B"),
    ("I thought about it.\n(B) the library", "B"),
    ("I thought about it.\nOption C", "C"),
    ("All in all I choose (D).", "D"),
    ("So it must be the library.", "B"),
    ("So it must be in the glass box.", "C"),
    ("The answer is (H).", "H"),
    ("It is a bank or the library.", None),
    ("It cannot be the library.", None),
    ("So it is not (B).", None),
    ("A bank holds money, which is useful.", None),
    ("Who knows?", None),
]
TRUTH = [
    ("The answer is True.", "true"),
    ("The answer is no.", "false"),
    ("The answer is yes. Hmm, wait. The answer is no.", "false"),
    (r"\boxed{\text{Yes}}", "true"),
    ("**Answer:** No, because he is dead.", "false"),
    ("He is alive.\nYes.", "true"),
    ("He is alive. So, yes, he could.", "true"),
    ("No, he could not.", "false"),
    ("There is no way to tell.", None),
    ("True stories are rare.", None),
    ("The answer is 5.", None),
]
WORDS = [
    ("The answer is the Amazon River.", "the Amazon River"),
    (r"\boxed{blue whale}", "blue whale"),
    ("blue whale.", "blue whale"),
    ("I think that it\nmay be many things that nobody can name", None),
]


@pytest.mark.parametrize(
    ("kind", "text", "answer"),
    [
        (kind, text, answer)
        for kind, table in zip(ANSWER_KINDS, (MATH, CHOICE, TRUTH, WORDS), strict=True)
        for text, answer in table
    ],
)
def test_the_last_answer_is_found(kind: str, text: str, answer: str | None) -> None:
    gold = "False" if kind == "truth" and answer == "false" else "True" if kind == "truth" else answer or "B"
    with Grader() as grader:
        (grade,) = grader.grade([GradingInput(text, gold, kind, OPTIONS if kind == "choice" else ())])
    assert grade == (Grade("unparsed") if answer is None else Grade("right", answer))


def test_an_option_that_is_a_letter_gives_way_to_the_letter() -> None:
    with Grader() as grader:
        (grade,) = grader.grade([GradingInput("The answer is (A).", "A", "choice", ("B", "A"))])
    assert grade == Grade("right", "A")


@pytest.mark.parametrize("kind", ANSWER_KINDS)
@pytest.mark.parametrize("text", ["", " ", "\n\t \n"])
def test_white_space_is_empty(kind: str, text: str) -> None:
    assert Grader().grade([GradingInput(text, "True", kind)]) == [Grade("empty")]


@pytest.mark.parametrize(
    ("stated", "gold", "same"),
    [
        ("The Blue Whale!", "blue whale", True),
        ("well-known facts", "well known facts", True),
        ("a cat", "the cat", True),
        ("3:45 p.m.", "3:45 PM", True),
        ("the blue whale", "the whale", False),
        ("C", "C++", False),
    ],
)
def test_words_are_compared_without_case_articles_and_punctuation(stated: str, gold: str, same: bool) -> None:
    (grade,) = Grader().grade([GradingInput(rf"\boxed{{{stated}}}", gold, "text")])
    assert grade.outcome == ("right" if same else "wrong")


PIECES = [
    "The answer is ",
    "Answer: ",
    r"\boxed{",
    "}",
    "$",
    "(B)",
    "B",
    "yes",
    "no",
    "a bank",
    ". ",
    "\n",
    "**",
    "\\",
    "é",
]


@given(st.lists(st.sampled_from(PIECES), max_size=15).map("".join), st.sampled_from(("choice", "truth", "text")))
def test_any_text_gets_a_grade(text: str, kind: str) -> None:
    gold = {"choice": "B", "truth": "no", "text": "a bank"}[kind]
    (grade,) = Grader().grade([GradingInput(text, gold, kind, OPTIONS)])
    assert grade.outcome in GRADE_OUTCOMES
    assert (grade.answer == "") == (grade.outcome in ("unparsed", "empty"))
    assert (grade.outcome == "empty") == (not text.strip())
