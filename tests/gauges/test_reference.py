"""How much of a reference solution a text has: what counts, and what is found."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress.gauges.reference import ReferenceContent, find_reference_content, measure_reference_recall


@pytest.mark.parametrize(
    ("reference", "formal"),
    [
        ("We have 45 left, 7 gone.", ("45",)),
        ("It is 1,000 or 2.5 or 3.", ("1,000", "2.5")),
        ("Divisors: $1,2,14,15$", ("14", "15")),
        (r"$x + 1 = 2y$", ("x+1", "2y")),
        (r"\(a b \leq \frac{c}{d}\)", ("ab", r"\frac{c}{d}")),
        (r"\[ 3x &= 60 \\ x &= 20 \]", ("60", "20", "3x")),
        ("$$m + n$$", ("m+n",)),
        (r"So $x = \boxed{\text{no}}$.", ()),
        ("$x$ is $7$.", ()),
        ("It costs $5.\n\nThen $p + q = 12$ holds.", ("12", "p+q")),
    ],
)
def test_formal_content_is_long_numbers_and_sides_of_formulas(reference: str, formal: tuple[str, ...]) -> None:
    assert find_reference_content(reference, reference).formal == formal


def test_words_are_content_words_and_long_numbers_without_case() -> None:
    content = find_reference_content("Therefore LEAD has 82 protons; its symbol is Pb.", "lead: Symbol, 82, Protons")
    assert content.words == ("82", "lead", "protons", "symbol")


def test_what_was_known_beforehand_or_is_not_in_the_trace_does_not_count() -> None:
    content = find_reference_content("$12x + 40 = 88$, so 4", "40 and 12x + 40 are 88", known="Is it 40? 88")
    assert content.formal == ("12x+40",)


@pytest.mark.parametrize(
    ("string", "text", "there"),
    [
        ("12", "it is 12.", True),
        ("12", "it is 120", False),
        ("12", "it is 12.5", False),
        ("12", "it is 0.12", False),
        ("12", "of 3,12", True),
        ("12", "12,500", False),
        ("500", "12,500", False),
        ("500", "12, 500", True),
        ("2", "1,2,12", True),
        ("12", "3, 12", True),
        ("12", "x12", False),
        ("12", "12x", False),
        ("12", "112 and 12", True),
        ("2x+1", "where 2 x + 1 is", True),
        ("2x+1", "12x + 1", False),
        ("2x+1", "2x + 11", False),
        ("(a+b)", "f(a + b)", True),
        ("12", "", False),
    ],
)
def test_a_string_is_found_but_not_within_a_longer_one(string: str, text: str, there: bool) -> None:
    assert measure_reference_recall(ReferenceContent((string,), ()), text).formal == float(there)


def test_of_nothing_no_share_is_kept() -> None:
    recall = measure_reference_recall(find_reference_content("So it is 3.", "So it is 3."), "")
    assert recall.formal is None
    assert recall.words is None


SOLUTIONS = st.text(st.sampled_from("ab12 .,$\\()[]=+\n") | st.characters(), max_size=80)


@given(SOLUTIONS, SOLUTIONS, SOLUTIONS)
def test_the_whole_trace_keeps_all_and_shares_are_shares(reference: str, original: str, text: str) -> None:
    content = find_reference_content(reference, original)
    whole, part = measure_reference_recall(content, original), measure_reference_recall(content, text)
    assert (whole.formal, part.formal) == (None, None) if not content.formal else whole.formal == 1.0
    assert (whole.words, part.words) == (None, None) if not content.words else whole.words == 1.0
    assert all(share is None or 0 <= share <= 1 for share in (part.formal, part.words))
    assert measure_reference_recall(content, f"{text} {original}").formal == whole.formal


@pytest.mark.parametrize("unit", ["$", "\\(", "\\[x", "1,", "1.", "$a$\n\n", "ab ", "<", "\\"])
def test_long_hostile_references_are_read_in_linear_time(unit: str) -> None:
    began = time.thread_time()
    find_reference_content(unit * 50_000, unit * 50_000)
    assert time.thread_time() - began < 2
