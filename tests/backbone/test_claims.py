"""Claims: who is said with what, in traces of few formulas."""

from __future__ import annotations

import pytest

from cotpress import Method, Trace, compress
from cotpress.backbone.claims import MAX_FORMAL_SHARE, add_claims, add_verdicts
from cotpress.backbone.terms import StepTerms, extract_terms

PUZZLE = (
    "Ben is not first.",
    "Dan is not fifth.",
    "Ben finished before Dan.",
    "Ben can be third, fourth or fifth.",
    "If Ben is third, then Dan is fourth or fifth.",
    "Dan is not fifth, so Dan is fourth.",
    "So Ben is third and Dan is fourth.",
)


def read_claims(texts: tuple[str, ...], weight: float = 0.1) -> list[dict[str, float]]:
    added = add_claims([extract_terms(text) for text in texts], texts, weight)
    return [{term: value for term, value in step.weights.items() if "…" in term} for step in added]


def test_a_step_that_combines_known_words_anew_has_a_claim_of_its_own() -> None:
    claims = read_claims(PUZZLE)
    assert set(claims[5]) - {claim for step in claims[:5] for claim in step} == {"~dan … fourth"}


@pytest.mark.parametrize(("formulas", "share"), [(0, 1.0), (1, 0.5), (2, 0.0)])
def test_the_more_steps_have_a_result_the_less_claims_weigh(formulas: int, share: float) -> None:
    texts = tuple(["So x = 2 + 3 = 5."] * formulas + ["Ann went by train to town."] * (5 - formulas))
    weights = [weight for step in read_claims(texts) for weight in step.values()]
    assert weights == [pytest.approx(0.1 * share)] * len(weights)
    assert bool(weights) == bool(share)
    assert MAX_FORMAL_SHARE == 0.4


def test_a_term_that_a_step_has_already_keeps_its_weight() -> None:
    [step] = add_claims([StepTerms({"~ann … town": 0.7}, frozenset())], ["Ann went to town."], 0.1)
    assert step.weights["~ann … town"] == 0.7


def test_a_deduction_in_the_words_of_its_clues_is_kept() -> None:
    question = "Ben is not first. Dan is not fifth. Ben finished before Dan. Who is fourth?"
    [outcome] = compress([Trace("1", question, "\n\n".join(PUZZLE), "Dan")], Method("backbone"), keep=0.6)
    assert "So Ben is third and Dan is fourth." in outcome.text


def test_a_conclusion_counts_as_a_whole_and_again_only_in_other_words() -> None:
    texts = ["So Dan can't be third.", "Third can't be Dan, so it fails.", "Dan is third.", "Can't Dan be third?"]
    verdicts = [set(step.weights) for step in add_verdicts([StepTerms({}, frozenset())] * 4, texts, [False] * 4, 0.5)]
    assert [len(step) for step in verdicts] == [1, 1, 0, 0]
    assert verdicts[0] != verdicts[1]
    again = add_verdicts(
        [StepTerms({}, frozenset())] * 2, ["So Dan can't be third.", "Dan, so, can't be third."], [True] * 2, 0.5
    )
    assert set(again[0].weights) == set(again[1].weights)


ELIMINATION = (
    "Ana is right before Eve, and Eve right before Ben.",
    " So Ana is in 2 or in 3.",
    "\n\nFirst possibility: Ana in 2, Eve in 3, Ben in 4.",
    " Then 1 and 5 are left for Dan and Cara.",
    " But Dan must be right before Cara.",
    " So the first possibility is invalid.",
    "\n\nTherefore Ana is in 3, Eve in 4, Ben in 5.",
    "\n\nTherefore, position 5 is Ben.",
    *["\n\nWait, let me check again.", " Ben is in 5.", " Ana is in 3.", " Eve is in 4.", " Good."] * 6,
    "\n\nTherefore, position 5 is Ben.",
)


def test_what_rules_a_case_out_is_not_a_check_of_the_answer() -> None:
    """Qwen3 deduct-07: the answer was named long before it was found, so all behind it counted as a check."""
    question = "Ana, Ben, Cara, Dan and Eve finished a race. Who finished in position 5?"
    [outcome] = compress([Trace("1", question, "".join(ELIMINATION), "Ben")], keep="auto")
    assert "So the first possibility is invalid." in outcome.text
    assert "Then 1 and 5 are left for Dan and Cara." in outcome.text
    assert "Therefore Ana is in 3, Eve in 4, Ben in 5." in outcome.text
    assert outcome.text.count("Wait, let me check again.") == 0
