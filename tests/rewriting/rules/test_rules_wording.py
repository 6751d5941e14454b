"""What sentences lost or how they were joined, where that was wrong: each on the sentence that showed it."""

from __future__ import annotations

import re

import pytest

from cotpress import Compressed
from cotpress import rewrite as rewrite_traces
from cotpress.rewriting.levels import LEVELS
from cotpress.rewriting.rules import rewrite_by_rules
from cotpress.text import segment
from cotpress.types import Trace

ANY_LEVEL = pytest.mark.parametrize("level", LEVELS)
RATIOS = pytest.mark.parametrize("ratio", [0.7, 0.5, 0.3])

# a sentence, and what it may not lose
KEPT = [
    ("Since the ellipse is tangent to the axis, the distance from its center is the semi-minor axis b.", "tangent"),
    ("3D printers come with limitations in terms of precision.", "in terms of precision"),
    ("Cauliflower grows best in cool temperatures with lots of sun.", "in cool temperatures"),
    ("Together, they have Ellie's 8 + Riley's 5 = <<8+5=13>>13 pairs of shoes.", "8 + Riley"),
    ("It will be the 1994/2 = 997th such term, so n is 4.", "It will be the"),
    ("Denote $3^x = a$ and $3^y = r$.", "Denote"),
    ("If we add up these digits, we get $45$, for a final answer of $45+48=93$.", "we get"),
    ("The distance from any point to any plane $Ax+By=0$ is less than 5.", "The distance"),
    ("There's the vastness, the waves, the color, maybe the sounds.", "the waves"),
]


@pytest.mark.parametrize(("sentence", "part"), KEPT)
@RATIOS
@ANY_LEVEL
def test_a_sentence_keeps_what_it_is_about(level: str, ratio: float, sentence: str, part: str) -> None:
    trace = Trace("1", "", f"{sentence} There are 2 * 3 = 6 of them. So 6 + 4 = 10 are left.", "10")
    made = rewrite_by_rules(trace, LEVELS[level], "math", ratio)
    assert part in made or sentence.split()[-1] not in made


def test_what_a_later_sentence_speaks_of_is_no_aside() -> None:
    text = (
        "Vlad III was born in Sighisoara, Romania, which is located in the historic region of Transylvania. "
        "Bucharest is located 276 km away from Transylvania."
    )
    made = rewrite_by_rules(Trace("1", "Was Dracula from a town in Bucharest?", text), LEVELS["edit"], "general", 0.7)
    assert "region of Transylvania" in made


def test_a_result_loses_no_words_that_govern_what_follows_it() -> None:
    text = "He sells 20 + 40 = <<20+40=60>>60 yards.\nTherefore, Daniel earns $2 x 60 = $<<2*60=120>>120 from it."
    made = rewrite_by_rules(Trace("1", "", text, "120"), LEVELS["edit"], "math", 0.5)
    assert "from it" not in made or "earns" in made


@pytest.mark.parametrize("ratio", [None, 0.7])
def test_a_word_with_a_capital_is_no_second_half_of_a_sentence(ratio: float | None) -> None:
    text = (
        "Пошаговое решение: прошло 4 дня. Каждый день добавляли по 5 компьютеров. То есть добавили 4 * 5 = 20. "
        "Вначале было 9 компьютеров. Ответ — 29."
    )
    made = rewrite_by_rules(Trace("1", "", text, "29"), LEVELS["fuse"], "math", ratio)
    assert not re.search(r"; [А-Я]", made)


def test_a_label_is_not_joined_to_what_stands_before_it() -> None:
    text = "\n\n".join(
        ["So N = 6 cannot be written so.", "N = 8:", "Its factors are 2 and 4.", "So 9 - 1 = 8.", "Solution 2", "Done."]
    )
    made = rewrite_by_rules(Trace("1", "", text), LEVELS["fuse"], "math", None)
    assert "; N = 8:" not in made
    assert "; solution 2" not in made.casefold()


def test_a_formula_that_ends_in_a_full_stop_ends_the_sentence() -> None:
    text = "Assume that $a \\leq b \\leq c.$\nAt any moment the sum is $a + b + c = 12.$\nSo $c = 12 - a - b.$"
    for level in ("fuse", "replace"):
        assert ".$;" not in rewrite_by_rules(Trace("1", "", text, "12"), LEVELS[level], "math", None)


def test_the_template_has_no_lead_to_an_answer_that_stands_below() -> None:
    text = "We add 2 + 3 = 5.\n\nThen 5 * 4 = 20, and 20 * 2 = 40.\n\nTherefore, m + n is:\n\\[ \\boxed{40} \\]"
    made = rewrite_by_rules(Trace("1", "Find m + n.", text), LEVELS["replace"], "math", None)
    assert "is:\n\nAnswer" not in made
    assert made.endswith("Answer: 40")


def test_the_template_asks_no_question_that_breaks_off() -> None:
    trace = Trace("1", "Find $x^2$ if $x$ is an integer such that\n$$x + 1 = 3.$$", "So x = 2.\n\nSo x * x = 4.", "4")
    assert "such that\n" not in rewrite_by_rules(trace, LEVELS["replace"], "math", None)


def test_the_template_is_no_chain_of_semicolons() -> None:
    text = " ".join(f"There are {number} pens in box {number} of the row." for number in range(2, 12))
    made = rewrite_by_rules(Trace("1", "", text, "65"), LEVELS["replace"], "math", None)
    assert max(sentence.count(";") for sentence in made.split(". ")) <= 2


def test_a_remark_is_no_answer() -> None:
    text = (
        "The user wants a rating of the urgency. It is a week of headache, which gets worse. "
        "So a rating of maybe 5 or 6 is right. We must be careful with it. Now, drafting. Will comply."
    )
    made = rewrite_by_rules(Trace("1", "How urgent is it?", text), LEVELS["replace"], "general", None)
    assert "Answer: Will comply" not in made


def test_a_list_within_a_sentence_is_not_cut() -> None:
    text = "I write the word. Let me count: 1. signal 2. signal 3. signal 4. signal. That's four of them. Good."
    for level in ("fuse", "replace"):
        made = rewrite_by_rules(Trace("1", "", text, "signal"), LEVELS[level], "general", None)
        assert "2;" not in made
        assert "3;" not in made


def test_a_trace_whose_derivation_is_longer_than_the_budget_says_so() -> None:
    text = "He has 2 * 3 = 6 pens.\nShe has 6 * 4 = 24 pens.\nSo they have 24 + 6 = 30 pens."
    [made] = rewrite_traces([Trace("1", "", text, "30")], "edit", keep=0.2)
    assert isinstance(made, Compressed)
    assert set(made.flags) == {"off-budget", "needed-longer"}
    assert "2 * 3 = 6" in made.text


ODD = {
    "empty steps": "\n\n \n\nA.\n\n \n\nB = 2.\n\n",
    "marks": "... --- ... !!! ??? :: ;;",
    "one giant line": " ".join(f"Then x{at} = {at} + {at + 1} = {2 * at + 1}." for at in range(60)),
    "code alone": "```py\nfor i in range(3):\n    x = i + 1\n```\n\n```py\ny = x * 2\n```",
    "tables": "| a | b |\n|---|---|\n| 1 | 2 |\n\nSo it is 3.\n\n| c | d |\n|--|--|\n| 5 | 6 |",
    "open LaTeX": r"Let \( u = x^2. Then \[ u + 1 = 3 so $x = 2 and \begin{align} a &= b \\ c &= d",
    "XML": '<think><step n="1">Let x = 2.</step>\n<step n="2">So x + 1 = 3.</step>\n<answer>3</answer></think>',
    "Chinese": "首先，我们设x为苹果的数量。根据题意，x+3=8。所以x=5。等等，让我再检查一下。5+3=8。答案是5。",
    "Japanese": "まず、りんごの数をxとします。x+3=8です。したがって、x=5です。確認します。答えは5です。",
    "German": "Also gut, sei x die Zahl. Dann ist x + 3 = 8. Daher ist x = 5. Moment, ich prüfe es. Die Antwort: 5.",
    "French": "D'abord, soit x le nombre. Alors x + 3 = 8. Donc x = 5. Attends, vérifions. La réponse est 5.",
    "quotations": 'He said "one. two. three. " and "four. So "five. six" is 7. The "answer is 7.',
    "labels": "\n\n".join(f"For m = {at}:\n\nLower: {at}\n\nUpper: {at + 1}" for at in range(1, 15)),
}
_WORD = re.compile(r"[^\W\d_]+|\d+")


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("ratio", [None, 0.7, 0.3, 0.05])
@pytest.mark.parametrize("level", ["preserve", "edit", "fuse"])
def test_odd_texts_get_no_longer_and_no_new_words_or_numbers(level: str, ratio: float | None, name: str) -> None:
    text = ODD[name]
    made = rewrite_by_rules(Trace("1", "", text), LEVELS[level], "math", ratio)
    assert len(segment(made).kinds) <= len(segment(text).kinds)
    new = {word.lower() for word in _WORD.findall(made)} - {word.lower() for word in _WORD.findall(text)}
    assert new <= {"so"}
