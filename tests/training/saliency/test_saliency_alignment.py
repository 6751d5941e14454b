from __future__ import annotations

from functools import cache

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cotpress.training.saliency.alignment import MAX_WORDS, align_words, split_words

FEW = st.sampled_from(["so", "the", "sum", "is", "7", "+", "."])
LISTS = st.lists(FEW, max_size=14)


def best(original: list[str], shortened: list[str]) -> tuple[int, int]:
    """Most words found, then most that follow their neighbour directly: by trying everything."""

    @cache
    def from_here(i: int, j: int, joined: bool) -> tuple[int, int]:
        if i == len(original) or j == len(shortened):
            return (0, 0)
        options = [from_here(i + 1, j, False), from_here(i, j + 1, False)]
        if original[i] == shortened[j]:
            found, neighbours = from_here(i + 1, j + 1, True)
            options.append((found + 1, neighbours + joined))
        return max(options)

    return from_here(0, 0, False)


def worth(places: np.ndarray) -> tuple[int, int]:
    joined = (places[1:] == places[:-1] + 1) & (places[:-1] >= 0)
    return int((places >= 0).sum()), int(joined.sum())


@given(LISTS, LISTS)
def test_it_is_the_best_of_all_alignments(original: list[str], shortened: list[str]) -> None:
    places = align_words(original, shortened)
    assert places is not None
    found = places[places >= 0]
    assert (np.diff(found) > 0).all()
    assert all(original[p] == shortened[j] for j, p in enumerate(places.tolist()) if p >= 0)
    assert worth(places) == best(original, shortened)


@given(st.lists(st.tuples(FEW, st.booleans()), max_size=60))
def test_words_that_were_deleted_give_their_labels_back(marked: list[tuple[str, bool]]) -> None:
    """All words of the shortened text are found; the labels are the very ones, or as many joined words follow."""
    true = np.flatnonzero([keep for _, keep in marked])
    places = align_words([word for word, _ in marked], [word for word, keep in marked if keep])
    assert places is not None
    assert (places >= 0).all()
    assert places.tolist() == true.tolist() or worth(places)[1] >= worth(true)[1]


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_different_words_leave_no_doubt(keep: list[bool]) -> None:
    words = [str(number) for number in range(len(keep))]
    places = align_words(words, [word for word, kept in zip(words, keep, strict=True) if kept])
    assert places is not None
    assert places.tolist() == np.flatnonzero(keep).tolist()


def test_words_come_from_the_sentence_that_was_kept() -> None:
    original = split_words("Let me see what the sum is. The sum is 7.")
    places = align_words(original.keys, split_words("The sum is 7.").keys)
    assert places is not None
    assert places.tolist() == [8, 9, 10, 11, 12]


def test_words_are_offsets_and_their_keys_forgive_endings_and_case() -> None:
    text = "Adding $\\frac{1}{23}$ 数学 we're"
    words = split_words(text)
    pieces = [text[start:end] for start, end in words.spans.tolist()]
    assert pieces == ["Adding", "$", "\\frac", "{", "1", "}", "{", "23", "}", "$", "数", "学", "we", "'", "re"]
    assert split_words("adds value").keys == split_words("Added Values").keys
    assert split_words("12").keys != split_words("1").keys


def test_texts_that_repeat_themselves_beyond_measure_are_not_aligned() -> None:
    assert align_words(["a"] * 9000, ["a"] * 9000) is None
    assert align_words(["a"] * (MAX_WORDS + 1), ["b"]) is None
    assert align_words(["a"] * 100, ["a"] * 60) is not None
