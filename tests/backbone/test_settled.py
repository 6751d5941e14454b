"""Where the answer is stated for good, on sentences of LIMO-R1 and Qwen3-8B."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import pytest

from cotpress.backbone import BackboneParameters, find_backbone
from cotpress.backbone.answer_terms import add_answer
from cotpress.backbone.coverage import AskedContent, order_by_coverage
from cotpress.backbone.need import index_terms
from cotpress.backbone.settled import find_settled
from cotpress.backbone.statements import SoughtAnswer, classify_statement
from cotpress.backbone.step_rates import StepRates
from cotpress.backbone.terms import StepTerms, extract_terms
from cotpress.types import Trace


def settle(steps: Sequence[str], answer: str, question: str = "") -> int:
    terms = add_answer([extract_terms(step) for step in steps], steps, answer, 0.5)
    return find_settled(steps, terms, answer, question, ())


@pytest.mark.parametrize(
    ("step", "answer", "way"),
    [
        ("So, the answer is \\(\\boxed{110}\\).", "110", "stated"),
        ("Therefore, a + c = 11 + 78 = 89.", "89", "concluded"),
        ("Therefore, the largest n + 10 is 900, so \\( n = 890 \\). That should be the answer.", "890", "concluded"),
        ("Therefore, the number of values is 501.", "501", "concluded"),
        ("所以 m + n = 125。", "125", "concluded"),
        ("81 + 256 = 337", "337", "calculated"),
        ("Thus, N=16 or N=25.", "25", ""),  # one of two
        ("So there are 43 + 11 = 54 so far.", "54", ""),
        ("Hence n could be 144.", "144", ""),
        ("So maybe 336 is the answer?", "336", ""),
        ("It was 337 before.", "337", ""),
        ("F₁₆ = 987\nF₁₇ = 1597", "987", ""),  # not the last value
        ("Is 32,400 a multiple of 75? Yes, because it's 32,400 ÷75= 432. So, it is.", "432", ""),
        ("So positions 1: Ana, 2: Eve.", "Eve", ""),  # an answer in words has to be stated as one
    ],
)
def test_what_states_an_answer(step: str, answer: str, way: str) -> None:
    language = "zh" if "所以" in step else "en"
    assert classify_statement(step, SoughtAnswer(answer, language)) == way


@pytest.mark.parametrize(
    ("steps", "answer", "settled"),
    [
        (
            ["So f(998) = 997.", "Continuing, f(997) = 998.", "Hmm.", "So f(84) = 997.", "Wait, is that right?"],
            "997",
            3,
        ),
        (["So a = 58.", "Then d is -58.", "Therefore, y = 58 is left out.", "Let me verify."], "58", 2),
        (["Hence b = 216.", "So b = 216.", "Wait, is that correct?"], "216", 0),
        (["The answer is 588.", "Wait, no.", "The answer is 589.", "Good."], "589", 2),
        (["81 + 256 = 337", "Wait, is that it? Let me double-check.", "The sum is 337."], "337", 0),
        (["81 + 256 = 337", "Hmm, so 337 / 2 is next.", "No, it is not."], "337", 3),
        (["So c = 8.", "Hmm, okay.", "Hence d = 8.", "The answer is 8."], "8", 3),  # of the world: any digit is common
        (
            ["So angle BCM is 83.", "Hmm.", *["We use the law of sines."] * 9, "Hence CMB is 83."],
            "83",
            11,
        ),  # LIMO-R1 387
        # Qwen3 deduct-07: an answer in words is concluded to by a sentence that comes again
        (
            ["Eve is second.", "Therefore, position 5 is Ben.", "Wait, is that so?", "Therefore, position 5 is Ben."],
            "Ben",
            1,
        ),
        (["Therefore, Ana is next to Ben.", "Wait, is that so?", "The answer is Ben."], "Ben", 2),
        # Qwen3 deduct-29: one case settles nothing for those that are left
        (
            [
                *["Case 1: Dan is first.", "So position 5 is Ana.", "Wait, there is another case."],
                *["Case 2: Dan is second.", "That is invalid.", "So position 5 is Ana.", "Wait, let me check again."],
            ],
            "Ana",
            5,
        ),
        # Qwen3 arith-06-1: the rest of the text doubts whether a year has 25 months
        (["380 + 13 is 393.", "So the total would be 393.", "Wait, but a year?", "The answer is 393."], "393", 1),
        (["I add them.", "It is odd."], "7", 2),
        (["I add them.", "It is odd."], "", 2),
    ],
)
def test_the_answer_is_settled_where_no_work_with_it_follows(steps: list[str], answer: str, settled: int) -> None:
    assert settle(steps, answer) == settled


def test_thousands_of_statements_take_linear_time() -> None:
    """Each ends on the answer, and none is left: what is looked at behind each is bounded."""
    times = []
    for count in (2000, 8000):
        steps = ["So x = 17."] * count + ["Then 17 + 1 = 18."]
        began = time.process_time()
        assert settle(steps, "17") == count + 1
        times.append(time.process_time() - began)
    assert times[1] < 12 * times[0]


STEPS = [
    "We have 8y = 24.",
    "\n\nHence 2x = 8y + 16 and y = 3.",
    "\n\nTherefore 2x = 40.",
    "\n\nHence x = 20.",
    "\n\nWait, let me check that.",
    "\n\n2*20 = 40, 8y = 24, y = 3 and 24 + 16 = 40.",
    "\n\nThe answer is 20.",
]


def test_what_comes_after_waits_until_the_derivation_is_covered() -> None:
    """LIMO-R1 213: a third of the text was products of a check whose announcement and verdict were deleted."""
    trace, costs = Trace("1", "Find x.", "".join(STEPS), "20"), np.array([60, 60, 60, 60, 7, 9, 6])
    waits, at_once = (
        find_backbone(trace, STEPS, costs, BackboneParameters(waiting=share, apart_after=0.7)) for share in (0.02, 1.0)
    )
    assert waits.order.tolist().index(5) > max(waits.order.tolist().index(step) for step in (0, 1, 2, 3))
    assert at_once.order.tolist().index(5) < waits.order.tolist().index(5)
    assert waits.importance[5] <= 1 - BackboneParameters().enough


def test_a_later_telling_does_not_cover_the_first_one() -> None:
    """LIMO-R1 464: "y = 3" went because a later step says it too, and "x + 9 = 15" stood before that one."""
    steps = [
        StepTerms({"y=3": 1.0}, frozenset({"y=3"})),
        StepTerms({"y=3": 1.0, "z=4": 1.0}, frozenset({"y=3", "z=4"})),
    ]
    rates = StepRates(np.array([0.1, 1.0]), np.ones(2), np.ones(2), [], np.ones(2))
    worth = {"y=3": 1.0, "z=4": 1.0}
    covered = order_by_coverage(steps, index_terms(steps), worth, rates, 0.6, AskedContent(worth, 1.0))
    assert covered.steps.tolist() == [1, 0]
    assert covered.covered_before.tolist() == [0.0, 0.8]


def test_the_last_statement_comes_with_where_the_answer_was_worked_out() -> None:
    """LIMO-R1 408: the box stayed, and "the floor of this value is 45" went."""
    steps = [*STEPS[:3], "\n\nTherefore, 2x = 40, so that by dividing both sides by two we get x = 20.", *STEPS[4:]]
    kept = find_backbone(Trace("1", "Find x.", "".join(steps), "20"), steps, np.array([9, 9, 9, 99, 7, 9, 6]))
    assert (6, 3) in kept.requires


def test_what_says_why_counts_more() -> None:
    """LIMO-R1 69: "This must hold for all x, so all coefficients must be zero" went, and "a = 58" came from nowhere."""
    steps = ["2a = 8.", "So a = 4.", "Brown seas may meet blue lakes.", "Green hills must meet red rivers."]
    trace, costs = Trace("1", "", " ".join(steps), "4"), np.array([5, 4, 7, 7])
    order, without = (
        find_backbone(trace, steps, costs, BackboneParameters(inferring=factor)).order.tolist() for factor in (4, 1)
    )
    assert order.index(3) < order.index(2)
    assert without.index(2) < without.index(3)
