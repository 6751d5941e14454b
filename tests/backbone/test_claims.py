"""Claims: who is said with what, in traces of few formulas."""

from __future__ import annotations

import pytest

from cotpress import Method, Trace, compress
from cotpress.backbone.claims import MAX_FORMAL_SHARE, add_claims
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
