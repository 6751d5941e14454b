"""Each gauge on the sentence that showed what it has to say."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress import gauges
from cotpress.errors import ModelError, OptionError
from cotpress.gauges import GAUGES, Gauge, TextPair, analyze_text, measure_original, measure_text_pair, register_gauge
from cotpress.types import Trace


def test_the_package_says_which_of_its_modules_hold_gauges() -> None:
    homes = {gauge.function.__module__.rpartition(".") for gauge in GAUGES.values()}
    listed = re.findall(r"`(\w+)`", gauges.__doc__ or "")
    assert listed == sorted(module for package, _, module in homes if package == "cotpress.gauges")


def prune(text: str, *kept: str, question: str = "", answer: str = "", gold: str | None = None) -> TextPair:
    """A pair of a text with pieces of it, in order."""
    spans, at = [], 0
    for piece in kept:
        start = text.index(piece, at)
        at = start + len(piece)
        spans.append((start, at))
    trace = Trace("1", question, text, answer, gold)
    return TextPair(trace, analyze_text(text), " ".join(kept), np.array(spans).reshape(-1, 2), 0.5)


def rewrite(before: str, after: str) -> TextPair:
    return TextPair(Trace("1", "", before), analyze_text(before), after, None, 0.5)


def read(name: str, pair: TextPair) -> float | None:
    return GAUGES[name].function(pair)


def test_an_equation_line_is_kept_whole_or_lost() -> None:
    text = "So x = 2 + 3.\nThen y = 7.\nAgain, x = 2+3."
    assert read("equations", prune(text, "Then y = 7.")) == 0.5
    assert read("equations", prune(text, "Again, x = 2+3.")) == 0.5, "the same equation in another place"
    assert read("equations", prune("No formula here.", "No formula")) is None


def test_an_assumption_is_no_equation_line() -> None:
    assert read("equations", prune("If n = 0 then there is nothing to prove here.", "If n")) is None


def test_facts_are_distinct_results() -> None:
    text = "2 + 3 = 5. 4 + 4 = 8. So 3 + 2 = 5."
    assert read("facts", prune(text, "2 + 3 = 5.")) == 0.5
    assert read("facts", prune(text, "4 + 4 = 8.", "So 3 + 2 = 5.")) == 1.0


def test_numbers_are_distinct_and_marks_of_lists_are_none() -> None:
    assert read("numbers", prune("1. We have 12 of 30.\n2. So 12.", "We have 12")) == 0.5


def test_negations_count_in_what_is_kept_alone() -> None:
    text = "It is not 12. We never stop."
    assert read("negations", prune(text, "It is not 12.")) == 1.0
    assert read("negations", prune(text, "It is", "12.")) == 0.0
    assert read("negations", rewrite("So x is not a multiple of 12.", "So x isn't a multiple of 12.")) == 1.0
    assert read("negations", rewrite("Wait, no. The sum is 12.", "The sum is 12.")) is None, "'no.' turns no statement"


def test_code_is_whole_or_gone() -> None:
    text = "Look:\n```python\nvalue = compute(1)\nprint(value)\n```\nDone."
    assert read("code_blocks", prune(text, "Done.")) == 1.0
    assert read("code_blocks", prune(text, "```python\nvalue = compute(1)\nprint(value)\n```")) == 1.0
    assert read("code_blocks", prune(text, "value = compute(1)")) == 0.0
    assert read("code_blocks", rewrite(text, "value = compute(1), and so on.")) == 0.0
    assert read("code_blocks", prune("No code.", "No")) is None


@pytest.mark.parametrize(
    ("kept", "broken"),
    [
        (("Cross-multiplying gives:", "x = 3"), 0.0),
        (("Cross-multiplying gives:", "Wait, is it?"), 1.0),
        (("Cross-multiplying gives:",), 1.0),
        (("x = 3",), None),
    ],
)
def test_lead_ins(kept: tuple[str, ...], broken: float | None) -> None:
    assert read("broken_lead_ins", prune("Cross-multiplying gives:\n\nx = 3\n\nWait, is it?", *kept)) == broken


def test_a_legend_of_a_scale_is_no_equation() -> None:
    [statement] = analyze_text("Rate it 1-10 (10 = go to ER now, 1 = nothing to worry about).").statements
    assert statement.equations == ()


def test_a_lead_in_to_a_lone_sign() -> None:
    text = "gives:\n\n = 5"
    assert read("broken_lead_ins", prune(text, "gives:", "=")) == 1.0  # what is left of "= 5" says nothing
    assert read("broken_lead_ins", prune("gives:\n\n =", "gives:\n\n =")) == 0.0


def test_a_lead_in_to_a_list_needs_one_of_its_items() -> None:
    text = "There are two cases:\n\n- x is 1\n- x is 2\n\nBoth fail."
    assert read("broken_lead_ins", prune(text, "There are two cases:", "- x is 2")) == 0.0
    assert read("broken_lead_ins", prune(text, "There are two cases:", "Both fail.")) == 1.0


def test_an_opener_hangs_where_what_it_points_at_is_gone() -> None:
    text = "One crate weighs 28. That makes 84 for three. So 84 + 6 = 90."
    assert read("hanging_openers", prune(text, "One crate weighs 28.", "So 84 + 6 = 90.")) == 0.0
    assert read("hanging_openers", prune(text, "That makes 84 for three.", "So 84 + 6 = 90.")) == 0.5
    assert read("hanging_openers", prune("That is 5. It is odd.", "That is 5.")) == 0.0  # nothing was before it


def test_a_value_whose_definition_was_deleted_comes_from_nowhere() -> None:
    text = "12 * 4 = 48. We take half of 48. Half of 48 is 24. Then 48 again."
    assert read("undefined_on_use", prune(text, "12 * 4 = 48.", "We take half of 48.")) == 0.0
    assert read("undefined_on_use", prune(text, "We take half of 48.", "Then 48 again.")) == 0.5, (
        "it is known afterwards"
    )
    assert read("undefined_on_use", prune(text, "Then 48 again.", question="Of 48?")) == 0.0


def test_what_the_original_never_defined_is_not_undefined() -> None:
    """d = 4: 3, 7, 11, 15, 19: a list of primes before it defines none of them."""
    text = "Primes: 11, 13, 19. Try d=4: 3,7,11,15,19."
    assert not read("undefined_on_use", prune(text, "Try d=4: 3,7,11,15,19."))


def test_an_equation_in_words_defines_its_result() -> None:
    text = "So 486 - 32 = 454. Yes, 486 - 32 is 454."
    assert not read("undefined_on_use", prune(text, "Yes, 486 - 32 is 454.", question="486 and 32?"))


def test_intact_statements() -> None:
    text = "12 * 4 = 48. So x is not 48."
    assert read("intact_statements", prune(text, "12 * 4 = 48.", "So x is not 48.")) == 1.0
    assert read("intact_statements", prune(text, "12 * 4 = 48.", "So x is", "48.")) == 0.5, "the negation is gone"
    assert read("intact_statements", prune(text, "So x is not 48.")) == 0.0, "its premise is gone"
    assert read("intact_statements", rewrite(text, "12 * 4 = 48. So x isn't 48.")) == 1.0
    assert read("intact_statements", rewrite(text, "So x is 77.")) == 0.0, "a number from nowhere"


ANSWER = "30 + 12 = 42. So 42 apples are left. The answer is 42."


@pytest.mark.parametrize(
    ("kept", "reaches", "again"),
    [
        (("30 + 12 = 42.", "The answer is 42."), 1.0, 1.0),
        (("The answer is 42.",), 0.0, 0.0),
        (("So 42 apples are left.", "The answer is 42."), 0.0, 1.0),
        ((), 0.0, 0.0),
    ],
)
def test_the_derivation_reaches_the_answer(kept: tuple[str, ...], reaches: float, again: float) -> None:
    """What is asserted without what made it is not derived."""
    pair = prune(ANSWER, *kept, gold="42")
    assert read("derivation_reaches_answer", pair) == reaches
    assert read("answer_restatements", pair) == again


def test_truth_values_and_missing_answers_are_left_out() -> None:
    for answer in ("The answer is True", ""):
        assert read("derivation_reaches_answer", prune("It is true. Yes.", "Yes.", answer=answer)) is None


def test_a_name_in_a_statement_is_no_answer_yet() -> None:
    text = "Ben stands before Eve. So position 5 is Eve."
    assert read("answer_restatements", prune(text, text, gold="Eve")) == 0.0


@pytest.mark.parametrize(
    ("text", "kept", "count"),
    [
        ("(1 - p)^4 and f(x)", ("1 - p)^4", "and f(x)"), 1),
        (r"so \(x = 1\) holds", (r"x = 1\)",), 1),
        ("a) first (b c", ("first (b",), 0),
        ("[0, 1) is half open", ("[0, 1", "is half"), 1),
        ("It costs $5 and then $6.", ("It costs $5",), 0),
        ("so $x + 1$ holds", ("x + 1$",), 1),
    ],
)
def test_delimiters_that_lost_their_partner(text: str, kept: tuple[str, ...], count: int) -> None:
    assert read("unbalanced_delimiters", prune(text, *kept)) == count


def test_a_rewrite_that_opens_what_it_does_not_close() -> None:
    assert read("unbalanced_delimiters", rewrite("(a", "(a")) == 0
    assert read("unbalanced_delimiters", rewrite("(a)", "(a and (b")) == 2


def test_equalities_that_became_false() -> None:
    text = "So 32 * 25 = 800. But 2 + 2 = 5."
    assert read("false_equalities", prune(text, "So 32 * 25 = 800.", "2 + 2 = 5")) == 0, "the original has it as it is"
    assert read("false_equalities", prune(text, "So", "25 = 800.")) == 1


def test_reflective_share_and_length() -> None:
    text = "Wait, let me check. 2 + 3 = 5."
    assert read("reflective_share", prune(text, "Wait, let me check.")) == 1.0
    assert measure_original(Trace("1", "", text), analyze_text(text))["reflective_share"] == 0.5
    unknown = "Итак, это равно трём. И поэтому ответ на вопрос семь."
    assert measure_original(Trace("1", "", unknown), analyze_text(unknown))["reflective_share"] is None
    assert measure_original(Trace("1", "", text), analyze_text(text))["equations"] is None
    assert read("longer_than_original", prune(text, text)) == 0.0


WORDS = st.sampled_from(
    [
        "So",
        "x",
        "=",
        "12",
        "48",
        "(",
        ")",
        "\\(",
        "\\)",
        "$",
        "```\n",
        "\n\n",
        "gives:",
        "not",
        "2 + 3 = 5.",
        "Wait.",
        "答",
    ]
)


@given(st.lists(WORDS, max_size=30).map(" ".join), st.data())
def test_any_text_cut_anywhere_is_measured(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = np.array(cuts[: len(cuts) // 2 * 2]).reshape(-1, 2)
    left = "".join(text[start:end] for start, end in spans)
    original = analyze_text(text)
    for kept in (spans, None):
        figures = measure_text_pair(TextPair(Trace("1", "12?", text, "48"), original, left, kept, 0.5))
        for name, value in figures.items():
            assert value is None or (0 <= value <= (1 if GAUGES[name].is_share else len(text))), name


@given(st.lists(WORDS, max_size=30).map(" ".join))
def test_what_is_kept_whole_is_perfect(text: str) -> None:
    original = analyze_text(text)
    figures = measure_text_pair(TextPair.of_original(Trace("1", "", text, "48"), original))
    for name, gauge in GAUGES.items():
        if not gauge.of_original and figures[name] is not None:
            assert figures[name] == float(gauge.higher_is_better), name


@given(st.text(alphabet="ab1 \n\\{}$`*=.", max_size=60))
def test_statements_tile_the_text(text: str) -> None:
    analysis = analyze_text(text)
    assert analysis.bounds[0] == 0
    assert len(analysis.bounds) == len(analysis.statements) + 1
    assert "".join("".join(part.text.split()) for part in analysis.statements) == "".join(text.split())


def test_a_gauge_of_a_plugin() -> None:
    def shout(pair: TextPair) -> float:
        """How many exclamation marks are left."""
        return float(pair.text.count("!"))

    register_gauge("shout", higher_is_better=False, is_share=False)(shout)
    try:
        assert GAUGES["shout"].column == "gauge_shout"
        assert GAUGES["shout"].summary == "How many exclamation marks are left."
        assert measure_text_pair(prune("Oh! No!", "Oh!"))["shout"] == 1.0
    finally:
        GAUGES.remove("shout")


def test_a_gauge_that_fails_says_which() -> None:
    register_gauge("faulty")(lambda pair: 1 / 0)
    try:
        with pytest.raises(ModelError, match="The gauge 'faulty' failed on trace '1' \\(ZeroDivisionError"):
            measure_text_pair(prune("a", "a"))
    finally:
        GAUGES.remove("faulty")


def test_what_is_no_gauge() -> None:
    with pytest.raises(OptionError, match="is a str"):
        GAUGES.get_entry("cotpress.gauges.registry:COLUMN_PREFIX")
    assert isinstance(GAUGES.get_entry("cotpress.gauges.content:equations"), Gauge)
