"""Short traces: whole steps that miss their budget are cut finer, or the trace is left whole."""

from __future__ import annotations

import pytest
from covering import COVERING
from hypothesis import given, settings
from hypothesis import strategies as st

from cotpress.pruning import (
    Method,
    apply_budget,
    build_token_cap,
    parse_budget,
    prepare_trace,
    prune_trace,
    rank_trace,
    reassemble,
)
from cotpress.types import Compressed, Trace

JONAH = """Jonah spent 6 x $3 = $<<6*3=18>>18
He made a total of 6 x 12 = <<6*12=72>>72 pineapple rings.
He sold 72/4 = <<72/4=18>>18 sets of pineapple rings.
He made 18 x $5 = $<<18*5=90>>90
His profit was $90 - $18 = $<<90-18=72>>72"""
SEAGULLS = "Then subtract that number: 36 seagulls - 9 seagulls = <<36-9=27>>27 seagulls, so there are not 28."
LOUVRE = "The Mona Lisa is in the Louvre. The Venus de Milo is in the Louvre."
BELLS = "\n".join(
    f"Then the bell number {n} is rung by the man who came, so the others can hear it." for n in range(12)
)


def prune(text: str, keep: str, policy: str = "finer", method: Method | None = None, cap: int = 0) -> Compressed:
    method = method or Method("head")
    ranked = rank_trace(prepare_trace(Trace("1", "q", text, "#### 72"), method.steps), method)
    return prune_trace(ranked, method, (), build_token_cap(cap) if cap else parse_budget(keep), policy)


def test_a_solution_of_five_lines_keeps_its_calculations() -> None:
    outcome = prune(JONAH, "0.5")
    assert outcome.flags == ("single-units",)
    for calculation in ("6 x $3 = 18", "6 x 12 = 72", "72/4 = 18", "18 x $5 = 90", "$90 - $18 = 72"):
        assert calculation in outcome.text
    assert "<<" not in outcome.text
    assert outcome.tokens_kept <= 0.5 * outcome.tokens_original


def test_signs_and_negations_between_words_stay() -> None:
    text = prune(SEAGULLS, "0.5").text
    assert "36 - 9 = 27" in text
    assert "not 28" in text


def test_every_sentence_loses_alike_and_keeps_its_stop() -> None:
    text = prune(LOUVRE, "0.5", "units", Method(COVERING)).text
    assert text == "Mona Lisa Louvre. Venus de Louvre."


def test_prose_loses_no_single_words_unless_asked_for() -> None:
    text = "Humans need water to live. The band influenced new wave rock bands."
    assert (prune(text, "0.5").text, prune(text, "0.5").flags) == (text, ("left-whole",))


def test_whole_and_accept() -> None:
    whole = prune(JONAH, "0.5", "whole")
    assert (whole.text, whole.flags, whole.target_ratio, whole.realized_ratio) == (JONAH, ("left-whole",), 0.5, 1.0)
    kept = prune(JONAH, "0.5", "accept")
    assert (kept.flags, kept.text) == ((), "\n".join(JONAH.splitlines()[:2]))


def test_a_trace_that_would_lose_its_sense_is_left_whole() -> None:
    assert prune(LOUVRE, "0.2").flags == ("left-whole",)
    assert prune(LOUVRE, "0.2").text == LOUVRE


def test_symbols_stay_even_where_they_exceed_the_budget() -> None:
    outcome = prune("12 + 3 = 15 pens\n15 + 4 = 19 pens\n19 + 5 = 24 pens", "0.3")
    assert outcome.text == "12 + 3 = 15\n15 + 4 = 19\n19 + 5 = 24"
    assert set(outcome.flags) == {"over-budget", "single-units"}


def test_clauses_are_enough_where_there_are_many() -> None:
    outcome = prune(BELLS, "0.5", method=Method("head", steps="paragraph"))
    assert outcome.flags == ("finer-steps",)
    assert outcome.text in BELLS


def test_long_traces_keep_whole_steps() -> None:
    text = "\n\n".join(f"So {n} + 1 = {n + 1}." for n in range(40))
    assert prune(text, "0.5").flags == prune(text, "0.5", "accept").flags == ()
    assert prune(text, "0.5").text == prune(text, "0.5", "accept").text


def test_a_cap_is_never_exceeded() -> None:
    for tokens in range(1, 60, 4):
        outcome = prune(JONAH, "1", cap=tokens)
        assert outcome.tokens_kept <= tokens
        assert "left-whole" not in outcome.flags


@pytest.mark.parametrize("text", [JONAH, LOUVRE])
def test_need_is_met_by_whole_steps(text: str) -> None:
    method = Method(COVERING)
    ranked = rank_trace(prepare_trace(Trace("1", "q", text, "#### 72")), method)
    outcome = prune_trace(ranked, method, (), parse_budget("auto"))
    assert outcome.text == apply_budget(ranked, parse_budget("auto")).text
    assert outcome.flags == ()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["He has 3 + 4 = 7 pens, so 7 - 2 = 5.", "It is not so.", "$x^2 = 4$", "Wait, no.", "Rome fell."]
        ),
        min_size=1,
        max_size=12,
    ),
    st.integers(1, 99),
    st.sampled_from(["finer", "units", "whole", "accept"]),
    st.booleans(),
)
def test_what_is_kept_is_of_the_text_and_within_what_is_promised(
    sentences: list[str], percent: int, policy: str, by_token: bool
) -> None:
    text = " ".join(sentences)
    method = Method("random", "token" if by_token else "step")
    outcome = prune(text, str(percent / 100), policy, method)
    assert outcome.kept_spans is not None
    assert reassemble(text, outcome.kept_spans) == outcome.text
    assert outcome.tokens_kept <= percent / 100 * outcome.tokens_original or {"over-budget", "left-whole"} & {
        *outcome.flags
    }
    assert policy == "accept" or by_token or outcome.text
    if "single-units" in outcome.flags:
        assert outcome.text.count("+") == text.count("+")
        assert outcome.text.count("not") == text.count("not")
