"""Clauses: after semicolons, and after commas that a clause follows."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress.text import segment


def clauses(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in pairwise(segment(text, "clause").steps.tolist())]


@pytest.mark.parametrize(
    "cut",
    [
        ["A year is 12 months,", "so Elias spends 4 * 12 = $48 a year.", "In two years,", "he spends $96."],
        ["If the book has 10 pages,", "then 3 of them are read.", "She has 3;", "he has 7 of them."],
        ["Alice has half of that,", "which is 1/2*80 = 40 shells."],
        ["Robert works on movies,", "and he is not a scientist."],
        ["Jason hatte 20 Lutscher,", "aber jetzt hat er 12."],
        ["逐步解答：他有 5 个玩具。", "他从妈妈那里得到 2 个，", "所以之后他有 5 + 2 = 7 个玩具。"],
    ],
    ids=lambda cut: str(cut[0]),
)
def test_a_clause_begins_where_its_subject_or_conjunction_follows(cut: list[str]) -> None:
    text = "".join(cut) if cut[0][0] == "逐" else " ".join(cut)
    assert clauses(text) == cut


@pytest.mark.parametrize(
    "text",
    [
        "They sell red, blue, and green pens.",
        "There are A, E, I, O and U in it.",
        "Billy Joel, who has performed all over the world, has never been there.",
        "The rest (5 - 3 = 2, so two of them) is his.",
        "Then f(x, y) = [1, 2, 3] holds, too.",
        "It costs $1,000,000 in all of them.",
        "Yes, so it is.",
        "The set is $\\{1, 2, so\\}$ here.",
    ],
)
def test_enumerations_brackets_and_scraps_stay_whole(text: str) -> None:
    assert clauses(text) == [text]


@given(
    st.lists(st.sampled_from(["so he has 3", "and", ",", ";", "(", ")", "12", ". The", "$x$", "，", "\n"]), max_size=40)
)
def test_clauses_tile_the_text_and_refine_sentences(parts: list[str]) -> None:
    text = " ".join(parts)
    fine, coarse = (segment(text, mode).steps.tolist() for mode in ("clause", "sentence"))
    assert set(coarse) <= set(fine)
    assert set(fine) <= set(segment(text).units.tolist())
