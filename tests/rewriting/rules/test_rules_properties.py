"""What holds of the rules for any text: they never fail, never leave nothing, and keep within their level."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from timing import seconds

from cotpress.rewriting.checks import CHECKS, Draft
from cotpress.rewriting.levels import LEVELS
from cotpress.rewriting.rules import rewrite_by_rules
from cotpress.rewriting.rules.step_choice import MAX_SUBSET_STEPS
from cotpress.text import segment
from cotpress.types import DOMAINS, Trace

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


def test_lone_backticks_of_two_paragraphs_do_not_become_code() -> None:
    assert rewrite("`\n\n3 Okay, `  He has 12 pens.", "fuse", 1.0).startswith("`\n\n3")


@pytest.mark.parametrize("level", ["preserve", "edit"])
@example(text="=\nOkay,  He has 12 pens.", ratio=0.5)
@given(text=CLAIMING, ratio=RATIOS)
@settings(max_examples=100, deadline=None)
def test_no_budget_makes_a_text_longer(level: str, text: str, ratio: float | None) -> None:
    """Budgets do not nest: of a few steps the choice nearest to the budget is taken, which is no prefix of another."""
    assume("`" not in text)  # one that loses its partner turns code into words, which are more units
    assert len(segment(rewrite(text, level, ratio)).kinds) <= len(segment(text).kinds)


STEPS = [
    "Ann has 12 pens.",
    "So 3 * 4 = 12.",
    "The box is not full.",
    "He gives 5 away, because he likes it.",
    "Wait, no.",
]
STEPS += [
    "Perhaps it is 7.",
    "Is it 7?",
    "No.",
    "We add 12 + 5 = 17.",
    "That leaves 17 pens in the box.",
    "Hmm, let me see.",
]


@given(texts=st.lists(st.sampled_from(STEPS), min_size=1, max_size=40), ratio=st.floats(0.3, 1))
@settings(max_examples=100, deadline=None)
def test_many_steps_meet_their_budget(texts: list[str], ratio: float) -> None:
    steps = [f"{text} It is {number} o'clock." for number, text in enumerate(texts)]
    text = "\n\n".join([*steps, "The answer is 17."])
    share = len(segment(rewrite(text, "preserve", ratio)).kinds) / len(segment(text).kinds)
    assert share <= 1.2 * ratio or len(steps) + 1 <= MAX_SUBSET_STEPS


@given(text=SPOKEN, ratio=RATIOS)
@example(text="Okay, I think ! Okay, ", ratio=None)  # "think!" would end a sentence where "think !" did not
@settings(max_examples=200, deadline=None)
def test_edit_adds_no_steps(text: str, ratio: float | None) -> None:
    assume(text.count("\\begin{align}") == text.count("\\end{align}"))  # half a formula is cut where words are
    one = draft(text, "edit", ratio)
    assert len(one.rewritten.steps) <= len(one.original.steps)


@given(text=st.one_of(UNFENCED, st.text(max_size=120)), ratio=RATIOS)
@settings(max_examples=200, deadline=None)
def test_preserve_only_deletes(text: str, ratio: float | None) -> None:
    one = draft(text, "preserve", ratio)
    assert CHECKS["subsequence"](one) is None


@pytest.mark.parametrize(
    "say",
    [lambda at: f"We get {7 * at} + {11 * at} = {18 * at} and so on. ", lambda at: "Is that right? Yes. "],
    ids=["equations", "questions"],
)
def test_time_is_linear_in_one_long_line(say: Callable[[int], str]) -> None:
    def run(count: int) -> None:
        trace = Trace("1", "What is 3 + 4?", "".join(map(say, range(count))), "7")
        rewrite_by_rules(trace, LEVELS["preserve"], "math", 0.5)

    run(10)
    short, long = seconds(lambda: run(500), lambda: run(4000), rounds=1)
    assert long < 16 * short + 0.1  # eight times the size
