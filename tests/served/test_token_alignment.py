"""Tokens as servers write them, against the text that was sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_models import byte_tokenizer

from cotpress.served.token_alignment import AlignmentError, align_tokens
from cotpress.signals import encode_texts


@pytest.mark.parametrize(
    ("tokens", "text", "spans"),
    [
        (["Let", " x", "."], "Let x.", [(0, 3), (3, 5), (5, 6)]),
        (["Let", " x", ".", " And"], "Let x.", [(0, 3), (3, 5), (5, 6)]),  # one was generated
        (["<s>", "Let", " x."], "Let x.", [(0, 0), (0, 3), (3, 6)]),
        (["", "Let", " x."], "Let x.", [(0, 0), (0, 3), (3, 6)]),  # a start token that is decoded to nothing
        (["▁Let", "▁x", "."], "Let x.", [(0, 3), (3, 5), (5, 6)]),
        (["Let", "Ġx", "Ċ"], "Let x\n", [(0, 3), (3, 5), (5, 6)]),
        (["Let", "x", "."], "Let x.", [(0, 3), (3, 5), (5, 6)]),  # the space is lost
        (["a", "\ufffd", "\ufffd", "\ufffd", "b"], "a漢b", [(0, 1), (1, 2), (1, 2), (1, 2), (2, 3)]),
        (["a", "bytes:\\xe6\\xbc", "bytes:\\xa2", "b"], "a漢b", [(0, 1), (1, 2), (1, 2), (2, 3)]),
        (["a", "", "", "", "b"], "a漢b", [(0, 1), (1, 2), (1, 2), (1, 2), (2, 3)]),
        (["a", "\ufffd", "\ufffd", "."], "a漢", [(0, 1), (1, 2), (1, 2)]),  # the last one was generated
        (["\ufffd"] * 6 + ["b"], "漢字b", [(0, 1)] * 3 + [(1, 2)] * 3 + [(2, 3)]),  # a byte each
        (["\ufffd"] * 2 + ["b"], "漢字b", [(0, 2)] * 2 + [(2, 3)]),
    ],
)
def test_spans(tokens: list[str], text: str, spans: list[tuple[int, int]]) -> None:
    assert align_tokens(tokens, text) == spans


@pytest.mark.parametrize("tokens", [[], ["Let"], ["Let", " y", "."], ["Let", "\ufffd", "z"], ["x", "x", "x"]])
def test_other_tokens_are_refused(tokens: list[str]) -> None:
    with pytest.raises(AlignmentError):
        align_tokens([*tokens, "!"], "Let x and so on.")


TOKENIZER = byte_tokenizer()


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40))
def test_spans_of_a_byte_level_tokenizer(text: str) -> None:
    """What is decoded token by token covers the text in order, and agrees with the tokenizer on whole characters.

    Texts of control characters are left out: next to pieces of characters they may be shared out otherwise.
    """
    if "\ufffd" in text:
        return
    [(ids, offsets)] = encode_texts(TOKENIZER, [text])
    tokens = [TOKENIZER.decode([token]) for token in ids]
    spans = align_tokens(tokens, text)
    assert len(spans) == len(ids)
    assert spans[-1][1] == len(text)
    for token, span, expected in zip(tokens, spans, offsets.tolist(), strict=True):
        assert span[0] <= expected[0]
        assert span[1] >= expected[1]
        assert "\ufffd" in token or list(span) == expected
