"""Whole traces through the pruner: budgets, protection, nesting, both granularities."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cotpress.criteria import CRITERIA
from cotpress.errors import OptionError
from cotpress.pruning import (
    GRANULARITIES,
    PROTECTIONS,
    KeepRatio,
    Method,
    apply_budget,
    build_token_cap,
    parse_keep_ratio,
    prepare_trace,
    rank_trace,
    reassemble,
)
from cotpress.text import Segmentation
from cotpress.types import Compressed, IntArray, Signals, Trace

REASONING = (
    "Okay, so we need 12 boxes of 3 pens each.\n\nThat is $12 \\times 3 = 36$ pens.\n\n"
    "Wait, let me double-check that. Three times twelve is thirty-six.\n\n"
    "So the total is\n\\[\n36 + 4 = 40\n\\]\n\nTherefore, the final answer is \\boxed{40}."
)
TRACE = Trace("a", "How many pens?", REASONING, gold="40")
FREE = [one.name for one in CRITERIA.values() if not one.needs]


def _signals(trace: Trace) -> Signals:
    found = [match.span() for match in re.finditer(r"\S+", trace.reasoning)]
    values = np.array([(7 * index) % 11 for index in range(len(found))], dtype=float)
    answered = dict.fromkeys(("nll_given_answer", "bis", "pir", "top_k_entropy"), values / 2)
    return Signals(
        np.array(found), {"nll": values, "entropy": values[::-1], "keep_probability": values / 11, **answered}
    )


def _prune(method: Method, keep: str = "0.5", trace: Trace = TRACE) -> Compressed:
    return apply_budget(
        rank_trace(prepare_trace(trace, method.steps), method, [_signals(trace)]), parse_keep_ratio(keep)
    )


@pytest.mark.parametrize("granularity", GRANULARITIES)
@pytest.mark.parametrize("criterion", CRITERIA)
@pytest.mark.parametrize("protect", [(), ("answer",), ("answer", "symbols"), ("symbols-first",)], ids=str)
def test_contract(criterion: str, granularity: str, protect: tuple[str, ...]) -> None:
    method = Method(criterion, granularity, protect)
    ratios = ["0.1", "0.3", "0.5", "0.7", "0.9", "1"]
    results = [_prune(method, ratio) for ratio in ratios]
    kept: set[int] = set()
    for ratio, one in zip(ratios, results, strict=True):
        assert one.kept_spans is not None
        assert one.text == reassemble(REASONING, one.kept_spans)
        now = {at for start, end in one.kept_spans.tolist() for at in range(start, end) if not REASONING[at].isspace()}
        assert kept <= now, "what survives a smaller budget survives a larger one"
        kept = now
        over = one.tokens_kept > parse_keep_ratio(ratio).apply_to(one.tokens_original)
        assert over == ("over-budget" in one.flags)
        assert not over or protect
        assert one.text.count("$") % 2 == 0
        assert one.text.count("\\[") == one.text.count("\\]")
    assert results[-1].text == REASONING
    assert results[-1].realized_ratio == 1
    assert _prune(method, "0.5").text == results[2].text, "same seed, same bytes"


@pytest.mark.parametrize("granularity", GRANULARITIES)
def test_the_answer_is_kept_whatever_the_budget(granularity: str) -> None:
    one = _prune(Method("head", granularity), "0.1")
    assert "\\boxed{40}" in one.text
    assert "\\boxed{40}" not in _prune(Method("head", granularity, protect=()), "0.1").text


def test_an_answer_that_follows_the_reasoning_needs_no_protection_within() -> None:
    apart = Trace("a", "q", REASONING, answer="The answer is 40.")
    assert "boxed" not in _prune(Method("head", "token"), "0.1", apart).text


def test_protected_symbols_keep_every_number_and_formula() -> None:
    one = _prune(Method("random", "token", ("symbols",)), "0.3")
    assert "over-budget" in one.flags
    assert re.findall(r"\d+", one.text) == re.findall(r"\d+", REASONING)


def test_symbols_come_first_and_the_budget_is_kept() -> None:
    plain, first = (_prune(Method("nll", "token", protect), "0.5") for protect in ((), ("symbols-first",)))
    symbols = [len(re.findall(r"\d+|[+=]|times", outcome.text)) for outcome in (plain, first)]
    assert symbols[1] > symbols[0]
    for keep in ("0.05", "0.2", "0.5"):
        outcome = _prune(Method("nll", "token", ("symbols-first",)), keep)
        assert "over-budget" not in outcome.flags
    words = _prune(Method("nll", "token", ("symbols-first",)), "0.2").text
    assert not re.search(r"[a-z]{5}", re.sub(r"\\times|\\boxed", "", words)), "no word before the last symbol"


@pytest.mark.parametrize("criterion", FREE)
def test_criteria_without_signals_are_left_alone(criterion: str) -> None:
    assert _prune(Method(criterion, "token", ("symbols-first",))).text == _prune(Method(criterion, "token", ())).text


def test_symbols_first_says_nothing_of_steps() -> None:
    assert _prune(Method("nll", "step", ("symbols-first",))).text == _prune(Method("nll", "step", ())).text


def test_formulas_stay_whole_unless_asked_otherwise() -> None:
    def prune_with_seeds(formulas: str) -> list[str]:
        return [_prune(Method("random", "token", (), seed=seed, formulas=formulas), "0.6").text for seed in range(20)]

    formula = "$12 \\times 3 = 36$"
    assert {text.count(formula) for text in prune_with_seeds("whole") if "$" in text} == {1}
    assert any(formula not in text for text in prune_with_seeds("inside") if "$" in text)


def test_user_patterns_are_kept() -> None:
    assert "double-check" in _prune(Method("head", "token", (), (r"double-check",)), "0.1").text


def test_every_protection_is_in_the_contract() -> None:
    assert set(PROTECTIONS) == {"answer", "symbols", "symbols-first"}


@pytest.mark.parametrize("given", [True, [True], [[True]], [0.5], None], ids=repr)
def test_a_protection_that_marks_no_units_is_named(given: object) -> None:
    def strange(trace: Trace, segmentation: Segmentation) -> object:
        return given

    with pytest.raises(
        OptionError, match=r"strange.* for \d+ units. A protection takes .* true or false for each unit"
    ):
        _prune(Method("head", protect=(strange,)))  # type: ignore[arg-type]


def test_a_protection_that_fails_is_named_with_its_line() -> None:
    def broken(trace: Trace, segmentation: Segmentation) -> object:
        raise KeyError("units")

    with pytest.raises(
        OptionError, match=r"broken.* failed on trace '.+' \(KeyError: 'units', test_pruner.py line \d+"
    ):
        _prune(Method("head", protect=(broken,)))  # type: ignore[arg-type]


def test_a_cap_counts_tokens() -> None:
    ranked = rank_trace(prepare_trace(TRACE), Method("head", "token", ()))
    one = apply_budget(ranked, build_token_cap(7))
    assert (one.tokens_kept, one.target_ratio) == (7, None)
    assert apply_budget(ranked, build_token_cap(10_000)).text == REASONING


def test_fill_packs_more_and_never_too_much() -> None:
    tight, packed = (_prune(Method("nll", "step", (), fill=fill), "0.5") for fill in (False, True))
    assert tight.tokens_kept <= packed.tokens_kept <= packed.tokens_original // 2


def test_nothing_that_fits_is_flagged() -> None:
    one = _prune(Method("head", "step", ()), "0.01")
    assert (one.text, one.flags) == ("", ("empty",))


class Letters:
    """A tokenizer whose tokens are pairs of letters within a word: cutting can make more of them."""

    name = "letters"

    def find_offsets(self, text: str) -> IntArray:
        found = [match.span() for match in re.finditer(r"\s*\w{1,2}|\s*[^\w\s]+|\s+", text)]
        return np.array(found).reshape(-1, 2)

    def count(self, texts: list[str]) -> list[int]:
        return [len(self.find_offsets(text)) for text in texts]


@pytest.mark.parametrize("criterion", FREE)
@pytest.mark.parametrize("granularity", GRANULARITIES)
def test_with_a_tokenizer_the_shortened_text_is_counted(criterion: str, granularity: str) -> None:
    counter = Letters()
    ranked = rank_trace(prepare_trace(TRACE, counter=counter), Method(criterion, granularity, ()))
    for ratio in ("0.2", "0.5", "0.8", "1"):
        one = apply_budget(ranked, parse_keep_ratio(ratio))
        assert one.tokens_original == counter.count([REASONING])[0]
        assert one.tokens_kept == counter.count([one.text])[0]
        assert one.tokens_kept <= parse_keep_ratio(ratio).apply_to(one.tokens_original)


@pytest.mark.parametrize(
    "wrong",
    [
        {"criterion": "nnl"}, {"granularity": "word"}, {"protect": ("numbers",)}, {"patterns": ("(",)},
        {"steps": "chapter"}, {"reduction": "median"}, {"seed": -1},
    ],
    ids=str,
)  # fmt: skip
def test_methods_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(OptionError):
        Method(**wrong)  # type: ignore[arg-type]


PIECES = [
    "word",
    " wait",
    " 12",
    "$x+1$",
    "\\[",
    "\\]",
    "$",
    "\n",
    "\n\n",
    "```",
    "中文",
    " x_1^2",
    "{",
    "}",
    "\\frac{a}{b}",
    ".",
]


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=30), st.sampled_from(FREE), st.sampled_from(GRANULARITIES)
)
def test_any_text(pieces: list[str], criterion: str, granularity: str) -> None:
    trace = Trace("f", "q", "".join(pieces).strip() or "x")
    ranked = rank_trace(prepare_trace(trace), Method(criterion, granularity, ()))
    before = -1
    for number in (1, 3, 6, 10):
        one = apply_budget(ranked, KeepRatio(parse_keep_ratio(number / 10).fraction))
        assert before <= one.tokens_kept <= one.tokens_original * number // 10
        assert one.text == one.text.strip()
        before = one.tokens_kept
    assert one.text == trace.reasoning
