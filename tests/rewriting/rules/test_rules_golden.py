"""What the rules make of small texts, by level: before and after."""

from __future__ import annotations

import dataclasses
import re

import pytest

from cotpress.errors import OptionError
from cotpress.rewriting.levels import LEVELS
from cotpress.rewriting.rules import RULES, rewrite_by_rules
from cotpress.types import Trace

CALC = "Natalia basically sold 48/2 = <<48/2=24>>24 clips.\nSo she really sold 48+24 = <<48+24=72>>72 clips."
CODE = "The loop is basically this one:\n\n```py\nx = just(1)  # basically\n```\n\nSo it actually ends with 1 here."
GERMAN = "Also gut, das ist so. Caesar hatte drei Kinder, und Khan hatte sechzehn. Viele haben seine Gene."
CHINESE = "好的，我们先看一下。每箱有4支笔，一共有3箱。所以3*4=12。答案是12。"
PENS = (
    "There are 3 boxes of 4 pens.\n\nSo there are 3 * 4 = 12 pens.\n\n"
    "He gives 2 away.\n\nTherefore 12 - 2 = 10 are left."
)
CHECKED = (
    "The pens are 3 * 4 = 12.\n\nHe gives 2 away.\n\nWait, let me double-check: 4 + 4 + 4 = 12.\n\nThe answer is 12."
)

PRESERVE = [
    ("filler", "The train basically needs 2 hours.", "The train needs 2 hours."),
    ("capital after an opener", "Okay, so the box holds 4 pens.", "The box holds 4 pens."),
    ("a hedge stays", "I think that the train needs 2 hours.", "I think that the train needs 2 hours."),
    ("capital after a phrase", "Note that the train needs 2 hours.", "The train needs 2 hours."),
    (
        "openers of several sentences",
        "Well, there are 3 of them. Now, they cost 4.",
        "There are 3 of them. They cost 4.",
    ),
    ("talk", "Okay, let me see. The box has 4 pens. Hmm, so far so good.", "The box has 4 pens."),
    ("a question with its answer", "Is the box full? No. It has 4 pens.", "Is the box full? No. It has 4 pens."),
    ("filler between commas", "The box, of course, holds 4 pens.", "The box holds 4 pens."),
    ("fillers between commas", "The box, of course, really, holds 4 pens.", "The box holds 4 pens."),
    ("filler before the full stop", "The box holds 4 pens, obviously.", "The box holds 4 pens."),
    ("filler before another mark", "Is it the box, really? It is the box!", "Is it the box? It is the box!"),
    ("filler in brackets", "The box holds 3 (basically) of the 4 pens.", "The box holds 3 of the 4 pens."),
    ("comma that parts numbers", "For x = 2, basically, 3 is the sum.", "For x = 2, basically, 3 is the sum."),
    ("no filler", "So many men are just as tall as he is.", "So many men are just as tall as he is."),
    ("LaTeX", "We basically have \\(y = \\text{just 3}\\) here.", "We have \\(y = \\text{just 3}\\) here."),
    ("dollars", "It actually costs $5, and so $x = 2$ really holds.", "It costs $5, and so $x = 2$ holds."),
    ("calculator marks", CALC, CALC.replace("basically ", "").replace("So she really", "She")),
    ("code", CODE, CODE.replace("is basically", "is").replace("So it actually", "It")),
    ("code in a line", "We basically call `actually(x)` once.", "We call `actually(x)` once."),
    ("the only word stays", "Okay,\n{", "Okay,\n{"),
    ("no surface words", PENS[:28], PENS[:28]),
    ("wordy", "In order to get it we add. The sum is equal to 5.", "In order to get it we add. The sum is equal to 5."),
    ("German", GERMAN, GERMAN),
    ("Chinese", CHINESE, CHINESE.removeprefix("好的，")),
]
EDIT = [
    ("equals", "The total is equal to 12.", "The total = 12."),
    ("in order to", "In order to get it we multiply 3 by 4.", "To get it we multiply 3 by 4."),
    ("therefore", "Therefore the answer is 12.", "So the answer is 12."),
    ("times between numbers", "It is 3 times 4, as he came 3 times.", "It is 3 × 4, as he came 3 times."),
    ("LaTeX", "We basically see $x \\text{ equals } 2$ here.", "We see $x \\text{ equals } 2$ here."),
    ("code in a line", "In order to end it we call `in order to`.", "To end it we call `in order to`."),
    ("a step of talk goes", "Hmm.\n\nThe total is equal to 12 pens.", "The total = 12 pens."),
    ("calculator marks", CALC, CALC.replace("basically ", "").replace("So she really", "She")),
    ("German", GERMAN, GERMAN),
    ("Chinese", CHINESE, CHINESE.removeprefix("好的，")),
    (
        "Spanish phrases",
        "Vale, veamos. Entonces, es obvio que 12 es igual a 3 por 4. Por lo tanto, cada uno, por supuesto, recibe 4.",
        "12 = 3 por 4. Luego cada uno recibe 4.",
    ),
    (
        "German phrases",
        "Okay, mal sehen. Gut, die 12 Stifte sind natürlich für 3 Kinder, und 12 ist gleich 3 mal 4.",
        "Die 12 Stifte sind für 3 Kinder, und 12 = 3 × 4.",
    ),
    (
        "French phrases",
        "Bon, voyons. Alors, on voit que 12 est égal à 3 fois 4. Afin de les partager, on divise par 3.",
        "12 = 3 × 4. Pour les partager, on divise par 3.",
    ),
    (
        "Chinese phrases",
        "好的，让我想想。那么，盒子里有12支笔，12等于3乘以4。我们可以看到，每人分到4支。显然，答案是4。",
        "盒子里有12支笔，12=3×4。每人分到4支。答案是4。",
    ),
    (
        "Japanese phrases",
        "さて、考えてみましょう。では、箱には12本のペンがあります。もちろん、一人4本です。",
        "箱には12本のペンがあります。一人4本です。",
    ),
    ("a language without phrases", "Итак, это 3 плюс 4. Очевидно, ответ 7.", "Итак, это 3 плюс 4. Очевидно, ответ 7."),
]
FUSE = [
    (
        "a conclusion joins its ground",
        PENS.split("\n\n", 2)[2],
        "He gives 2 away, so 12 - 2 = 10 are left.",
    ),
    (
        "talk goes",
        "Okay, let me see.\n\nHe has 2 pens.\n\nThus 2 - 1 = 1 is left.",
        "He has 2 pens, so 2 - 1 = 1 is left.",
    ),
    ("steps that are lines", CALC, "Natalia sold 48/2 = <<48/2=24>>24 clips; she sold 48+24 = <<48+24=72>>72 clips."),
    ("a second check goes", CHECKED, "The pens are 3 * 4 = 12; he gives 2 away.\n\nThe answer is 12."),
    ("a single step", "The train basically needs 2 hours.", "The train needs 2 hours."),
    ("Chinese", CHINESE, "我们先看一下；每箱有4支笔，一共有3箱。 所以3*4=12；答案是12。"),
]


def rewrite(text: str, level: str, **rest: str) -> str:
    trace = Trace("1", rest.get("question", ""), text, rest.get("answer", ""))
    return rewrite_by_rules(trace, LEVELS[level], rest.get("domain", "math"))


def cases(table: list[tuple[str, str, str]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("before", "after"), [row[1:] for row in table], ids=[row[0] for row in table])


@cases(PRESERVE)
def test_preserve(before: str, after: str) -> None:
    assert rewrite(before, "preserve") == after


@cases(EDIT)
def test_edit(before: str, after: str) -> None:
    assert rewrite(before, "edit") == after


@cases(FUSE)
def test_fuse(before: str, after: str) -> None:
    assert rewrite(before, "fuse") == after


def test_replace_fills_the_template_of_mathematics() -> None:
    question = "Tom has 3 boxes of 4 pens. He gives 2 pens away. How many pens are left?"
    made = _sections(rewrite(PENS, "replace", question=question, answer="#### 10"), "math")
    assert list(made) == ["Given", "Work", "Answer"], "the trace has no plan, and the question is too long"
    assert made["Given"] == "There are 3 boxes of 4 pens."
    assert "3 * 4 = 12" in made["Work"]
    assert made["Answer"] == "10"


def test_replace_fills_the_template_of_the_rest() -> None:
    text = (
        "Okay, let me see. Well, let me think. Caesar had three children, as is known. "
        "Khan had sixteen children, as is known. So sixteen is more than three."
    )
    asked = "Did Khan have more children than Caesar?"
    whole = rewrite(text, "replace", question=asked, answer="The answer is True", domain="general")
    made = _sections(whole, "general")
    assert list(made) == ["Evidence", "Inference", "Answer"], "the question would take too much of so short a text"
    assert "Caesar had three children" in made["Evidence"]
    assert "sixteen is more than three." in made["Inference"].casefold()
    assert made["Answer"] == "True"


def test_replace_of_a_reasoning_without_a_question_gives_nothing() -> None:
    made = _sections(rewrite(f"{PENS}\n\nThe answer is 10.", "replace"), "math")
    assert list(made) == ["Work", "Answer"]
    assert made["Answer"] == "10"


def _sections(text: str, domain: str) -> dict[str, str]:
    """The content of each section, by its heading."""
    names = "|".join(LEVELS["replace"].headings(domain))
    parts = re.split(rf"^({names}):", text, flags=re.MULTILINE)
    assert parts[0] == "", "nothing stands before the first heading"
    return dict(zip(parts[1::2], map(str.strip, parts[2::2]), strict=True))


def test_every_packaged_level_has_rules() -> None:
    assert set(RULES) == set(LEVELS)


def test_a_level_without_rules_says_who_has_them() -> None:
    other = dataclasses.replace(LEVELS["edit"], name="haiku")
    with pytest.raises(OptionError, match=r"haiku.*") as caught:
        rewrite_by_rules(Trace("1", "", PENS), other, "math")
    assert "preserve, edit, fuse, replace" in str(caught.value)
