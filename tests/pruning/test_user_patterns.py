"""The user's regular expressions: what they match is what `re` finds, and none hangs a run."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress import Method, Trace, compress
from cotpress.errors import OptionError
from cotpress.pruning import user_patterns
from cotpress.pruning.user_patterns import find_matches

HANGING = r"(a+)+b\1"  # the group that is named again is nothing for google-re2
PIECES = st.sampled_from(
    [r"\d+", r"\w", r"\bto\b", "a|b", "[^a-z]+", r"(?:ab)*?", ".", r"\s+", "(?i)A", "^a", "b$", r"[\d.]", "x{,2}"]
)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_patterns, "MATCH_SECONDS", 2.0)


def find_with_re(pattern: str, text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(pattern, text)]


@given(PIECES, PIECES, st.text("ab1. \nAxé\x1c", max_size=30))
def test_matches_are_those_of_re(one: str, other: str, text: str) -> None:
    for pattern in (one, f"{one}|{other.removeprefix('(?i)')}"):
        assert find_matches(pattern, text) == find_with_re(pattern, text)


def test_what_hangs_is_an_error_in_time(impatient: None) -> None:
    began = time.monotonic()
    method = Method("head", patterns=(HANGING,))
    with pytest.raises(OptionError, match=r"\(a\+\)\+b") as caught:
        list(compress([Trace("1", "", "a" * 40 + "c", "")], method, keep=0.5))
    assert time.monotonic() - began < 20
    assert "re2" in caught.value.hint


def test_after_one_that_hangs_others_are_matched(impatient: None) -> None:
    with pytest.raises(OptionError):
        find_matches(HANGING, "a" * 40 + "é")
    assert find_matches("é", "né") == [(1, 2)]


def test_linear_by_construction_where_re2_is_installed() -> None:
    pytest.importorskip("re2")
    assert find_matches("(a+)+b", "a" * 100_000) == []


@pytest.mark.parametrize("pattern", ["(", "a**", "[", "(?P<n>a)(?P<n>b)"])
def test_what_is_no_expression_is_refused(pattern: str) -> None:
    with pytest.raises(OptionError, match="not a regular expression"):
        Method("head", patterns=(pattern,))
