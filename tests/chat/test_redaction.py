"""A key does not reach what is stored, whatever way an endpoint writes it; other text stays as it is."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress.chat.redaction import redact

KEY = "sk-pR0j+4fa9/Zc71e0b2Xq88Lm3Td"


def split(size: int, mark: str) -> str:
    return mark.join(KEY[at : at + size] for at in range(0, len(KEY), size))


@pytest.mark.parametrize(
    "written",
    [
        KEY,
        KEY.upper(),
        KEY[::-1],
        quote(KEY, safe=""),
        "".join(f"%{ord(letter):02x}" for letter in KEY),
        KEY.encode().hex(),
        b64encode(KEY.encode()).decode(),
        b64encode(f"Bearer {KEY} ".encode()).decode(),
        b64encode(f"key: {KEY}".encode()).decode(),
        split(1, " "),
        split(3, "-"),
        split(7, "\n"),
        split(8, " and then "),
        f"It begins with {KEY[:14]} and ends with {KEY[14:]}",
        f"It ends with {KEY[14:]}.",
    ],
)
def test_no_written_form_of_the_key_is_left(written: str) -> None:
    told = redact(f"Two and three make five. {written} So it is 5.", KEY)
    assert told.startswith("Two and three make five. ")
    assert told.endswith(" So it is 5.")
    assert "***" in told
    compact = "".join(filter(str.isalnum, told)).lower()
    forms = [KEY, KEY[::-1], quote(KEY, safe=""), KEY.encode().hex(), b64encode(KEY.encode()).decode()]
    for form in ("".join(filter(str.isalnum, form)).lower() for form in forms):
        left = sum(form[at : at + 5] in compact for at in range(len(form) - 4))
        assert left < len(form) // 3, told


@given(st.text())
def test_other_text_stays(text: str) -> None:
    assert redact(text, KEY) == text


def test_a_placeholder_is_a_word_like_others() -> None:
    assert redact("The set is EMPTY.", "EMPTY") == "The set is EMPTY."


def test_a_few_letters_in_common_are_no_piece() -> None:
    text = "Compute 71e0b2 in base 16, then 4fa9."
    assert redact(text, KEY) == text
