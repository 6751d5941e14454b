"""Splitting reasoning from what follows it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress.traces.extraction import get_field, get_scalar, split_answer_sentence, split_hash_mark
from cotpress.traces.rows import MalformedRowError, describe_value
from cotpress.traces.think_tags import split_think_tags

words = st.text(st.sampled_from("ab 3.\n"), max_size=30)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("A. The answer is True", ("A.", "The answer is True", "True")),
        ("A.\nTherefore, the final answer is: $5$.\n", ("A.", "Therefore, the final answer is: $5$.", "$5$")),
        ("A. So the answer is 3.14.", ("A.", "So the answer is 3.14.", "3.14")),
        ("A. The answer is (B.)", ("A.", "The answer is (B.)", "(B.)")),
        ("I guess the answer is 5. The answer is 6.", ("I guess the answer is 5.", "The answer is 6.", "6")),
        ("I guess the answer is 5 no The answer is 6.", ("I guess the answer is 5 no", "The answer is 6.", "6")),
        ("The answer is 7", ("", "The answer is 7", "7")),
        ("The answer is 5. It could be 6.", None),
        ("The answer is 5\nbecause", None),
        ("breathe answer is 5", None),
        ("The answer is " + "long " * 60, None),
        ("<think>a</think>The answer is 5", None),
        ("", None),
    ],
)
def test_stated(text: str, parts: tuple[str, str, str] | None) -> None:
    assert split_answer_sentence(text) == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a\n#### 72", ("a", "#### 72", "72")),
        ("a #### 7 2 \n", ("a", "#### 7 2", "7 2")),
        ("a\n#### 1\nb\n#### 2", ("a\n#### 1\nb", "#### 2", "2")),
        ("a\n##### Title", None),
        ("a\n#### 5\nb", None),
        ("a\n####", None),
        ("a", None),
    ],
)
def test_hash(text: str, parts: tuple[str, str, str] | None) -> None:
    assert split_hash_mark(text) == parts


@given(words, words)
def test_think_gives_back_both_sides(inside: str, after: str) -> None:
    expected = (inside, after.strip())
    assert split_think_tags(f"<think>{inside}</think>{after}") == expected
    assert split_think_tags(f" \n<think>{inside}</think>{after}") == expected
    assert split_think_tags(f"{inside}</think>{after}") == expected
    assert split_think_tags(f"{inside}{after}") is None


@given(st.lists(st.sampled_from(["<think>", "</think>", "a", " "]), max_size=8))
def test_think_either_splits_or_says_why(parts: list[str]) -> None:
    text = "".join(parts)
    once = re.sub(r"(</?think>)(?:\s*\1)+", r"\1", text)  # the same tag again at once says nothing
    counts = once.count("<think>"), once.count("</think>")
    before = once.partition("<think>")[0]
    if counts in ((1, 1), (0, 1)) and "</think>" not in before * counts[0] and not before.strip() * counts[0]:
        assert split_think_tags(text) is not None
    elif counts == (0, 0):
        assert split_think_tags(text) is None
    else:
        with pytest.raises(MalformedRowError, match="think>"):
            split_think_tags(text)


def test_find_prefers_a_whole_name_and_walks_else() -> None:
    data = {"a.b": 1, "a": {"b": 2, "c": [{"d": 3}]}}
    assert (get_field(data, "a.b"), get_field(data, "a.c.0.d"), get_field(data, "a")) == (1, 3, data["a"])
    for missing in ("a.x", "a.c.1.d", "a.c.x", "a.b.c", "z", ""):
        with pytest.raises(MalformedRowError, match="no field"):
            get_field(data, missing)


@pytest.mark.parametrize(
    ("value", "text"),
    [(72, "72"), (27.0, "27.0"), (True, "True"), ("x ", "x "), ("", None), (None, None), (float("nan"), None)],
)
def test_scalars_become_text(value: object, text: str | None) -> None:
    assert get_scalar({"gold": value}, "gold") == text


def test_described_names_kind_and_value_shortly() -> None:
    assert describe_value(None) == "null"
    assert describe_value(False) == "false"
    assert describe_value([1, {"a": "é"}]) == 'a list [1, {"a": "\\u00e9"}]'
    assert describe_value({1, 2}).startswith("a set")
    assert len(describe_value("x" * 10_000)) < 100
