"""What fuse joins and what it leaves apart: each on the sentences that showed a fault."""

from __future__ import annotations

import re

import pytest

from cotpress.rewriting.levels import LEVELS
from cotpress.rewriting.rules import rewrite_by_rules
from cotpress.types import Trace


def rewrite(text: str, ratio: float | None = None, **rest: str) -> str:
    trace = Trace("1", rest.get("question", ""), text, rest.get("answer", ""))
    return rewrite_by_rules(trace, LEVELS["fuse"], rest.get("domain", "math"), ratio)


def paragraphs(*texts: str) -> str:
    """Texts as paragraphs of a trace that is long enough for its paragraphs to be its steps."""
    return "\n\n".join(
        [*texts, *(f"Then {number} + 1 = {number + 1}." for number in range(70, 80)), "The answer is 80."]
    )


def test_fuse_does_not_close_what_goes_on() -> None:
    steps = ["Since a + b = 81, squaring both sides,", "a^2 = 6561 - 936 = 5625.", "We take the root.", "So a = 75."]
    assert "sides;" not in rewrite("\n\n".join(steps))


@pytest.mark.parametrize(
    ("before", "after", "made"),
    [
        (
            "We divide until 0 is left.",
            "100 divided by 2: 50 remainder 0\n50 divided by 2: 25 remainder 0",
            "100 / 2: 50 remainder 0\n50 / 2: 25 remainder 0",
        ),
        (
            "The mean is given by:\n\\[\n\\mu = \\frac{S}{n}\n\\]",
            "The sum of the elements is \\( n \\mu \\).",
            "\\]\nThe sum of the elements is \\( n \\mu \\).",
        ),
        (
            "5. Eve finished before Dan.\n6. Ana finished before Cara.",
            "There are five positions.",
            "6. Ana finished before Cara.\nThere are five positions.",
        ),
    ],
)
def test_fuse_leaves_lines_displays_and_lists_whole(before: str, after: str, made: str) -> None:
    assert made in rewrite(paragraphs(before, after))


def test_fuse_joins_after_a_title() -> None:
    text = "There are 14+24 = 38 children in Ms. Watson's class.\nThere are 42-38 = 4 others in Ms. Watson's class."
    assert "\n" not in rewrite(text, 0.9)


def test_fuse_joins_after_initials() -> None:
    text = "J. P. Morgan smoked dozens of cigars per day. Smoking tobacco damages the lungs and increases the risk."
    assert "per day; smoking tobacco" in rewrite(text, 0.9, domain="general")


def test_fuse_lets_what_presents_something_begin_a_sentence() -> None:
    text = "Find out what g is by the rules of the list. These are the facts of it. We have g = 4 + 4 = 8."
    assert "; these" not in rewrite(text, 0.9)


def test_fuse_leaves_no_lone_connective() -> None:
    made = rewrite(paragraphs("We have 8 * 5 = 40.", "Then 40 + 3 = 43.", "Therefore,", "43 * 2 = 86."))
    assert not re.search(r"\b[Ss]o;|; so\b", made)


def test_fuse_joins_no_conclusion_to_what_is_not_its_ground() -> None:
    aside = "Another test: the fourth number of the sequence has the binary form of one hundred, as far as I can see."
    text = "\n\n".join(
        (
            "First, 90 + 10 = 100 is the place.",
            "We write 100 in binary, which is 1100100, so 64 + 32 + 4 = 100.",
            "The ones stand for 729, 243 and 9, as the powers of three with the exponents 6, 5 and 2.",
            f"{aside} There is nothing wrong with that.",
            *("Thus 729 + 243 + 9 = 981.", "We take 981 - 900 = 81.", "So 81 / 9 = 9.", "Then 9 + 981 = 990."),
            *("And 990 + 9 = 999.", "The answer is 999."),
        )
    )
    made = rewrite(text, 0.8)
    assert "exponents 6, 5 and 2" in made
    assert "Another test" not in made
    assert "and 2, so 729" not in made


def test_fuse_keeps_paragraphs_whose_steps_are_sentences() -> None:
    clues = "First, the clues:\n\n1. Dan finished before Ben. So Dan is earlier.\n2. Ana finished before Cara."
    order = (
        "So the positions:\n\n1: Ana\n\n2: Dan\n\n3: Cara\n\nNow check all clues. Dan is before Ben, as 2 is before 5."
    )
    talk = " ".join(
        f"If Ana is in position {at}, then Dan is in position {at + 1}, as the clue says." for at in range(9)
    )
    made = rewrite(f"{clues}\n\n{talk}\n\n{order}\n\nAnother clue is met. The answer is Cara.", domain="general")
    assert re.search(r"1: Ana\n+2: Dan\n+3: Cara", made)
    assert "\n2. Ana finished before Cara." in made
    assert "; Another" not in made


def test_a_quotation_ends_its_sentence() -> None:
    text = paragraphs('Words like "halls" and "wisdom" are "journey."', "Need to make sure that there are 11 words.")
    assert '."; ' not in rewrite(text)
