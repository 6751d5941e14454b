"""Steps that are worth nothing without others, each on a sentence that showed it."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timing import seconds

from cotpress.text import STEP_MODES, segment
from cotpress.text.steps.step_requirements import find_required_steps


def find_pairs(*steps: str) -> set[tuple[int, int]]:
    """The pairs of a text made of these steps, each with its leading white space."""
    bounds = np.cumsum([0, *(len(step) for step in steps)])
    return set(find_required_steps("".join(steps), bounds))


@pytest.mark.parametrize(
    ("steps", "pairs"),
    [
        # lead-ins before equations, displays, items, tables, code
        (("Cross-multiplying gives:", "\n\n20x + 60 = 2020x."), {(0, 1), (1, 0)}),
        (("Let me write that down:", "\n\n\\[ x = 3 \\]"), {(0, 1)}),
        (("**Case 1:**", "\n\nSuppose that n is even."), {(0, 1)}),
        (("So the equation is", "\n\\( x = 3 \\)."), {(0, 1)}),
        (("Therefore,", "\n\n(n - 4)(p - 4) = 24"), {(0, 1)}),
        (("That is the sum. So,", "\n\n(n - 4)(p - 4) = 24"), {(0, 1)}),
        (("which becomes", "\n$$x = 3$$"), {(0, 1)}),
        (("(2/3) * (1/3) =", "\n\n2/9"), {(0, 1), (1, 0)}),
        # formulas that state nothing need their lead-in, of LIMO-R1 408, 492 and 282
        (("Hence, the product becomes:", "\n\n1 + √2006"), {(0, 1), (1, 0)}),
        (("So the numerator simplifies to:", "\n\n\\( 1 - x^{17} - x^{19} \\)."), {(0, 1), (1, 0)}),
        (("Let's see.", "\n\n1 + √2006"), {(0, 1)}),
        (("For n = 8:", "\n\n2x = 16"), {(0, 1), (1, 0)}),
        (("- For \\( k = 4 \\):", "\n\n\\( 16 \\leq n < 32 \\), so 16 numbers."), {(0, 1), (1, 0)}),  # 280
        (("Substituting into equation (1)", "\n\n3x = 9"), {(0, 1), (1, 0)}),
        (("Then, take tan of both sides:", "\n\ntan(a) = 1 / 47."), {(0, 1), (1, 0)}),
        (("There are two cases:", "\n- n is even", "\n- n is odd"), {(0, 1), (1, 2), (2, 1)}),
        # of Qwen3 deduct-33: "1: Ana", "3: Ben", "4: Eve"
        (("1: Ana", "\n2: Cara", "\n3: Ben"), {(0, 1), (1, 0), (1, 2), (2, 1)}),
        (("- Ana is before Dan: yes.", "\n* Eve is last."), {(0, 1), (1, 0)}),
        (("1: Ana", "\n1: Eve"), set()),
        (("The code:", "\n```py\nx = 1\n```"), {(0, 1)}),
        (("因此：", "\nx = 3"), {(0, 1)}),
        (("The rules are as follows.", "\n1. Stay.", "\n2. Wait."), {(0, 1), (1, 2), (2, 1)}),
        (("Let me expand the left side.", "\n\n20x + 60."), {(0, 1), (1, 0)}),
        (("We had:", "\n\nLet me see:", "\n\nx = 3"), {(0, 1), (1, 2)}),
        (("So:", "\n\n---", "\n\nx = 3"), {(0, 2), (1, 2)}),
        (("### Step 2: Simplify", "\n\nThe sum is 3."), {(0, 1)}),
        (("**Final Answer**", "\n\nIt is \\boxed{4}."), {(0, 1)}),
        # nothing to bind
        (("It is 5.", "\n\nThen x = 3."), set()),
        (("We must not give advice.", "\n\nThus final."), set()),
        (("We should also include a disclaimer.", "\n\nThus final."), set()),
        (("Let's say that x is the number of men.", "\n\nThere are more."), set()),
        (("So this movie is 192 minutes", "\nIt also cost more per minute to film"), set()),
        (("3: Ana", "\n4: Eve"), {(0, 1), (1, 0)}),
        (("1. hot", "\n2. cold"), {(0, 1), (1, 0)}),
        # suppositions, of Qwen3 deduct-10 and deduct-36
        (
            ("If Ana is in 3, Dan is in 4.", " Then 1 is left for Ben.", " But Ben can't be first.", " So invalid."),
            {(1, 0), (2, 0), (3, 0), (0, 3)},
        ),
        (("Suppose x is 2.", " Then y is 3.", "\n\nSo we know y."), {(1, 0)}),
        (("If I remember well, Bob is tall.", " He is 2 m."), set()),
        (("Let me say it again.", "\n\nBob is tall."), set()),
        (("a + b = 3", "\na - b = 1"), set()),
        (("the end:",), set()),
        # verdicts and clauses of the sentence before
        (("So 280 + 9 = 289.", " This seems plausible."), {(1, 0)}),
        (("The red flags are fever and a stiff neck.", " Absent."), {(0, 1), (1, 0)}),
        (("Then it is 107 / 3.", " Not an integer."), {(0, 1), (1, 0)}),
        (
            ("Case 1: b = 1.", " Then a = 6.", " Case 2: b = 107.", " Then a^2 = 11450 / 3.", " Therefore a = 6."),
            {(0, 1), (1, 0), (2, 3), (3, 2)},
        ),
        (
            (
                "Case 1: Ana is in 2.",
                " Then 1 and 5 are left.",
                " But Dan can't be in 6, a conflict.",
                " Case 2: Ana is in 3.",
            ),
            {(0, 1), (1, 0), (2, 0), (0, 2)},
        ),
        (("In that case 1 is left.", " Then a = 6."), set()),
        (("It is 3 * 4.", " Which is 12."), {(1, 0)}),
        (("No square is 3 more than 4k.", " Because squares are 0 or 1."), {(1, 0)}),
        (("Is it a trick?", " Like, people confuse weight with volume."), {(1, 0)}),
        (("So x = 3.", " This means that y = 4."), set()),
        (("So x = 3.", " Because x is odd, y is even."), set()),
        # labels
        (("(A)", "\nParis", "\n(B)", "\nRome"), {(0, 1), (1, 0), (2, 3), (3, 2)}),
        (("**B.**", "\nRome"), {(0, 1), (1, 0)}),
        # questions
        (("Does this diagnose?", " No.", " It reports."), {(0, 1), (1, 0)}),
        (("How many are left?", " Twelve."), {(0, 1), (1, 0)}),
        (("Is 13 prime?", " Yes, because none of the numbers 2, 3, 5, 7 and 11 divides it."), {(0, 1)}),
        (("Is that right?", " Let me check the sum."), set()),
        # continuations
        (("\\[ A = r^2 \\]", "\nwhere $r$ is the radius."), {(0, 1), (1, 0)}),
        (("x = 12 + 3", "\n= 15"), {(1, 0)}),
        (("Then $k^2 = 4$,", "\n\nand so k is 2."), {(1, 0)}),
        (("It is even.", "\n\nand so on."), set()),
        (("Nothing is left.", "\nWhere is Eve?"), set()),
        # tables by line
        (("| a | b |", "\n|---|---|", "\n| 1 | 2 |", "\n| 3 | 4 |"), {(0, 1), (1, 0), (2, 0), (3, 0), (0, 2)}),
        (("We see:", "\na | b", "\n--|--", "\n1 | 2"), {(0, 1), (1, 2), (2, 1), (3, 1), (1, 3)}),
        # tags
        (("<call>\n{", "\n  x", "\n}\n</call>"), {(0, 2), (2, 0), (1, 0)}),
        (("<step>\nOne.\n</step>", "\n<step>\nTwo.\n</step>"), set()),
        (("<a>\n<b>\nOne.\n</b>", "\n<b>\nTwo.\n</b>\n</a>"), {(0, 1), (1, 0)}),
        (("<a>\n<a>\nOne.", "\nTwo.\n</a>", "\nThree.\n</a>"), {(0, 1), (1, 0), (0, 2), (2, 0)}),
        (("<step>\nWe get:\n</step>", "\n<step>\n3x = 6.\n</step>"), {(0, 1)}),
        (("</tool_call>", "\n<tool_call>"), set()),
    ],
)
def test_what_steps_need(steps: tuple[str, ...], pairs: set[tuple[int, int]]) -> None:
    assert find_pairs(*steps) == pairs


def test_every_mode_binds_a_lead_in() -> None:
    text = "First we add.\n\nCross-multiplying gives:\n\n20x = 60.\n\nSo x is 3.\n\nDone."
    for mode in STEP_MODES:
        cut = segment(text, mode)
        steps = [text[start:end].strip() for start, end in pairwise(cut.steps.tolist())]
        lead_in = steps.index("Cross-multiplying gives:")
        assert (lead_in, lead_in + 1) in cut.requires, mode


PIECES = [
    *("So:", "Therefore,", "Is it?", "No.", "(A)", "where r is it", "= 3", "| a | b |", "|---|---|", "<t>", "</t>"),
    *("---", "### Step 2", "$x$", "\\[ y \\]", "x = 3", "It is.", " ", "", "Let me see.", "- item", "\x00", "é:"),
]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=20), st.sampled_from(STEP_MODES))
def test_pairs_are_of_two_steps_of_the_text(pieces: list[str], mode: str) -> None:
    cut = segment("\n".join(pieces), mode)
    for step, needed in cut.requires:
        assert step != needed
        assert 0 <= min(step, needed) <= max(step, needed) < len(cut.steps) - 1


SIZE = 60_000
LONG = {
    "lead-ins": "a:\n" * (SIZE // 3),
    "questions": "a?\nNo.\n" * (SIZE // 7),
    "stars": "**a**\n" * (SIZE // 6),
    "table": "a | b\n--|--\n" + "1 | 2\n" * (SIZE // 6),
    "rules": "a | b\n" + "--|--\n" * (SIZE // 6),
    "opening tags": "<t>\n" * (SIZE // 4),
    "tags": "<t>\n" * (SIZE // 10) + "</t>\n" * (SIZE // 10),
    "one step of stars": "a" + "*" * SIZE,
    "one step of dashes": "|" + "-" * SIZE,
    "one step of spaces": "a" + " " * SIZE + "b:",
}


@pytest.mark.parametrize("name", LONG)
def test_time_is_in_proportion_to_the_length(name: str) -> None:
    def find(text: str) -> None:
        ends = [place + 1 for place, character in enumerate(text[:-1]) if character == "\n"]
        find_required_steps(text, np.array([0, *ends, len(text)]))

    text = LONG[name]
    short, long = seconds(*(partial(find, part) for part in (text[: SIZE // 8], text)), rounds=3)
    assert long < 8 * 3 * max(short, 0.003)


def test_an_item_needs_the_item_before_it() -> None:
    steps = ("1. Let x be 3.", "\nSo y is 4.", "\n2. Then z is 5.", "\nSecond term: 4x.", "\n3. At last w is 6.")
    assert find_pairs(*steps) == {(2, 0), (4, 2)}


def test_terms_told_by_ordinals_need_each_other() -> None:
    steps = ("First term: 3np.", "\nSecond term: -6n.", "\nThird term: -12.")
    assert find_pairs(*steps) == {(1, 0), (2, 1)}


def test_a_list_that_begins_anew_or_far_below_is_another_one() -> None:
    assert not find_pairs("2. It is so.", "\n1. Let x be 3.")
    assert not find_pairs("1. Let x be 3.", *["\nWe go on."] * 9, "\n2. It is so.")
