"""Pairs as one text: its parts make both texts, whatever the spans are, and changes stand where people see them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress.analysis.pairs import MarkedPart, join_kinds, mark_pair, split_into_steps
from cotpress.pruning import reassemble

TEXT = st.text(st.sampled_from("ab1 .=$\n\tä二"), max_size=40)


def _show(parts: list[MarkedPart]) -> str:
    marks = {"kept": "{}", "deleted": "[-{}-]", "inserted": "{{+{}+}}"}
    return "".join(marks[part.kind].format(part.text) for part in parts)


def _check(parts: list[MarkedPart], original: str, compressed: str) -> None:
    assert join_kinds(parts, "kept", "deleted") == original
    assert join_kinds(parts, "kept", "inserted") == compressed
    assert all(part.text for part in parts)
    assert all(part.kind != following.kind for part, following in pairwise(parts))


@given(TEXT, TEXT)
def test_the_parts_of_a_rewrite_make_both_texts(original: str, compressed: str) -> None:
    _check(mark_pair(original, compressed), original, compressed)


@given(TEXT, st.lists(st.integers(0, 40), max_size=8, unique=True))
def test_the_parts_of_a_pruned_text_make_both_texts(original: str, places: list[int]) -> None:
    ends = sorted(place for place in places if place <= len(original))
    spans = np.array(ends[: len(ends) // 2 * 2], np.int64).reshape(-1, 2)
    compressed = reassemble(original, spans)
    parts = mark_pair(original, compressed, spans.tolist())
    _check(parts, original, compressed)
    assert join_kinds(parts, "inserted").strip() == ""


@pytest.mark.parametrize("spans", [[[0, 99]], [[3, 2]], [[2, 4], [0, 1]], [[0, 2]]])
def test_spans_that_do_not_make_the_text_are_not_believed(spans: list[list[int]]) -> None:
    _check(mark_pair("a b c", "a c", spans), "a b c", "a c")


@pytest.mark.parametrize(
    ("original", "compressed", "shown"),
    [
        ("Okay. So x is 3.", "x is 3.", "[-Okay. So -]x is 3."),
        ("A is 1. B is 2. C is 3.", "A is 1. C is 3.", "A is 1. [-B is 2. -]C is 3."),
        (
            "Set x = 3.\n\nHm, wait.\n\nThen y = 4.",
            "Set x = 3.\n\nThen y = 4.",
            "Set x = 3.\n\n[-Hm, wait.\n\n-]Then y = 4.",
        ),
        ("9 times 6 is 54", "9 × 6 is 54", "9 [-times-]{+×+} 6 is 54"),
        ("foo (bar) baz", "foo baz", "foo [-(bar) -]baz"),
        ("", "x", "{+x+}"),
        ("x", "", "[-x-]"),
    ],
)
def test_changes_stand_where_people_see_them(original: str, compressed: str, shown: str) -> None:
    assert _show(mark_pair(original, compressed)) == shown


def test_a_word_that_two_replacements_share_by_chance_is_no_match() -> None:
    shown = _show(mark_pair("I should look at the first equation here", "We take the second one"))
    assert shown == "[-I should look at the first equation here-]{+We take the second one+}"


@given(TEXT, TEXT, st.data())
def test_steps_hold_all_parts(original: str, compressed: str, data: st.DataObject) -> None:
    inner = data.draw(st.lists(st.integers(1, max(1, len(original) - 1)), max_size=5, unique=True))
    bounds = sorted({0, len(original), *(place for place in inner if place < len(original))})
    steps = split_into_steps(mark_pair(original, compressed), bounds)
    parts = [part for step in steps for part in step.parts]
    assert join_kinds(parts, "kept", "inserted") == compressed
    texts = [join_kinds(step.parts, "kept", "deleted") for step in steps]
    expected = [original[start:end] for start, end in pairwise(bounds)]
    assert [text for text in texts if text] == expected


def test_a_step_is_of_one_kind_or_mixed() -> None:
    steps = split_into_steps(mark_pair("Hm.\nx is 3.\ny is 4.", "x is 3.\ny = 4."), [0, 3, 11, 19])
    assert [step.kind for step in steps] == ["deleted", "kept", "mixed"]
