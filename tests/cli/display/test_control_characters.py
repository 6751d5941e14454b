"""Texts of traces on a terminal: nothing in them reaches it as a command."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress.cli.display.control_characters import escape_controls

ANY = st.text(st.characters(codec=None), max_size=30) | st.text(st.sampled_from("\x1b[2J\r\n\x9b\u202e\ud800\u200da"))


@given(ANY)
def test_no_control_character_is_left(text: str) -> None:
    shown = escape_controls(text)
    shown.encode()  # no half characters
    for sign in shown:
        assert sign in "\n\t\u200c\u200d" or unicodedata.category(sign) not in ("Cc", "Cs", "Cf", "Zl", "Zp")


@pytest.mark.parametrize("text", ["x² ≥ 二\n\t$\\frac{1}{2}$", "👩\u200d🚀", "می\u200cخواهم", ""])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert escape_controls(text) == text


def test_line_ends_of_windows_are_line_ends() -> None:
    assert escape_controls("a\r\nb\rc") == "a\nb\\rc"
