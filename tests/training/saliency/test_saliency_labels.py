from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress.training.saliency import label_spans, label_text
from cotpress.training.saliency.labels import IGNORED_LABEL, label_tokens, mark_whitespace

WORD = st.text("abcdefg", min_size=1, max_size=3)


def shown(text: str, kept: np.ndarray) -> str:
    return "".join(char if keep else "_" for char, keep in zip(text, kept.tolist(), strict=True))


@given(st.lists(st.tuples(WORD, st.booleans()), min_size=1, max_size=40, unique_by=lambda one: one[0]))
def test_deleting_words_gives_their_characters_back(marked: list[tuple[str, bool]]) -> None:
    original, shortened = " ".join(w for w, _ in marked), " ".join(w for w, keep in marked if keep)
    labels = label_text(original, shortened)
    if not shortened:
        assert labels is None
        return
    assert labels is not None
    expected = " ".join(word if keep else "_" * len(word) for word, keep in marked)
    assert shown(original, labels.kept).replace("_", " ").split() == expected.replace("_", " ").split()
    assert (labels.variation_rate, labels.alignment_gap) == (0.0, 0.0)


def test_the_figures_are_those_of_the_paper() -> None:
    labels = label_text("one two three four", "two nine one")
    assert labels is not None
    assert labels.variation_rate == pytest.approx(1 / 3)  # "nine" is nowhere
    assert labels.alignment_gap == pytest.approx(2 / 4 - 1 / 4)  # two are there, one found its place
    assert shown("one two three four", labels.kept) in ("one_______________", "___ two___________")


def test_white_space_goes_with_what_follows() -> None:
    text = "So  the sum.\n\nIs 7 \n"
    labels = label_text(text, "sum. 7")
    assert labels is not None
    assert shown(text, labels.kept) == "_______ sum.____ 7 \n"


def test_kept_spans_are_taken_as_they_are() -> None:
    text = "the sum is the sum"
    labels = label_spans(text, [[0, 3], [14, 18]])
    assert labels is not None
    assert shown(text, labels.kept) == "the___________ sum"
    for wrong in ([[0, 30]], [[4, 7], [0, 3]], [[-1, 3]]):
        assert label_spans(text, wrong) is None


def test_a_token_takes_the_label_of_most_of_its_characters() -> None:
    text = " ab cd  "
    kept = np.array([0, 0, 0, 0, 1, 1, 1, 1], dtype=bool)
    labels = {(0, 3): 0, (1, 5): 0, (2, 5): 1, (2, 6): 1, (3, 4): 0, (6, 8): 1, (8, 8): IGNORED_LABEL}
    assert label_tokens(kept, mark_whitespace(text), np.array(list(labels))).tolist() == list(labels.values())
