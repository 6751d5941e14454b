"""What holds for any text: exact tiling, nesting, and time in proportion to the length."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timing import seconds

from cotpress.text import STEP_MODES, Segmentation, UnitKind, segment

_SPELLED = r"""
$ $$ \( \) \[ \] \\ \ & { } ^ _ ' ** *** * ` ``` ~~~ # #### << >> | % ( ) [ ] / + - = < >
\begin{align} \end{align} \begin{array}{cc} \end{array} \begin{itemize} \end{itemize} \item
\begin{verbatim} \end{verbatim} [asy] [/asy] \left( \right) \left \right. \middle| \big( \limits
\frac \sqrt \text{ \text \pi \frac{1}{2} x^2 x_{1} }{ {,} \, \{ \} \$5 \% \verb|
a I x word don't e-mail e.g. Dr. J. 1 2.5 1,000 -5 50% 1/2 $5 5$ . ! ? ... f(x) (s) 1. https://a.b/c
<<48/2=24>> 。 ！ 你 好 カタ ひら ស្ត្រី สวัสดี เ العربية שלום हिन्दी 한국 👩‍👩‍👧 🇫🇷 👍🏽 1️⃣ é x₁₆ ² √ ₋ ½
"""
PIECES = [
    *_SPELLED.split(),
    *(" ", "  ", "\n", "\n\n", "\r\n", "\r", "\t", "\n```python\n", "\n```\n", "\x00", "\x1c", "\x85", "\u2028"),
    *("\u0301", "\u200d", "\u200b", "\ufeff", "\ufe0f", "\u00ad", "\u202e", "\xa0", "\ud800", "\U0010ffff"),
]
texts = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.text(max_size=60),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=20).map("".join),
)


def check(found: Segmentation) -> None:
    """Tiling, boundaries within boundaries, and groups that nest within a step."""
    text, units, steps = found.text, found.units, found.steps
    count = len(units) - 1
    for bounds in (units, steps):
        assert bounds[0] == 0
        assert bounds[-1] == len(text)
        assert (np.diff(bounds) > 0).all()
    assert np.isin(steps, units).all()
    assert len(found.kinds) == len(found.formal) == count
    assert set(found.kinds.tolist()) <= set(UnitKind)
    step_of = np.searchsorted(steps, units[:-1], side="right")
    opened: list[int] = []
    role = {unit: (g, at) for g, group in enumerate(found.groups) for at, unit in enumerate(group)}
    assert len(role) == sum(map(len, found.groups))  # no unit is in two groups
    for unit in sorted(role):
        g, at = role[unit]
        group = found.groups[g]
        assert step_of[group[0]] == step_of[unit]
        if at == 0:
            opened.append(g)
        assert opened[-1] == g
        if at == len(group) - 1:
            opened.pop()
    assert all(len(group) > 1 for group in found.groups)


@settings(deadline=None, max_examples=400)
@given(texts, st.sampled_from(STEP_MODES))
def test_any_text_is_tiled(text: str, mode: str) -> None:
    check(segment(text, mode))


@settings(deadline=None, max_examples=200)
@given(texts, st.sampled_from(STEP_MODES))
def test_white_space_leads(text: str, mode: str) -> None:
    """Only a fence keeps the line break at its end, and LaTeX's "\\ " its blank."""
    found = segment(text, mode)
    cuts = found.units.tolist()
    for a, b in pairwise(cuts[:-1]):
        unit = text[a:b]
        fence = unit.lstrip().startswith(("```", "~~~")) and unit.endswith("\n")
        assert not unit[-1].isspace() or unit.endswith("\\ ") or fence


@settings(deadline=None, max_examples=300)
@given(st.text(st.characters(categories=["L", "M", "N", "Zs", "Po"]), max_size=40))
def test_a_mark_stays_with_its_letter(text: str) -> None:
    for cut in segment(text).units[1:-1].tolist():
        assert not (unicodedata.combining(text[cut]) and text[cut - 1].isalpha())


def traces(folder: Path) -> Iterator[str]:
    for file in sorted((folder / "traces").glob("*.json*")):
        content = file.read_text(encoding="utf-8")
        rows = json.loads(content) if file.suffix == ".json" else [json.loads(line) for line in content.splitlines()]
        for row in rows:
            yield from (
                row[field] for field in ("solution", "thinking", "content", "answer", "output") if row.get(field)
            )


@pytest.mark.parametrize(("mode", "every"), [("auto", 6), ("paragraph", 24), ("line", 24), ("sentence", 24)])
def test_real_traces_are_tiled(shared_data: Path, mode: str, every: int) -> None:
    for text in list(traces(shared_data))[::every]:
        if isinstance(text, str):
            check(segment(text, mode))


SIZE = 24_000
LONG = {
    "a word": "a" * SIZE,
    "blanks": " " * SIZE,
    "lines": "\n" * SIZE,
    "digits": "1" * SIZE,
    "thousands": "1" + ",000" * (SIZE // 4),
    "stops": ". " * (SIZE // 2),
    "open braces": "{" * SIZE,
    "nested braces": "{" * (SIZE // 2) + "}" * (SIZE // 2),
    "nested fractions": "$" + "\\frac{" * (SIZE // 14) + "x" + "}{y}" * (SIZE // 14) + "$",
    "nested scripts": "$x" + "^{x" * (SIZE // 6) + "}" * (SIZE // 6) + "$",
    "nested environments": "\\begin{a}" * (SIZE // 18) + "\\end{a}" * (SIZE // 18),
    "open environments": "\\begin{a}" * (SIZE // 9),
    "dollars": "$ " * (SIZE // 2),
    "dollars in text": "$" + "\\text{ $ " * (SIZE // 9),
    "brackets": "\\[" * (SIZE // 2),
    "parentheses": "\\(x" * (SIZE // 3),
    "ticks": "`` ` " * (SIZE // 5),
    "fences": "```x\n" * (SIZE // 5),
    "stars": "**a " * (SIZE // 4),
    "lefts": "\\left(" * (SIZE // 6),
    "marks": "e" + "\u0301" * SIZE,
    "joiners": "\u200d" * SIZE,
    "calculators": "<<1" * (SIZE // 3),
    "links": "http://." * (SIZE // 8),
    "hyphens": "ab-" * (SIZE // 3),
}


@pytest.mark.parametrize("name", LONG)
def test_time_is_in_proportion_to_the_length(name: str) -> None:
    text = LONG[name]
    segment("warm up $x$ `y`")
    assert segment(text, "sentence").units[-1] == len(text)
    short, long = seconds(*(partial(segment, part, "sentence") for part in (text[: SIZE // 8], text)), rounds=2)
    assert long < 8 * 3 * max(short, 0.001)  # 64 times if it were quadratic


def test_a_word_and_blanks_of_a_megabyte_are_one_unit_each() -> None:
    def cut() -> None:
        assert segment("a" * 1_000_000).units.tolist() == [0, 1_000_000]
        assert segment(" " * 1_000_000).units.tolist() == [0, 1_000_000]
        assert segment("x" + " " * 1_000_000 + "y").units.tolist() == [0, 1, 1_000_002]

    assert seconds(cut, rounds=1)[0] < 5
