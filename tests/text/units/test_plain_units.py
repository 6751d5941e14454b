"""Plain units found at once are those that the pattern of prose finds one by one."""

from __future__ import annotations

import random

import pytest

from cotpress.text import list_sentence_bounds, segment
from cotpress.text.units import lexer

PIECE_LIST = """
    So therefore x a I A z3 12 3.14 1,000 2x 1/2 -5 +7 - + = == => <= < > * ** / ( ) [ ] (3) f(x) f'(x) it's dogs' 'tis
    U.S. e.g. word: http://a.b . , ; ? ! ... " ' $ $x$ \\( \\) \\frac{1}{2} { } ^2 _ x^2 % & # ` | ~ é x² ₁ 数 😀 \u0301
    \u200d naïve ½ – —
"""
PIECES = PIECE_LIST.split()
SPACES = ["", "", " ", " ", " ", "  ", "\n", "\n\n", "\t", "\r\n", "\x0b", "\u00a0", "\u2003"]


def make_text(seed: int) -> str:
    draw = random.Random(seed)
    return "".join(draw.choice(PIECES) + draw.choice(SPACES) for _ in range(draw.randrange(1, 60)))


def read_units(text: str) -> tuple[list[int], bytes, list[tuple[int, ...]]]:
    read = lexer.UnitLexer(text)
    read.run()
    return read.ends, bytes(read.kinds), read.groups


@pytest.mark.parametrize("seed", range(60))
def test_units_found_at_once_are_those_found_one_by_one(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [make_text(1000 * seed + number) for number in range(20)]
    monkeypatch.setattr(lexer, "_MAX_SHORT_CHARACTERS", -1)
    at_once = [read_units(text) for text in texts]
    monkeypatch.setattr(lexer, "_MAX_SHORT_CHARACTERS", 10**9)
    assert at_once == [read_units(text) for text in texts]


@pytest.mark.parametrize("text", ["a*(b)", "So **it is a** b", "x.$y$ (z", "I'm a'b 'a' f('x')", "3-a -b - c --d", "a"])
def test_an_edge_of_a_region_is_seen_as_the_end_of_a_unit(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one_by_one = read_units(text)
    monkeypatch.setattr(lexer, "_MAX_SHORT_CHARACTERS", -1)
    assert read_units(text) == one_by_one


@pytest.mark.parametrize("seed", range(20))
def test_sentences_of_a_cut_text_are_those_of_the_text(seed: int) -> None:
    text = make_text(seed)
    for steps in ("paragraph", "line", "clause"):
        assert list_sentence_bounds(segment(text, steps)).tolist() == segment(text, "sentence").steps.tolist()
