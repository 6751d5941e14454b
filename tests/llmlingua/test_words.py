from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress.llmlingua.words import TOKENIZER_FAMILIES, list_plain_words, merge_words, select_words, split_chunks


def once(word: str) -> int:
    return 1


@given(st.lists(st.sampled_from(["a", ".", "b"]), max_size=2000))
def test_chunks_are_the_tokens_in_order(tokens: list[str]) -> None:
    assert [token for chunk in split_chunks(tokens) for token in chunk] == tokens


def test_a_chunk_ends_at_the_last_full_stop_that_fits() -> None:
    tokens = [*["a"] * 300, ".", *["b"] * 300]
    assert [len(chunk) for chunk in split_chunks(tokens)] == [301, 300]


def test_without_a_full_stop_a_chunk_is_one_token_too_long() -> None:
    """The package's own defect: 511 tokens and two marks are more than 512 positions."""
    assert [len(chunk) for chunk in split_chunks(["a"] * 600)] == [511, 89]


def test_pieces_of_a_word_share_its_mean() -> None:
    values = np.array([0.2, 0.4, 0.9], np.float32)
    words, means = merge_words(["re", "##main", "."], values, {"[CLS]"}, TOKENIZER_FAMILIES["bert"])
    assert words == ["remain", "."]
    assert means == [np.float32(np.float32(0.2) + np.float32(0.4)) / 2, np.float32(0.9)]
    assert means[0].dtype == np.float32


def test_special_tokens_are_no_words() -> None:
    values = np.array([0.1, 0.2, 0.3], np.float32)
    assert merge_words(["<unk>", "▁a", "</s>"], values, {"<unk>", "</s>"}, TOKENIZER_FAMILIES["xlm-roberta"])[0] == [
        "▁a"
    ]


def test_a_sign_of_xlmr_begins_a_word() -> None:
    values = np.array([0.1, 0.2, 0.3], np.float32)
    assert merge_words(["▁a", "+", "b"], values, (), TOKENIZER_FAMILIES["xlm-roberta"])[0] == ["▁a", "+b"]


def test_a_chunk_that_begins_within_a_word_cannot_be_merged() -> None:
    with pytest.raises(IndexError):
        merge_words(["##a"], np.array([0.1], np.float32), (), TOKENIZER_FAMILIES["bert"])


def test_what_equals_the_percentile_goes() -> None:
    values = [np.float32(one) for one in (0.1, 0.2, 0.3, 0.4, 0.5)]
    assert select_words("abcde", values, 0.51, once) == [False, False, False, True, True]  # the 50th percentile is 0.3


def test_a_word_counts_as_often_as_it_has_tokens() -> None:
    values = [np.float32(one) for one in (0.1, 0.2, 0.3, 0.4)]
    assert select_words("abcd", values, 0.5, once) == [False, False, True, True]
    assert select_words("abcd", values, 0.5, lambda word: 9 if word == "d" else 1) == [False] * 4


def test_where_all_that_is_left_is_certain_it_stays() -> None:
    assert select_words("ab", [np.float32(1), np.float32(1)], 0.5, once) == [True, True]


@pytest.mark.parametrize("rate", [0.9, 0.7, 0.5, 0.1])
def test_the_percentile_is_one_percent_too_high(rate: float) -> None:
    values = [np.float32(one) for one in np.linspace(0, 0.99, 1000)]
    kept = sum(select_words(["w"] * 1000, values, rate, once))
    assert kept / 1000 == pytest.approx(rate - 0.01, abs=0.0101)


def test_no_words_no_percentile() -> None:
    with pytest.raises((ValueError, IndexError)):
        select_words([], [], 0.5, once)


def test_plain_words() -> None:
    assert list_plain_words("So 3x + 4 = 40, right?") == ["So", "3x", "+", "4", "=", "40", "right", "?"]
