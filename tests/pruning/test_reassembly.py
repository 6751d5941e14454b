"""What is left of a text reads well: no glued words, line structure kept, every character accounted for."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress.pruning import compute_kept_spans, compute_layout, reassemble

Cut = tuple[str, np.ndarray]


def _cut(text: str) -> Cut:
    """White space and what follows it, one segment each; letters, digits and symbols apart."""
    found = [match.end() for match in re.finditer(r"\s*(?:[^\W\d]+|\d+|\S)", text)]
    return text, np.array([0, *found[:-1], len(text)])


def _left(text: str, kept: str, groups: tuple[tuple[int, ...], ...] = ()) -> str:
    """`kept` has one mark a segment: x stays, - goes."""
    whole, bounds = _cut(text)
    assert len(kept) == len(bounds) - 1, f"{len(bounds) - 1} segments"
    spans = compute_kept_spans(compute_layout(whole, bounds, groups), np.array([mark == "x" for mark in kept]))
    return reassemble(whole, spans)


@pytest.mark.parametrize(
    ("text", "kept", "left"),
    [
        ("one two three", "xxx", "one two three"),
        ("one two three", "x-x", "one three"),
        ("one two three", "-xx", "two three"),
        ("one two three", "---", ""),
        ("One.\n\nHmm, wait then two", "xx---xx", "One.\n\nthen two"),
        ("One.\nHmm\n\ntwo three", "xx--x", "One.\n\nthree"),
        ("a = b\nc = d", "xx--xx", "a =\n= d"),
        ("x=5", "x-x", "x 5"),
        ("2,-3", "x-xx", "2 -3"),
        ("8,.5", "x-xx", "8 .5"),
        ("36 pens.", "x-x", "36."),
        ("3+4", "x-x", "3 4"),
        ("f(x)", "x-x-", "f x"),
        ("二加三", "x", "二加三"),
        ("go, on", "x-x", "go on"),
        ("  two", "x", "two"),
        ("go home, then", "x-xx", "go, then"),
        ("go home\n, then", "x-xx", "go\n, then"),
        ("a\r\n\r\nb c", "x-x", "a\r\n\r\nc"),
    ],
)
def test_examples(text: str, kept: str, left: str) -> None:
    assert _left(text, kept) == left


def test_no_space_is_borrowed_inside_inline_math() -> None:
    assert _left("so $x + y$ is", "xx--xxx", groups=((1, 5),)) == "so $y$ is"
    assert _left("so $x + y$ is", "xxx--xx", groups=((1, 5),)) == "so $x$ is"


def test_math_that_touches_math_does_not_become_display_math() -> None:
    assert _left("$a$,$b$", "xxx-xxx", groups=((0, 2), (4, 6))) == "$a$ $b$"


@given(st.text(st.sampled_from("ab1 \n$.,中é="), min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_properties(text: str, random: object) -> None:
    text = text.strip() or "a"
    whole, bounds = _cut(text)
    kept = np.array([random.random() < 0.5 for _ in bounds[1:]])  # type: ignore[attr-defined]
    layout = compute_layout(whole, bounds)
    spans = compute_kept_spans(layout, kept)
    left = reassemble(whole, spans)
    flat = spans.ravel().tolist()
    assert flat == sorted(set(flat)), "spans ascend, are not empty and do not touch"
    assert "".join(left.split()) == "".join("".join(whole[a:b] for a, b in spans).split())
    solid = "".join("".join(whole[bounds[i] : bounds[i + 1]].split()) for i in np.flatnonzero(kept))
    assert "".join(left.split()) == solid, "what is kept is there, in order, and nothing else"
    assert left == left.strip()
    everything = compute_kept_spans(layout, np.ones(len(kept), dtype=bool))
    assert reassemble(whole, everything) == whole
    words = set(re.findall(r"[^\W\d中]+|\d+", whole))
    assert set(re.findall(r"[^\W\d中]+|\d+", left)) <= words, "no two words became one"
