"""What the answer rests on comes first; talk, restatements and wrong attempts come last."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress import Compressed, Method, Trace, compress
from cotpress.backbone import BackboneParameters, find_backbone
from cotpress.backbone.digressions import find_checks, find_digressions
from cotpress.backbone.step_rates import MAX_NEEDED, StepRates
from cotpress.backbone.terms import extract_terms, normalise_formula
from cotpress.pruning import parse_keep_ratio, prepare_trace, rank_trace
from cotpress.pruning.block_selection import apply_budget
from cotpress.text.markers import is_reflective, is_restating
from cotpress.world import measure_recovery, sample

STEPS = [
    "Okay, so I need to find the total cost.",
    "Each box costs 12 dollars and there are 7 boxes.",
    "So 12 * 7 = 94.",
    "No, wait. That is wrong, so I drop 94.",
    "12 * 7 = 84.",
    "Hmm, let me double-check. 12 * 7 = 84.",
    "With 6 dollars of tax, 84 + 6 = 90.",
    "Once more, 12 * 7 = 84.",
]


def _order(steps: list[str], answer: str = "90") -> list[int]:
    trace = Trace("1", "What do they cost in total?", " ".join(steps), answer, answer)
    costs = np.array([len(step.split()) for step in steps])
    return find_backbone(trace, steps, costs).order.tolist()


def test_results_come_before_talk_checks_and_restatements() -> None:
    order = _order(STEPS)
    assert {6, 4} <= set(order[:4])
    assert all(order.index(4) < order.index(late) for late in (0, 5, 7))


def test_a_wrong_attempt_goes_with_its_retraction() -> None:
    trace = Trace("1", "Total?", " ".join(STEPS), "90")
    kept = find_backbone(trace, STEPS, np.ones(len(STEPS), np.int64))
    assert {(2, 3), (3, 2)} <= set(kept.requires)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (r"\frac{1}{2} \cdot x", "(1)/(2)*x"),
        (r"\dfrac12", "(1)/(2)"),
        (r"\( 1{,}000 \times 3 \)", "1,000 * 3"),
        (r"\left( a + b \right)", "(a+b)"),
        (r"x \leq 3", "x <= 3"),
    ],
)
def test_two_ways_to_write_a_formula_are_one(left: str, right: str) -> None:
    assert normalise_formula(left) == normalise_formula(right)


def test_terms_of_a_chain() -> None:
    terms = extract_terms("So x = 5 * 7 = 35, and (0, 0, s) works.")
    assert {"x=35", "=5*7", "35", "(0,0,s)", "x:="} <= terms.weights.keys()
    assert "x=35" in terms.results


def test_negations_belong_to_word_pairs() -> None:
    assert extract_terms("It is not safe.").weights.keys() == {"~not safe", "~safe"}


def test_other_scripts_and_code_have_terms() -> None:
    assert extract_terms("这个数是三十六").weights
    assert extract_terms("for i in range(10): total += prices[i]").weights


def test_a_check_counts_less_than_the_work_up_to_the_end_of_its_paragraph() -> None:
    steps = ["So f = 6 + 8 = 14.", "\n\nHmm, is that right?", " Back, 14 - 8 = 6.", " Good.", "\n\nSo g = 14 * 2 = 28."]
    trace = Trace("1", "f = 6 + 8. g = f * 2. What is g?", "".join(steps), "28", "28")
    assert find_backbone(trace, steps, np.full(5, 8)).order.tolist()[:2] == [4, 0]
    assert find_digressions(steps, [is_reflective(step) for step in steps]) == [False, True, True, True, False]


def test_auto_leaves_out_what_the_question_says_already() -> None:
    question = "b = 3. c = b * 4. d = c + 5. What is d?"
    steps = ["Here is what I know. b = 3. c = b * 4. d = c + 5.", "So c = 3 * 4 = 12.", "So d = 12 + 5 = 17."]
    [outcome] = compress([Trace("1", question, "\n\n".join(steps), "17")], Method("backbone", steps="sentence"))
    assert outcome.text == "So c = 3 * 4 = 12.\n\nSo d = 12 + 5 = 17."


def test_a_name_comes_with_what_it_stands_for() -> None:
    steps = ["I could let y be the fourth root of x, which is tidier.", "y = 12 / (7 - y)", "So 7y - y^2 = 12."]
    trace = Trace("1", "Solve for x.", " ".join(steps), "81", "81")
    assert {(1, 0), (2, 0)} <= set(find_backbone(trace, steps, np.ones(3, np.int64)).requires)
    known = replace(trace, question="y = 2. Solve for x.")
    assert find_backbone(known, steps, np.ones(3, np.int64)).requires == ()


def test_auto_needs_no_wrong_attempt() -> None:
    """The trace of the README: of few steps half as much may be left out, and the attempt and its retraction stayed."""
    question = "b = 5. c = b * 7. d = c - 6. f = d + 6. All values are modulo 10. What is f?"
    steps = (
        "Alright, the question is what f is. Here is what I know. b = 5. c = b * 7. d = c - 6. f = d + 6.",
        "I will go one step at a time. Since c = b * 7, I get c = 5 * 7 = 5.",
        "So d = 5 - 6 = 9.",
        "So far I have that c is 5 and d is 9.",
        "f should be 9 - 6 = 3.",
        "Hmm, that is wrong. It says f = d + 6, so I drop 3 and go back to f.",
        "So f = 9 + 6 = 5.",
        "So f is 5. The answer is 5.",
    )
    [outcome] = compress([Trace("1", question, "\n\n".join(steps))], Method())
    assert isinstance(outcome, Compressed)
    assert "that is wrong" not in outcome.text
    assert "So f = 9 + 6 = 5." in outcome.text


def test_what_says_the_question_again_comes_after_work() -> None:
    question = "Jar A has four liters that are 45\\% acid. How many liters of acid are in 6 such jars?"
    steps = ["Jar A has 4 liters that are 45% acid.", "One jar has 4 * 0.45 = 1.8 liters.", "So 6 * 1.8 = 10.8 liters."]
    trace = Trace("1", question, " ".join(steps), "10.8", "10.8")
    assert find_backbone(trace, steps, np.full(3, 10)).order.tolist()[-1] == 0


def test_the_last_statement_of_an_answer_in_words_stays() -> None:
    steps = [
        "Ana finished immediately before Dan.",
        "Ben is not first, and Cara is not first, so Ana or Dan is first.",
        "Dan comes right after Ana, so Dan is not first.",
        "Is it Ana?",
        "So Ana is first.",
        "That took a while.",
    ]
    question = "Ana finished immediately before Dan. Ben and Cara are not first. Who is first?"
    trace = Trace("1", question, "\n\n".join(steps), "Ana", "Ana")
    [outcome] = compress([trace], Method("backbone"))
    assert outcome.text.endswith("So Ana is first.")


def test_a_step_that_says_something_again_is_known() -> None:
    steps = ["So far, c is 5.", "The problem says that b is 2.", "b is 2."]
    assert [is_restating(step) for step in steps] == [True, True, False]


def test_checks_begin_after_the_answer_and_end_where_it_is_taken_back() -> None:
    steps = [
        "Let me verify 6.",
        "So it is 7.",
        "Let me check: 14 / 2 = 7.",
        "Fine.",
        "Wait, that is wrong.",
        "It is 8.",
    ]
    reflective = [is_reflective(step) for step in steps]
    assert find_checks(steps, reflective, 1) == [False, False, True, True, False, False]
    assert not any(find_checks(steps, reflective, len(steps)))
    summary = ["So it is 7.", "To recap:", "1. We took 14.", "2. We halved it."]
    assert find_checks(summary, [False] * 4, 0) == [False, True, True, True]


def test_a_step_that_points_back_comes_with_the_step_before() -> None:
    steps = ["Let g be 4 * 7, the weight of a crate.", "That makes 28 kilograms.", "So all 3 weigh 3 * 28 = 84."]
    together = _order(steps, "84")
    alone = find_backbone(
        Trace("1", "", " ".join(steps), "84", "84"), steps, np.array([12, 3, 9]), BackboneParameters(follow=False)
    )
    assert together.index(0) < together.index(1)
    assert alone.order.tolist().index(1) < alone.order.tolist().index(0)


def test_a_summary_that_goes_on_to_something_new_is_no_mere_restatement() -> None:
    steps = ["f = 4 - 8 = 6.", "To sum up, f is 6.", "To sum up, f is 6. Now for g. It is g = 6 + 7 = 3.", "So g is 3."]
    order = _order(steps, "3")
    assert order.index(2) < order.index(1)
    assert order.index(2) < 3


def test_one_definition_of_little_worth_does_not_hold_up_the_steps_that_use_it() -> None:
    """LIMO-R1 147: the step that names y introduces an equation told before, which came last, and all of y with it."""
    steps = [
        "Both sides in base 2: log2(a) = log2(b) / 3.",
        "That is log2(a) = log2(b) / 3.",
        "Let y = log2(x), so the equation becomes:",
        "log2(a) = log2(b) / 3.",
        "y / 3 = y^(1/3).",
        "So y^2 = 27.",
        "The weather is nice.",
    ]
    trace, costs = Trace("1", "Find (log2 x)^2.", " ".join(steps), "27", "27"), np.full(len(steps), 8)
    order = find_backbone(trace, steps, costs, requires=((2, 3),)).order.tolist()
    assert order.index(5) == 3
    assert max(order.index(2), order.index(3)) < order.index(5) < order.index(6)


def test_a_chain_of_thousands_of_steps_takes_bounded_memory() -> None:
    """Each needs all before it: what comes with a step at once is bounded."""
    count = 3000
    rates = StepRates(
        np.ones(count), np.ones(count), np.ones(count), [(step, step - 1) for step in range(1, count)], np.ones(count)
    )
    assert rates.list_missing(count - 1) == list(range(count - 1 - MAX_NEEDED, count))
    assert rates.list_missing(2) == [0, 1, 2]


def test_without_a_known_answer_and_without_words_of_worth() -> None:
    trace, costs = Trace("1", "", " ".join(STEPS[:3])), np.ones(3, np.int64)
    assert find_backbone(trace, STEPS[:3], costs).order.tolist()[-1] == 0
    weightless = BackboneParameters(anchor=0, answer=0)
    named = ["Ben is first.", "So Ben wins.", "The answer is Ben."]
    assert len(find_backbone(Trace("1", "", " ".join(named), gold="Ben"), named, costs, weightless).order) == 3


@given(st.lists(st.sampled_from([*STEPS, "x = 3", "?", "", "\\(", "((((", "1,2,3"]), min_size=1, max_size=12))
def test_any_steps_give_a_sound_order(steps: list[str]) -> None:
    trace = Trace("1", "What?", " ".join(steps), "90")
    kept = find_backbone(trace, steps, np.ones(len(steps), np.int64))
    assert sorted(kept.order.tolist()) == list(range(len(steps)))
    assert ((kept.importance >= 0) & (kept.importance <= 1)).all()
    assert (np.diff(kept.importance[kept.order]) <= 1e-12).all()


def test_budgets_nest() -> None:
    [drawn] = sample("math", "long", 1, seed=1)
    ranked = rank_trace(prepare_trace(drawn.trace), Method("backbone"))
    kept = [
        {
            i
            for start, end in apply_budget(ranked, parse_keep_ratio(keep)).kept_spans.tolist()
            for i in range(start, end)
        }
        for keep in (0.2, 0.4, 0.6, 0.8)
    ]
    assert all(small <= large for small, large in pairwise(kept))


@pytest.mark.parametrize(("domain", "granularity", "least"), [("math", "step", 0.7), ("math", "token", 0.85)])
def test_essential_units_survive(domain: str, granularity: str, least: float) -> None:
    worlds = sample(domain, "long", 20, seed=5)
    method = Method("backbone", granularity, protect=())
    totals = [
        measure_recovery(
            drawn, apply_budget(rank_trace(prepare_trace(drawn.trace), method), parse_keep_ratio(0.3)).kept_spans
        )
        for drawn in worlds
    ]
    total = totals[0]
    for one in totals[1:]:
        total = total + one
    assert total.recall >= least


def test_from_python() -> None:
    [outcome] = compress([Trace("1", "Total?", "\n\n".join(STEPS), "90")], Method("backbone"), keep=0.5)
    assert "84 + 6 = 90" in outcome.text
    assert "94" not in outcome.text


def test_a_number_is_concluded_where_it_is_stated_last() -> None:
    steps = [
        "A team has 11 players.",
        "After a red card it has 10 players.",
        "But the rule says that 11 play.",
        "The least is 7, but only where too many are hurt.",
        "So the answer is 11 players per team.",
    ]
    order = _order(steps, "11")
    assert order.index(4) < order.index(2)
    assert BackboneParameters().conclusion > 0


def test_talk_that_shares_no_word_with_the_rest_comes_last() -> None:
    steps = ["I will go slowly here.", "Ann carried the lamp upstairs.", "So the lamp is upstairs with Ann."]
    assert _order(steps, "upstairs")[-1] == 0


def test_what_a_dead_end_says_is_said_by_the_steps_that_are_right() -> None:
    steps = [
        "c should be 0 + 5 = 5.",
        "Then d = 5 + 3 = 8.",
        "Then f = 8 * 8 = 4.",
        "Hmm, that is wrong.",
        "It says c = b - 5, so I drop 5 and go back to c.",
        "So c = 0 - 5 = 5.",
        "d = 5 + 3 = 8.",
        "Next, f = d * 8 and d is 8, so f = 8 * 8 = 4.",
    ]
    assert set(_order(steps, "4")[:3]) == {5, 6, 7}
