"""What holds of the rules for any text: they never fail, never leave nothing, and keep within their level."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cotpress.checks import CHECKS, Draft
from cotpress.levels import DOMAINS, LEVELS
from cotpress.rules import rewrite_by_rules
from cotpress.segment import segment
from cotpress.types import Trace

# Pieces that traces are made of, with what is hard about them: openers, fillers, wordy forms, formulas open and
# closed, marks of Markdown, other scripts, breaks of every kind.
WORDS = ["Okay,", "So", "Hmm,", "Wait,", "basically", "I think", "of course,", "obviously.", "(really)", "is equal to"]
WORDS += ["in order to", "Therefore,", "which means", "The answer is 12.", "the", "box", "of", "pens", "Let me check."]
FORMULAS = ["3", "12", "2.50", "1,000", "$5", "x", "=", "+", "*", "3 times 4", "48/2=<<48/2=24>>24", "$x+1$", "$$", "½"]
FORMULAS += ["\\(y=3\\)", "\\[z=4\\]", "\\[", "\\]", "\\begin{align}", "\\end{align}", "\\frac{1}{2}", "\\text{just}"]
MARKS = ["{", "}", "`", "**bold**", "**", "-", "1.", "#", ">", "|", "Step 3:", "<think>", "Given:", "Answer:", "—", "…"]
MARKS += [
    "!",
    "?",
    ",",
    ";",
    ":",
    "(",
    ")",
    '"',
    "’",
    "🙂",
    "好的。",
    "每箱有4支笔",
    "Это",
    "так.",
    "ثلاثة",
    "é",
    "²",
    "∑",
]
FENCES = ["```", "```py", "~~~"]
GAPS = [" ", " ", " ", " ", "", "  ", "\n", "\n\n", ". ", ".\n", ".\n\n", "\t", "\r\n", "\u00a0"]


def soup(pieces: list[str]) -> st.SearchStrategy[str]:
    parts = st.tuples(st.sampled_from(pieces), st.sampled_from(GAPS)).map("".join)
    return st.lists(parts, max_size=40).map("".join)


TEXTS = st.one_of(soup(WORDS + FORMULAS + MARKS + FENCES), soup(WORDS + FORMULAS), st.text(max_size=120))
SPOKEN = TEXTS.filter(re.compile(r"\w").search)
# Without stray fences: one within a line opens code once the words before it go, and its words are one unit then.
UNFENCED = soup(WORDS + FORMULAS + MARKS)
# With a claim: of fillers alone, all are kept when nothing else would be left, whatever the budget.
CLAIMING = UNFENCED.map(lambda text: f"{text} He has 12 pens.")
RATIOS = st.one_of(st.none(), st.floats(0, 1))
ANY_LEVEL = pytest.mark.parametrize("level", LEVELS)


def rewrite(text: str, level: str, ratio: float | None = None, domain: str = "math", answer: str = "") -> str:
    return rewrite_by_rules(Trace("1", "", text, answer), LEVELS[level], domain, ratio)


def draft(text: str, level: str, ratio: float | None) -> Draft:
    return Draft(Trace("1", "", text), rewrite(text, level, ratio), LEVELS[level])


@ANY_LEVEL
@given(
    text=TEXTS, question=TEXTS, ratio=RATIOS, domain=st.sampled_from(DOMAINS), answer=st.sampled_from(["", "#### 12"])
)
@settings(max_examples=120, deadline=None)
def test_any_text_gives_the_same_text_and_never_nothing(
    level: str, text: str, question: str, ratio: float | None, domain: str, answer: str
) -> None:
    trace = Trace("1", question, text, answer)
    made = rewrite_by_rules(trace, LEVELS[level], domain, ratio)
    assert made == rewrite_by_rules(trace, LEVELS[level], domain, ratio)
    if re.search(r"\w", text):
        assert re.search(r"\w", made)


@ANY_LEVEL
@example(text="=\nOkay,  He has 12 pens.", ratios=[0.0, 1.0])
@given(text=CLAIMING, ratios=st.lists(st.floats(0, 1), min_size=2, max_size=5))
@settings(max_examples=100, deadline=None)
def test_a_larger_budget_keeps_no_fewer_units(level: str, text: str, ratios: list[float]) -> None:
    made = [rewrite(text, level, ratio) for ratio in sorted(ratios)]
    if level == "edit":  # gives the text back whole where a change has moved the border of a step, at any budget
        made = [one for one in made if one != text.strip()]
    counts = [len(segment(one).kinds) for one in made]
    assert counts == sorted(counts)


@given(text=SPOKEN, ratio=RATIOS)
@settings(max_examples=200, deadline=None)
def test_edit_keeps_the_steps(text: str, ratio: float | None) -> None:
    one = draft(text, "edit", ratio)
    assert len(one.rewritten.steps) == len(one.original.steps)


@given(text=st.one_of(UNFENCED, st.text(max_size=120)), ratio=RATIOS)
@settings(max_examples=200, deadline=None)
def test_preserve_only_deletes(text: str, ratio: float | None) -> None:
    one = draft(text, "preserve", ratio)
    assert CHECKS["subsequence"](one) is None
