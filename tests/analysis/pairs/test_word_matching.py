"""Words in common: in order in both texts, and found in about linear time however the texts repeat themselves."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress.analysis.pairs.word_matching import match_words

WORDS = st.lists(st.sampled_from(["x", "y", "=", "so", "the"]), max_size=40)
LONG = 30_000  # words of each text


@given(WORDS, WORDS)
def test_matches_are_equal_words_ascending_in_both(before: list[str], after: list[str]) -> None:
    done = written = 0
    for match in match_words(before, after):
        assert match.length
        assert match.before >= done
        assert match.after >= written
        done, written = match.before + match.length, match.after + match.length
        assert before[match.before : done] == after[match.after : written]


@given(WORDS, st.data())
def test_of_a_text_with_words_deleted_every_word_left_is_matched(before: list[str], data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(before), max_size=len(before)))
    numbered = [f"{word}{place}" for place, word in enumerate(before)]
    after = [word for word, stays in zip(numbered, kept, strict=True) if stays]
    assert sum(match.length for match in match_words(numbered, after)) == len(after)


def test_a_moved_block_of_a_long_text_leaves_the_rest_matched() -> None:
    before = [str(number) for number in range(2000)]
    after = before[1500:] + before[:1500]
    assert sum(match.length for match in match_words(before, after)) == 1500


def _draw(vocabulary: int, seed: int) -> list[str]:
    source = random.Random(seed)
    return [str(source.randrange(vocabulary)) for _ in range(LONG)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["a"] * LONG, ["b", "a"] * (LONG // 2)),
        (_draw(3, 0), _draw(3, 1)),
        (_draw(5000, 0), _draw(5000, 1)),
        ([str(number) for number in range(LONG)], [str(number) for number in reversed(range(LONG))]),
    ],
    ids=["one word", "three words", "many words", "reversed"],
)
def test_long_texts_take_no_quadratic_time(before: list[str], after: list[str]) -> None:
    began = time.process_time()
    match_words(before, after)
    assert time.process_time() - began < 3  # the usual table would have 900 million fields
