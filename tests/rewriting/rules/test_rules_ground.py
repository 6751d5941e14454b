"""What a step rests on stays with it, and second checks go whole: each on the sentences that showed a fault."""

from __future__ import annotations

import numpy as np
import pytest

from cotpress.rewriting.checks import Draft, run_checks
from cotpress.rewriting.formula_bonds import find_formula_bonds
from cotpress.rewriting.levels import LEVELS
from cotpress.rewriting.rules import detour_marks, ground_bonds, rewrite_by_rules, text_bonds
from cotpress.rewriting.rules.derivation import find_operand_pairs
from cotpress.rewriting.rules.parsed_trace import parse_trace
from cotpress.rewriting.rules.sentence_rules import link_sentences
from cotpress.rewriting.rules.text_changes import apply_changes, find_shortenings, lowercase_first
from cotpress.types import BoolArray, Trace


def nothing(texts: list[str]) -> BoolArray:
    return np.zeros(len(texts), bool)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (r"The probability is: \[ \frac{216}{1680} \]", "We simplify this fraction by finding the divisor of both."),
        (r"The polynomial is \(1 - x + x^2\).", r"We need to express this polynomial in terms of \(y = x + 1\)."),
        ("Next, the hundreds place: b + f = 4.", "The number of solutions here is that of b + f = 4."),
        ("The logarithm needs sin x and cos x to be positive.", "Therefore, sin x + cos x is positive."),
        ("Its discriminant is 2961, which is not a perfect square.", "So, discard S=55."),
    ],
)
def test_a_step_keeps_the_one_that_it_speaks_of(before: str, after: str) -> None:
    assert (1, 0) in ground_bonds.find_ground_pairs([before, after], nothing(["", ""]))


@pytest.mark.parametrize(
    "text",
    [
        "In this case, x + y = 55.",
        "I have this problem to solve.",
        "Therefore, x = 5.",
        "So we need to find the number of points.",
        "This means 5.",
    ],
)
def test_a_step_that_stands_by_itself_needs_no_other(text: str) -> None:
    assert not ground_bonds.find_ground_pairs(["Let us begin.", text], nothing(["", ""]))


def test_what_is_gone_through_in_order_stays_together() -> None:
    texts = [
        "The first letter is B, which is not an 'a'.",
        "The second letter is A, so that's one.",
        "Then the third is N, not an 'a'.",
        "The fourth is A again, that's two.",
    ]
    pairs = ground_bonds.find_ordinal_pairs(texts, nothing(texts))
    assert {(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2)} == set(pairs)
    assert not ground_bonds.find_ordinal_pairs(texts[:2], nothing(texts[:2]))


def test_a_list_of_products_has_no_gap_but_calculations_are_no_list() -> None:
    texts = ["1 × 72", "2 × 36", "3 × 24", "4 × 18"]
    assert (0, 1) in ground_bonds.find_number_list_pairs(texts, nothing(texts))
    work = ["6561 - 900 = 5661", "5661 - 36 = 5625", "5625 = 75^2"]
    assert not ground_bonds.find_number_list_pairs(work, nothing(work))


def test_two_values_keep_the_choice_between_them() -> None:
    texts = [
        r"\[ n = \frac{54}{2} = 27 \quad \text{or} \quad n = \frac{-224}{2} = -112 \]",
        r"Since \( n \) must be positive, \( n = 27 \).",
    ]
    assert ground_bonds.find_choice_pairs(texts, nothing(texts)) == [(0, 1)]
    texts[1] = "Next, we add them."
    assert not ground_bonds.find_choice_pairs(texts, nothing(texts))


def test_a_product_keeps_each_count_that_it_multiplies() -> None:
    texts = [
        "The number of solutions to a + e = 1 is 2. Specifically, the pairs (0,1) and (1,0). So, 2 solutions.",
        "The formula is C(4 + 2 -1, 2 -1) = C(5,1) = 5. So, 5 solutions.",
        "It is C(10,1) =10. So, 10 solutions.",
        "It is C(3,1)=3. Alternatively, listing the pairs: (0,2), (1,1), (2,0). So, 3 solutions.",
        "That is, total pairs = 2 * 5 * 10 * 3.",
    ]
    pairs = ground_bonds.find_count_pairs(texts, "Which pairs sum to 1492?", nothing(texts))
    assert {(4, 0), (4, 1), (4, 2), (4, 3)} <= set(pairs)


def test_a_count_of_two_digits_that_is_only_said_stays() -> None:
    texts = [
        "There are 25 even numbers and 25 odd numbers in the range from 0 to 49.",
        r"\[ \binom{25}{2} + \binom{25}{2} = \frac{25 \cdot 24}{2} + \frac{25 \cdot 24}{2} = 600 \]",
    ]
    assert (1, 0) in find_operand_pairs(texts, "How many triangles?", *[nothing(texts)] * 3)


def test_an_expression_keeps_the_equation_that_it_comes_from() -> None:
    texts = [
        r"The sum of this series is: \[ \frac{1 - (-x)^{18}}{1 - (-x)} = \frac{1 - x^{18}}{1 + x}. \]",
        r"We rewrite the expression \(\frac{1 - x^{18}}{1 + x}\) in terms of \(y\).",
        r"We put it in: \[ \frac{1 - (y-1)^{18}}{y}. \]",
        r"Thus: \[ \frac{1 - (y-1)^{18}}{y} = 18 - 153y + 816y^2. \]",
    ]
    pairs = find_formula_bonds(texts, "Find the value of $a_2$.", nothing(texts))
    assert {(1, 0), (3, 2)} <= set(pairs)


CHECK = [
    r"\( a^2 + b^2 + c^2 = 6561 - 936 = 5625 \).",
    "Wait, is that right? Let me double-check:",
    "6561 minus 936:",
    "6561 - 900 = 5661",
    "5661 - 36 = 5625. Yes, correct.",
    r"So, \( a^2 + b^2 + c^2 = 5625 \).",
]


def test_a_check_of_a_result_goes_whole() -> None:
    turning = np.array([False, True, False, False, False, False])
    assert detour_marks.mark_checks(CHECK, turning).tolist() == [False, True, True, True, True, False]


def test_a_check_that_finds_a_fault_stays() -> None:
    texts = [*CHECK[:3], "6561 - 900 = 5661. That is wrong.", *CHECK[4:]]
    assert not detour_marks.mark_checks(texts, np.array([False, True, False, False, False, False])).any()


def test_what_comes_after_the_answer_was_reached_goes() -> None:
    texts = [
        "n = 10 * (6/5) = 12.",
        "So, n is 12. Let me double-check my steps.",
        "Second equation:",
        "n = 10*(6/5)=12.",
    ]
    turning = np.array([False, True, False, False])
    assert detour_marks.mark_after_reached(texts, "12", turning).tolist() == [False, True, True, True]
    assert not detour_marks.mark_after_reached(texts, "2", turning).any()  # one digit may be another number's


def test_the_answer_to_a_lookup_of_a_sign_is_worked_out() -> None:
    """753 was stated without the step that works it out, as -753 stood before and "Thus," between them."""
    text = (
        r"We use the identity for the sum of cubes. Since \(r + s + t = 0\), we have r + s = -t."
        "\n\n"
        r"So \( r^3 + s^3 + t^3 = 3(-251) = -753 \)."
        "\n\nThus,\n\n"
        r"\[ (r + s)^3 + (s + t)^3 + (t + r)^3 = -(-753) = 753. \]"
        "\n\nTherefore, the final answer is:\n\n"
        r"\[ \boxed{753}. \]"
    )
    made = rewrite_by_rules(Trace("1", "Find the sum.", text, ""), LEVELS["preserve"], "math", 0.5)
    assert "-(-753) = 753" in made


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "If |A ∩ B| = |A|, then that means that every element in A is also in B.",
            "If |A ∩ B| = |A|, then that means that every element in A is also in B.",
        ),
        ("Their product is equal to 6 times their sum.", "Their product is equal to 6 times their sum."),
        ("Their product is equal to 6.", "Their product = 6."),
        ("That means that the sum is odd.", "So the sum is odd."),
        ("The number is equal to 100a + 10b.", "The number is equal to 100a + 10b."),
        (
            r"The harmonic mean of \(x\) and \(y\) is equal to \(6^{20}\).",
            r"The harmonic mean of \(x\) and \(y\) is equal to \(6^{20}\).",
        ),
        ("Then look at whether it is equal to 227.", "Then look at whether it is equal to 227."),
        (
            r"Since both are positive, we have \(1598/2 = 799\) pairs of them.",
            r"Since both are positive, we have \(1598/2 = 799\) pairs of them.",
        ),
        (r"Since it is so, we have \(a + b = 3\).", r"Since it is so, \(a + b = 3\)."),
    ],
)
def test_a_short_form_leaves_a_sentence(text: str, expected: str) -> None:
    parsed = parse_trace(Trace("1", "What is it?", f"{text} And the rest of it is the same."), (), None)
    assert apply_changes(parsed, parsed.sentences[0], find_shortenings(parsed, parsed.sentences[0])) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("We need to find the square.", "Maybe I can visualize the trapezoid first."),
        ("Let me sketch it mentally.", "Denote the vertices in order."),
        ("Okay, let's see.", "The problem is about a shop."),
        ("9 × 28.", "Let me do 9 × 28."),
        ("Wait, that's too long.", "Need to make it concise."),
    ],
)
def test_a_thought_is_not_joined_to_a_statement(before: str, after: str) -> None:
    parsed = parse_trace(Trace("1", "What is it?", f"{before} {after} So the answer is that the sum is 5."), (), None)
    assert link_sentences(parsed, before, after, " ", follows=True) == f"{before} {after}"


def test_a_word_that_the_text_has_in_the_plural_is_no_name() -> None:
    parsed = parse_trace(Trace("1", "", r"The diagonals meet. Diagonal \(AC\) is long."), (), None)
    assert lowercase_first(r"Diagonal \(AC\) is long.", parsed) == r"diagonal \(AC\) is long."


LOGARITHM = (
    "We multiply 20 by the sum of x and 3, which gives 20x + 60 = 2020x.\n\nWe subtract 20x, so 60 = 2000x.\n\n"
    "Dividing by 2000, x = 60/2000 = 3/100.\n\nSo m = 3 and n = 100, and m + n = 3 + 100 = 103."
)


def test_the_heading_find_says_find() -> None:
    trace = Trace("1", "Let x solve 20(x + 3) = 2020x. Let x = m/n. Find $m+n$.", LOGARITHM, "103")
    made = rewrite_by_rules(trace, LEVELS["replace"], "math", None)
    assert "Find: $m+n$." in made or "Find:" not in made
    assert not any(one.check == "section-content" for one in run_checks(Draft(trace, made, LEVELS["replace"])))


def test_a_section_find_that_asks_nothing_fails() -> None:
    trace = Trace("1", "A box holds 3 pens. Find $m+n$.", "The sum is 3 + 100 = 103.", "103")
    text = "Find: A box holds 3 pens.\nWork: The sum is 3 + 100 = 103.\nAnswer: 103"
    found = run_checks(Draft(trace, text, LEVELS["replace"]))
    assert any("does not ask" in one.reason for one in found)


LONG = "We add the first number to the second one and to all the others. " * 8


def test_a_long_paragraph_that_became_short_is_not_two_steps_merged() -> None:
    text = f"{LONG}\n\nThat makes 5 blue pens.\n\nThen we double the red pens.\n\nSo there are 10 red pens now."
    made = text.replace(LONG, LONG[: len(LONG) // 2].strip() + " ")
    draft = Draft(Trace("1", "", text), made, LEVELS["edit"])
    assert not any(one.check == "steps-in-order" for one in run_checks(draft))


CASES = (
    "To solve the problem, we count the tuples that satisfy both equations.\n\nFirst, we rewrite the first of them "
    "as d - c = b - a. Let k = b - a = d - c. So b = a + k and d = c + k, and we get:\n\\[\nk(c - a) = 93.\n\\]\n"
    "So, k must be a divisor of 93.\n\n### Case 1: k = 1\nThen c - a = 93, and 405 values are possible.\n\n"
    "### Case 2: k = 3\nThen c - a = 31, and 465 values are possible.\n\nSumming up, we get:\n"
    "\\[\n405 + 465 = 870.\n\\]\n"
    "Thus, the number of tuples is \\(\\boxed{870}\\)."
)


def test_lines_of_headings_and_displays_can_be_fused() -> None:
    trace = Trace("1", "How many tuples satisfy k(c - a) = 93?", CASES, "")
    drafts = [rewrite_by_rules(trace, LEVELS["fuse"], "math", 0.7, cautious=cautious) for cautious in (False, True)]
    failed = [{one.check for one in run_checks(Draft(trace, text, LEVELS["fuse"]))} for text in drafts]
    assert any("fewer-steps" not in one for one in failed)


def test_doubts_stay_up_to_where_a_thought_has_ended() -> None:
    text = (
        "There are five runners. Ana is in 3, so Eve is in 4. Dan must be in 5, as Eve is in 4. So position 4 is Eve. "
        "But let me check again. Could there be another way? Suppose Ana is in 4. Then Eve is in 5, and Dan has no "
        "place. Therefore, position 4 is Eve. Wait, let me think again. Is it possible that Cara is in 3? No, because "
        "Ana is in 3. Therefore, position 4 is Eve. Wait, but the answer might be Ben? No. So the answer is Eve."
    )
    trace = Trace("1", "Who is in position 4?", text, "Answer: Eve")
    made = rewrite_by_rules(trace, LEVELS["preserve"], "general", 0.7)
    assert "might be Ben" not in made
    assert ("Is it possible that Cara" in made) == ("because Ana is in 3" in made)


def test_all_cases_stay_or_none() -> None:
    texts = [
        "Case 1: k = 1",
        "This is not possible.",
        "Case 2: k = 3",
        "This is valid.",
        "Case 3: k = 9",
        "This is valid.",
    ]
    pairs = text_bonds.find_case_bonds(texts, nothing(texts))
    assert {(0, 2), (2, 0), (2, 4), (4, 2)} <= set(pairs)


def test_the_answer_belongs_to_no_part() -> None:
    texts = ["For jar A:", "It is 2.3 liters.", "For jar B:", "It is 2.6 liters.", r"**Final Answer** \boxed{85}"]
    assert not [pair for pair in text_bonds.find_label_pairs(texts, nothing(texts)) if pair[0] == 4]


def test_from_which_keeps_what_it_is_seen_from() -> None:
    texts = ["Factor: (b - 1)(c - 1) = 2.", "Therefore, from which we can see that (a - 1)(b - 1) = 2."]
    assert ground_bonds.find_ground_pairs(texts, nothing(texts)) == [(1, 0)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            r"Thus \( a_k = 1 + \log_5 \left( \frac{3k + 2}{5} \right) \).",
            r"For it to be whole, \( \log_5 \left( \frac{3k + 2}{5} \right) \) must be.",
        ),
        ("The total acid becomes 1.8 + (m/n)*(k/100) in 4 + m/n liters.", "(1.8 + (m/n)*(k/100)) / (4 + m/n) = 0.5"),
        (r"\( bc - b - c + k + 1 = 1 \)", r"Factor: \( (b - 1)(c - 1) = 1 - k \)"),
        (r"\[ 121 = b^2 - 2ab + 676 \]", r"Rearranging terms, we find: \[ b^2 - 2ab + 555 = 0 \]"),
    ],
)
def test_an_equation_keeps_what_its_parts_come_from(before: str, after: str) -> None:
    texts = [before, after]
    assert (1, 0) in find_formula_bonds(texts, "Find k.", nothing(texts))


def test_a_product_has_the_names_of_its_factors() -> None:
    texts = [r"\( a^2 + b^2 = 9 \)", r"\( 2ab = 7 \)", r"\( a^2 - 2ab + b^2 = 2 \)"]
    assert (2, 1) in find_formula_bonds(texts, "Find it.", nothing(texts))


def test_a_lead_goes_with_the_attempt_that_it_leads_to() -> None:
    text = (
        "The bug starts at A and has three edges to go on. Denote the vertices as follows:\n- States 1, 2, 3: B, C, D, "
        "so maybe they are one state, which gives 3 * 3 = 9. Wait, no, that's wrong.\n\nFrom A it goes to one of the "
        "others. So after 2 moves it is in A with 1/3.\n\nSo the answer is 1/3."
    )
    made = rewrite_by_rules(Trace("1", "Where is the bug?", text), LEVELS["preserve"], "math", 0.6)
    assert ("as follows:" in made) == ("States 1, 2, 3" in made)


def test_two_at_a_time_is_not_two() -> None:
    text = (
        "The coefficient is the sum of the products of the roots taken two at a time. There are four roots in all, and "
        "each of them is met in three of the products that we add. That is 4 * 3 / 2 = 6 products. So it is 6."
    )
    made = rewrite_by_rules(Trace("1", "How many products?", text, "6"), LEVELS["edit"], "math", 0.5)
    assert "taken two" not in made or "taken two at a time" in made


def test_talk_is_no_plan() -> None:
    text = (
        "Hmm, alright, let's try to break this down step by step.\n\nWe have 2011 terms whose sum is 200.\n\n"
        "Twice as many have 380.\n\nSo 380 / 200 = 1.9, and 1.9 - 1 = 0.9.\n\nThe sum is 2000 * 0.271 = 542."
    )
    made = rewrite_by_rules(Trace("1", "Find the sum of the first 6033 terms.", text, "542"), LEVELS["replace"], "math")
    assert "Plan:" not in made


def test_a_ground_keeps_what_is_concluded_from_it() -> None:
    texts = [
        "Since triangle ACD is isosceles with sides AD=CD=m, and base AC=30.",
        "Therefore, perimeter of ACD is m + m +30 = 2m +30.",
    ]
    assert (0, 1) in ground_bonds.find_ground_pairs(texts, nothing(texts))
    texts[1] = "We add them."
    assert not ground_bonds.find_ground_pairs(texts, nothing(texts))


def test_an_equation_that_goes_on_keeps_its_beginning() -> None:
    texts = [r"Plates with one: \[ 26^3 - 26^2 \times 25 \]", r"\[ = 26^2 \times (26 - 25) \]"]
    assert (1, 0) in ground_bonds.find_ground_pairs(texts, nothing(texts))


def test_a_list_keeps_its_lead_and_its_steps() -> None:
    texts = [
        "Let:",
        r"- \(p_0\) be the probability from the start.",
        r"- \(p_1\) be that after a 1.",
        r"- \(p_2\) be that after 1-2.",
    ]
    assert (1, 0) in text_bonds.find_bullet_pairs(texts, nothing(texts))
    steps = ["### Step 1: Count all plates", "26^3.", "### Step 2: Count the others", "26^2."]
    assert {(0, 2), (2, 0)} <= set(text_bonds.find_case_bonds(steps, nothing(steps)))


def test_what_a_cause_does_is_no_aside() -> None:
    text = (
        "Milk from a cow has not been homogenized. Homogenization causes the fats in milk to become emulsified. "
        "Other milk has fats that float to the top. These fats are cream."
    )
    made = [
        rewrite_by_rules(Trace("1", "Is there cream on top?", text, "True"), LEVELS[level], "general", 0.5)
        for level in ("edit", "fuse", "replace")
    ]
    assert all("to become emulsified" in one or "causes the fats" not in one for one in made)
    assert "; Homogenization" not in made[2]


def test_a_second_check_does_not_end_in_its_middle() -> None:
    main = "".join(f"We add {3 * 2**at} + {3 * 2**at} = {6 * 2**at}.\n\n" for at in range(14))
    check = "\n\n".join(
        [
            "Wait, let me check the ends, as I may have made a mistake.",
            "With n = 7, the sides are 1.07918, 1.87506 and 0.8451, and all three of the sums are larger.",
            "Similarly, n = 899:",
            "The third side is 2.9535.",
            "The sum of the others is 2.95424, which is larger, so it holds.",
            "But let me think again about whether there are others.",
        ]
    )
    trace = Trace("1", "How many values can n have?", f"{main}{check}\n\n**Final Answer**\n\\boxed{{49152}}")
    for level in ("preserve", "edit"):
        for ratio in (0.6, 0.7, 0.75, 0.8, 0.85, 0.9):
            made = rewrite_by_rules(trace, LEVELS[level], "math", ratio)
            assert ("third side is 2.9535" in made) == ("so it holds" in made)
