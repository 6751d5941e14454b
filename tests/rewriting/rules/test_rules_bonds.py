"""A derivation stays whole: each class of gap that was found in rewrites of real traces, on the text that showed it."""

from __future__ import annotations

import re

import numpy as np
import pytest

from cotpress.rewriting.formula_bonds import find_formula_bonds, read_formulas
from cotpress.rewriting.levels import LEVELS
from cotpress.rewriting.rules import rewrite_by_rules
from cotpress.rewriting.rules.text_bonds import find_quote_pairs, read_pattern
from cotpress.types import Trace

ANY_LEVEL = pytest.mark.parametrize("level", LEVELS)
SENTENCE_LEVELS = pytest.mark.parametrize("level", ["preserve", "edit", "fuse"])
TALK = "Hmm, okay, let me think about what this could mean in the end, and whether it helps."


def rewrite(text: str, level: str, ratio: float | None, question: str = "", answer: str = "") -> str:
    return rewrite_by_rules(Trace("1", question, text, answer), LEVELS[level], "math", ratio)


def pad(steps: list[str], talk: str = TALK) -> str:
    """Steps with as much talk about other things between them, so that there is something to choose from."""
    others = (f"Remark {number}: the weather in town {number} is fine and the river is full." for number in range(99))
    return "\n\n".join(text for step in steps for text in (step, talk, next(others)))


BOX = [
    r"Let \( b = 3k \) for some integer \( k \). Then \( a = 5k \).",
    r"The yellow cubes give \( a(bc - 21) = 25b \).",
    r"Substituting, we get \( 5k(3kc - 21) = 75k \).",
    r"So \( kc = 12 \).",
    r"With \( k = 1 \) the volume is \( 5 \cdot 3 \cdot 12 = 180 \).",
    r"The answer is \( \boxed{180} \).",
]


@ANY_LEVEL
@pytest.mark.parametrize("ratio", [0.5, 0.3])
def test_a_definition_stays_while_its_name_is_used(level: str, ratio: float) -> None:
    made = rewrite(pad(BOX), level, ratio, "Find the volume.")
    assert "kc" not in made or "b = 3k" in made
    assert "5k(3kc" not in made or "a(bc - 21)" in made


BALLS = [
    "We count the ways to choose.",
    r"The number of sequences is \( \binom{9}{5} = 126 \).",
    r"All outcomes are \( 6^4 = 1296 \).",
    r"The ratio is \( \frac{126}{1296} = \frac{7}{72} \).",
    r"Therefore, \( m = 7 \) and \( n = 72 \).",
    r"So \( m + n = 7 + 72 = 79 \).",
    r"The answer is \( \boxed{79} \).",
]


@ANY_LEVEL
def test_a_name_of_the_question_keeps_its_value_and_that_its_fraction(level: str) -> None:
    made = rewrite(pad(BALLS), level, 0.3, "The probability is $\\frac{m}{n}$. Find $m + n$.")
    assert all(part in made for part in ("= 126", "= 1296", r"\frac{7}{72}", "m = 7", "= 79"))


PRINTER = [
    "The printer makes 40 * 7 = 280 pages.",
    "Alternatively, the jam takes 85 of them, so 280 - 85 = 195, and with 9 more it is 195 + 9 = 204.",
    "But that would be odd.",
    "Answer: 204",
]


@SENTENCE_LEVELS
@pytest.mark.parametrize("ratio", [0.5, 0.3])
def test_the_answer_keeps_the_step_that_works_it_out(level: str, ratio: float) -> None:
    assert "195 + 9 = 204" in rewrite(pad(PRINTER), level, ratio, "How many good pages were produced?")


def test_an_equation_needs_its_first_form_and_what_has_vanished_from_it() -> None:
    steps = [
        r"\( d = \frac{a}{5} \)",
        r"\( 2a + 5d = 330 \)",
        r"\( 2a + 5 \cdot \frac{a}{5} = 330 \)",
        r"\( 2a + a = 330 \)",
        r"\( 3a = 330 \)",
        r"\( a = 110 \)",
    ]
    pairs = find_formula_bonds(steps, "", np.zeros(6, bool))
    assert {(2, 1), (2, 0), (5, 4)} <= set(pairs)
    assert (4, 3) not in pairs  # a line between two forms may go
    assert not [pair for pair in find_formula_bonds(steps, "", np.ones(6, bool)) if pair]


@pytest.mark.parametrize(
    ("step", "names"),
    [
        (r"- \(S_0\): The initial state.", {"S_0"}),
        (r"Let r denote the radius of the circle.", {"r"}),
        ("A man has a cat, and I have 5 m of rope.", set()),
        (r"\( \text{area of A} = \pi r^2 \)", {"r"}),
    ],
)
def test_names_are_told_from_words(step: str, names: set[str]) -> None:
    assert read_formulas(step).names == names


TREES = [
    "The trees form an arithmetic sequence.",
    *(f"{name} tree: \\( a + {number}d \\)" for number, name in enumerate(("1st", "2nd", "3rd", "4th"))),
    "The last one has twice as many as the first, so \\( 3d = a \\).",
    "The answer is 220.",
]


@SENTENCE_LEVELS
@pytest.mark.parametrize("ratio", [0.7, 0.5, 0.3])
def test_lines_of_one_pattern_stay_or_go_together(level: str, ratio: float) -> None:
    made = rewrite(pad(TREES), level, ratio)
    assert len(re.findall(r"\d\w\w tree:", made)) in (0, 4)


def test_a_pattern_is_the_same_whatever_the_numbers() -> None:
    assert read_pattern("$34$ will be the greater number in $7$ subsets.") == read_pattern(
        "$8$ will be the greater number in $4$ subsets."
    )
    assert read_pattern("The sum is 5.") != read_pattern("The product is 5.")


BOUNDS = [
    "We count the integers of each range.",
    "For m = 2:\n\nLower bound: 1.5^4 = 5.0625",
    "Similarly for m = 3:\n\nLower bound: 2.5^4 = 39.0625",
    "So 39 - 5 = 34 numbers are between them.",
    "The answer is 34.",
]


@SENTENCE_LEVELS
@pytest.mark.parametrize("ratio", [0.5, 0.3])
def test_a_part_keeps_its_label(level: str, ratio: float) -> None:
    made = rewrite(pad(BOUNDS), level, ratio)
    assert "2.5^4" not in made or "m = 3:" in made
    assert "m = 3:" not in made or "2.5^4" in made


def test_a_quotation_of_several_sentences_is_one() -> None:
    texts = ['The user asks: "How urgent is it?', "Give me a number.", 'It began on Monday."', "We answer."]
    assert find_quote_pairs(texts) == [(0, 1), (1, 0), (1, 2), (2, 1)]


CHECKED = [
    "Let x be the number of hats, so that 12 * 5 = 60 dollars are paid for them.",
    "The shirts are 30 * 7 = 210 dollars, and with the hats that makes 210 + 60 = 270 dollars.",
    *(f"With {number} more they are 270 + {number} = {270 + number}." for number in range(11, 21)),
    "So the answer is 270.",
    "Wait, let me check that again. For the hats: 12 * 5.",
    "10 * 5 = 50 and 2 * 5 = 10, and 50 + 10 = 60.",
    "For the shirts: 30 * 7, where 3 * 7 = 21.",
    "Is that right? It could be less. But there is no discount. Hmm.",
    "Then 270 - 60 = 210, as it should be.",
    "The answer is 270.",
]


@SENTENCE_LEVELS
@pytest.mark.parametrize("ratio", [0.7, 0.5])
def test_a_second_check_stands_from_its_beginning_or_not_at_all(level: str, ratio: float) -> None:
    text = "\n\n".join(CHECKED)
    made = rewrite(text, level, ratio, "How much is paid?")
    parts = ["check that again", "10 * 5 = 50", "3 * 7 = 21", "as it should be"]
    found = [part in made for part in parts]
    assert found == sorted(found, reverse=True), made


@SENTENCE_LEVELS
def test_a_budget_that_the_derivation_exceeds_is_missed_and_not_the_derivation(level: str) -> None:
    steps = [f"\\( x_{{{at + 1}}} = {at + 17} \\cdot x_{{{at}}} \\)" for at in range(1, 20)]
    made = rewrite("\n\n".join([*steps, "The answer is \\( x_{20} \\)."]), level, 0.3)
    kept = [int(at) for at in re.findall(r"x_\{(\d+)\} =", made)]
    assert kept == list(range(2, max(kept) + 1))


TRAILING = "We add 2 + 3 = 5.\n\nThen 5 * 4 = 20.\n\nThe answer is \\boxed{20}.\n\n~somebody17"


@ANY_LEVEL
def test_a_name_below_the_answer_goes(level: str) -> None:
    assert "somebody17" not in rewrite(TRAILING, level, None)


SOLUTIONS = (
    "Solution 1\n\nThe sum is 2 + 3 = 5, and 5 * 4 = 20, so it is \\boxed{20}.\n\n"
    "Solution 2\n\nWe draw 4 rows of 5 dots each, which makes 20 dots that we count one by one from the left.\n\n"
    "Each row is counted on its own, and then all of them are added to what was counted before it."
)


@SENTENCE_LEVELS
def test_further_solutions_go(level: str) -> None:
    made = rewrite(SOLUTIONS, level, 0.5, answer="20")
    assert "5 * 4 = 20" in made
    assert "counted on its own" not in made


CIRCLE = [
    "The chord cuts the circle into two parts.",
    r"The ratio of their areas is \( \frac{A}{B} = \frac{8\pi + 3\sqrt{3}}{4\pi - 3\sqrt{3}} \).",
    r"Thus, \( a = 8 \), \( b = 3 \) and \( d = 4 \).",
    r"The product \( abd \) is \( 8 \cdot 3 \cdot 4 = 96 \).",
    r"The answer is \( \boxed{96} \).",
]
POWERS = [
    r"The number satisfies \( a^2 = a + 1 \), which gives each power from the one before it.",
    *(
        rf"\( a^{{{at}}} = a \cdot a^{{{at - 1}}} = {one}a^2 + {other}a = {one + other}a + {one} \)"
        for at, one, other in ((3, 1, 0), (4, 2, 1), (5, 3, 2), (6, 5, 3))
    ),
    r"\( a^{6} - 8a = (8a + 5) - 8a \)",
    r"So it is \( 5 \).",
    r"The answer is \( \boxed{5} \).",
]
ROOTS = [
    r"We have \[ x^2 + y^2 = 104, \]",
    r"and also \[ xy = 34. \]",
    r"Squaring, we get \[ (x - y)^2 = x^2 + y^2 - 2xy = 104 - 2 \cdot 34 = 36. \]",
    r"So \( x - y = 6 \).",
    r"The answer is \( \boxed{6} \).",
]


@ANY_LEVEL
@pytest.mark.parametrize(
    ("steps", "question", "user", "needed"),
    [
        (CIRCLE, r"The ratio is $\frac{a\pi+b\sqrt{c}}{d\pi-e\sqrt{f}}$. Find $abd$.", "a = 8", r"\frac{8\pi"),
        (POWERS, "Find $a^6 - 8a$.", "(8a + 5)", "= 8a + 5"),
        (POWERS, "Find $a^6 - 8a$.", r"a^{6} = a \cdot a^{5}", "= 5a + 3"),
        (ROOTS, "Find $x - y$.", r"2 \cdot 34", "xy = 34"),
    ],
)
def test_what_a_value_is_read_off_stays(level: str, steps: list[str], question: str, user: str, needed: str) -> None:
    for ratio in (0.6, 0.4, 0.2):
        made = rewrite(pad(steps), level, ratio, question)
        assert user not in made or needed in made, made


def test_a_fraction_with_a_root_needs_the_step_that_has_it_first() -> None:
    steps = [
        r"\( \sin \theta \in (\frac{\sqrt{21}}{5}, 1) \)",
        r"The area is at least \( 20 \cdot \frac{\sqrt{21}}{5} = 4\sqrt{21} \).",
    ]
    assert (1, 0) in find_formula_bonds(steps, "", np.zeros(2, bool))


DIVISORS = [
    "The divisors that fit are 1, 13 and 169.",
    "Case 1: 3x² + 1 = 1.",
    "Then x = 0, and we plug it into the original equation:",
    "y² = 30 * 0 + 517 = 517.",
    "So y² = 517, but 517 is not a square. Wait, 22² = 484 and 23² = 529. Thus, no integer y, so discard this case.",
    "Case 2: 3x² + 1 = 13.",
    "Then x² = 4, and y² = 10 + 39 = 49.",
    "Case 3: 3x² + 1 = 169.",
    "Then x² = 56, so there is no integer x in this case.",
    "So 3x²y² = 3 * 4 * 49 = 588.",
    "The answer is 588.",
]


@ANY_LEVEL
@pytest.mark.parametrize("ratio", [0.7, 0.5, 0.3])
def test_a_case_keeps_what_is_said_of_it_and_the_case_before_it(level: str, ratio: float) -> None:
    made = rewrite(pad(DIVISORS), level, ratio)
    assert "Case 1" not in made or "discard this case" in made
    assert "Case 3" not in made or "no integer x" in made
    assert [f"Case {number}" in made for number in (1, 2, 3)] in (
        [False] * 3,
        [True, False, False],
        [True, True, False],
        [True] * 3,
    )


@pytest.mark.parametrize(
    ("steps", "pair"),
    [
        (
            [
                r"\( 1600k^2 - 1680k - 135 = 0 \)",
                r"Solve this quadratic equation by \( k = \frac{-b}{2a} \): \( b = -1680 \).",
            ],
            (1, 0),
        ),
        (
            [
                r"- So the area of the region where they meet is \( 3600 - (60 - m)^2 \).",
                r"The probability is 40%: \[ \frac{3600 - (60 - m)^2}{3600} = 0.4 \]",
            ],
            (1, 0),
        ),
    ],
)
def test_what_an_equation_or_an_expression_comes_from(steps: list[str], pair: tuple[int, int]) -> None:
    assert pair in find_formula_bonds(steps, "Find m.", np.zeros(len(steps), bool))
