"""Where steps begin: golden examples for each mode."""

from __future__ import annotations

from itertools import pairwise

import pytest

from cotpress.errors import OptionError
from cotpress.text import STEP_MODES, segment


def steps_of(text: str, mode: str) -> list[str]:
    cuts = segment(text, mode).steps.tolist()
    return [text[a:b] for a, b in pairwise(cuts)]


@pytest.mark.parametrize(
    ("mode", "steps"),
    [
        ("paragraph", ["One.\nStill one.", "\n\nTwo.", "\n \t\n\n  Three.\n\n"]),
        ("paragraph", ["One.\r\nStill one.", "\r\n\r\nTwo."]),
        ("line", ["One. Two.", "\nThree.", "\r\nFour.", "\n\n  Five.\n"]),
        ("paragraph", ["So\n\\[\na = b\n\n= c\n\\]\nholds.", "\n\nNext."]),
        ("line", ["We get $$\na\n\nb\n$$ now.", "\nNext."]),
        ("line", ["See", "\n```py\nx = 1\n\ny = 2\n```", "\nDone."]),
        ("line", ["\\begin{cases} 1 \\\\\n2 \\end{cases}", "\nNext."]),
        ("line", ["\\begin{itemize}\n\\item one\n\n\\item two\n\\end{itemize}", "\nNext."]),
        ("auto", ["1: Ana", "\n\n2: Ben", "\n\n3: Eve", "\n\n" + "So " * 90 + "long.", " It" + " is" * 60 + " too."]),
        ("line", ['{\n "a": [1,\n 2]\n}', "\nNext."]),
        ("paragraph", ["\\[ a", "\n\nunclosed", "\n\nstill cut."]),
        ("paragraph", ["```\nunclosed", "\n\nstill cut."]),
        ("paragraph", ["costs $5", "\n\nor $6."]),
        ("sentence", ["It is 3.14 m.", " Then 2.5 kg is left!", " Right?", " Yes."]),
        ("sentence", ["Dr. Smith met Mr. J. K. Jones.", " They left."]),
        ("sentence", ["See Fig. 3 and Eq. (2), i.e. the last one, vs. the first.", " Then stop."]),
        ("sentence", ["It was founded by L. Ron Hubbard.", " Then he left."]),
        ("sentence", ["It is in the U.S. today, at 5 p.m. sharp.", " The end."]),
        ("sentence", ["It lies in the U.S.", " The river too."]),
        ("sentence", ['He asks: "Is it urgent? Give me a number."', " They say no."]),
        ("sentence", ['A 5" pipe.', ' And a 3" one.', " “One. Two.”", " Then “Stop.”"]),
        ("sentence", ["他说:「好。走吧。」", "然后走了。"]),
        ("sentence", ["It moves at 6 (or is it? Hmm, I think so).", " Wait, no."]),
        ("sentence", ["Take point C.", " Then draw line AB."]),
        ("sentence", ["The answer is no.", " The other is no. 5."]),
        ("sentence", ["1. First do this.", "\n2. Then do that.", "\n- and **this**."]),
        ("sentence", ["They are: 1. hot, 2. cold, 3. mild.", " Done."]),
        ("sentence", ['He said "Stop."', " Then (he left.)", " She **stayed.**", " OK."]),
        ("sentence", ["Hmm... maybe so.", " Well...", " So be it."]),
        ("sentence", ["What?!", " No…", " Yes."]),
        ("sentence", ["So $a. B$ and \\(c. D\\) hold.", " Next $x = 5.$", " Then stop."]),
        ("sentence", ["今天很好。", "你呢？", "我也好！"]),
        ("sentence", ["So n! is even.", " And 5! = 120 too."]),
        ("sentence", ["etc. and so on.", " Also etc.", " The end."]),
        ("sentence", ["use `a. B` or `c. D` here.", " Done."]),
        ("sentence", ["No stop at all"]),
        ("sentence", ["Visit https://a.b/C.D now.", " Go."]),
    ],
)
def test_steps(mode: str, steps: list[str]) -> None:
    assert steps_of("".join(steps), mode) == steps


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        (["First we add.", "\n\nThen we\nmultiply.", "\n\nDone."], "three paragraphs"),
        (["2+2=4", "\nSo 4. It is even.", "\n8"], "three lines and no blank line"),
        (["Vegans eat no meat.", " Fish is meat.", " So no."], "one block of prose"),
        (["Short one.", " Short two.", "\n\nLast."], "only two paragraphs"),
    ],
)
def test_auto_follows_the_shape(steps: list[str], why: str) -> None:
    assert steps_of("".join(steps), "auto") == steps, why


def test_auto_cuts_long_paragraphs_into_sentences() -> None:
    sentence = "This goes on and on with many words in it."
    paragraph = " ".join([sentence] * 30)
    text = "\n\n".join([paragraph] * 4)
    assert len(steps_of(text, "auto")) == 120
    assert len(steps_of(text, "paragraph")) == 4


def test_auto_keeps_a_displayed_formula_with_its_introduction() -> None:
    steps = ["First we have:\n\n\\[ a = b \\]", "\n\n\\[ b = c \\]", "\n\nSo:\n\n$$\na = c\n$$", "\n\nDone."]
    assert steps_of("".join(steps), "auto") == steps
    assert len(steps_of("".join(steps), "paragraph")) == 6


def test_units_do_not_depend_on_the_mode() -> None:
    text = "So $x. Y$ is. Next?\nLine two.\n\nPara two `c`."
    units = [segment(text, mode).units.tolist() for mode in STEP_MODES]
    assert all(u == units[0] for u in units)


def test_an_unknown_mode_names_the_known_ones() -> None:
    with pytest.raises(OptionError, match=r"'sentense'.*Did you mean 'sentence'\?.*auto, clause, line, paragraph"):
        segment("x", "sentense")


def test_white_space_at_the_end_begins_no_sentence() -> None:
    assert len(segment("好的。) ", "sentence").steps) == len(segment("好的。)", "sentence").steps) == 2


@pytest.mark.parametrize("mode", ["line", "sentence", "clause", "auto"])
@pytest.mark.parametrize(
    "steps",
    [
        ["<step>\nTwo and three.\n</step>", "\n<step>\nThat is 5.\n</step>"],
        ["<steps>", "\n<step>\nTwo.\n</step>", '\n<step n="2">\nThree.\n</step>', "\n</steps>", "\nSo 5."],
        ["<plan>", "\nFirst we add.", "\nThen we stop.", "\n</plan>", "\nDone."],
        ["<plan>\n<step>\nFirst we add.\n</step>\n</plan>", "\nDone."],
        ["Before.", "\n<note>\n</note>\nAfter it."],
        ["Is a < b?", "\nThen <b>yes</b>.", "\n<br/>", "\nEnd."],
    ],
)
def test_a_tag_on_a_line_of_its_own_is_no_step(steps: list[str], mode: str) -> None:
    assert steps_of("".join(steps), mode) == steps


def test_tags_between_paragraphs_are_no_steps() -> None:
    steps = ["<step>\n\nTwo and three.\n\n</step>", "\n\n<step>\n\nThat is 5.\n\n</step>", "\n\nYes."]
    assert steps_of("".join(steps), "paragraph") == steps


def test_code_keeps_its_tags() -> None:
    text = "See:\n```html\n<ul>\n<li>\n</li>\n</ul>\n```\nDone."
    assert steps_of(text, "line") == ["See:", "\n```html\n<ul>\n<li>\n</li>\n</ul>\n```", "\nDone."]


def test_tags_alone_are_one_step() -> None:
    assert len(steps_of("<a>\n<b>\n</b>\n</a>", "line")) == 1
    assert steps_of("</a>\nText.\n<a>", "line") == ["</a>\nText.", "\n<a>"]
