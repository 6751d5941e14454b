"""Data in a page stays data."""

from __future__ import annotations

import base64
import hashlib
import json
from html.parser import HTMLParser
from typing import Any

from hostile_study import HOSTILE
from hypothesis import given
from hypothesis import strategies as st

from cotpress.reporting.page_assets import build_security_policy, encode_script_json

TEXTS = st.one_of(
    st.text(alphabet=st.characters()), st.sampled_from(HOSTILE), st.text(alphabet="<>/!-script\u2028&'\"")
)


class _Scripts(HTMLParser):
    """The tags of a page, and the text of its script elements."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.lists(TEXTS, max_size=4))
def test_data_in_a_script_element_comes_back_as_it_went_in(texts: list[str]) -> None:
    parser = _Scripts()
    parser.feed(f'<script type="application/json">{encode_script_json(texts)}</script>')
    parser.close()
    assert parser.tags == ["script"]
    assert json.loads(parser.text) == texts


@given(TEXTS)
def test_no_sign_that_ends_a_script_is_left(text: str) -> None:
    assert not set(encode_script_json({text: text})) & set("<>&\u2028\u2029")


def test_numbers_that_json_lacks_become_null() -> None:
    assert json.loads(encode_script_json({"a": [float("nan"), float("inf"), 1.5], "b": (1, None)})) == {
        "a": [None, None, 1.5],
        "b": [1, None],
    }


def test_the_policy_allows_the_script_and_the_style_alone() -> None:
    told = build_security_policy("let a = 1;", "p {}")
    digest = base64.b64encode(hashlib.sha256(b"let a = 1;").digest()).decode()
    assert f"script-src 'sha256-{digest}';" in told
    assert told.startswith("default-src 'none';")
    assert "unsafe" not in told
    assert "http" not in told
