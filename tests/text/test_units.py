"""What the units of a text are: golden examples."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest

from cotpress.text import UnitKind, segment


def shown(text: str) -> str:
    """The units, with ¦ between them and ⏎ for a line feed."""
    cuts = segment(text).units.tolist()
    return "¦".join(text[a:b] for a, b in pairwise(cuts)).replace("\n", "⏎")


@pytest.mark.parametrize(
    "units",
    [
        # words
        "It's¦ a¦ well-known¦ e-mail¦,¦ don't¦ panic¦!",
        "don’t¦ stop¦ at¦ café¦ naïve¦.",
        "e.g.¦ the¦ U.S.¦ at¦ 5¦ p.m.¦ today",
        "tile(s)¦ and¦ box(es)",
        "snake_case¦ __init__¦ x_max",
        "write¦ to¦ me@example.org¦ or¦ https://a.b/c?d=e¦.",
        "  two¦  spaces¦\tand¦\ta¦ tab  ",
        # numbers
        "1,000¦ and¦ 1,234,567.89¦ and¦ 3.14¦ and¦ .5¦ and¦ 1e-5",
        "1¦,¦2¦,¦3¦ but¦ 1,000",
        "-5¦ vs¦ a¦-¦5¦ vs¦ 7¦-¦5¦ vs¦ (¦-5¦)¦ vs¦ =¦-5¦ vs¦ x¦ -¦ 5",
        "50%¦ of¦ 18°¦ is¦ 1/2¦ or¦ ½¦ at¦ 10:30¦.",
        "the¦ 2nd¦,¦ the¦ 10th¦,¦ the¦ 1990s¦,¦ a¦ 3-digit¦ 1-cm¦ cube",
        "version¦ 1.2.3¦.¦ Next",
        # money
        "$5¦ and¦ $1,200.50¦ and¦ €3¦ and¦ -$5¦ and¦ 5$¦ and¦ \\$7¦.",
        "12/60¦ =¦ $<<12/60=0.2>>¦0.2¦ per¦ minute",
        "48/2¦ =¦ <<48/2=24>>¦24¦ clips",
        "$5¦-¦$10¦ each",
        # formulas in plain text
        "x²¦ -¦ 4x¦ +¦ y₁¦ ≤¦ 2^10¦ +¦ x^2¦ +¦ x_1",
        "(¦a¦+¦b¦)^2¦ =¦ 2^(n+1)¦ ×¦ f(x)¦ ÷¦ sqrt(2)",
        "x_{76}¦ and¦ x_{n+1}^{2}¦ and¦ √2¦ and¦ f'(x)",
        "a¦ <=¦ b¦ ->¦ c¦ !=¦ d¦ =>¦ e",
        "the¦ answer¦ is¦ \\boxed{841}¦.",
        # formulas in LaTeX
        "\\(¦\\frac{1}{2}¦ +¦ \\sqrt[3]{2}¦ =¦ x_1^{2}¦\\)",
        "$¦\\pi¦ r^2¦ \\cdot¦ h¦$",
        "$¦a^2¦b^2¦ +¦ f'^2¦ =¦ 2x¦$",
        "$n$¦ is¦ the¦ $n$th¦ and¦ on¦ the¦ $x$-axis",
        "\\[⏎\\boxed{18}⏎\\]",
        "$¦40¦ \\text{ people}¦ \\times¦ 7¦$",
        "$¦\\frac12¦ +¦ \\frac 1{26}¦ +¦ \\binom{4}{2}¦$",
        "$¦x ^ 2¦ +¦ y _ {1}¦$",
        "\\begin{align*}¦ a¦ &¦=¦ b¦ \\\\¦ c¦ &¦=¦ d¦ \\end{align*}",
        "$¦\\left(¦a¦ +¦ b¦\\right)^2¦ -¦ 1¦$",
        "$¦\\left( \\frac{x}{y} \\right)^2¦ -¦ 1¦$",
        "$¦\\sum_{i=1}^{n}¦ i¦$",
        "$¦\\unheardof{a}{b}^2¦ +¦ \\overset{?}{=}¦ 1¦$",
        # code
        "call¦ `print(x)`¦ now",
        "```python⏎¦result¦ =¦ {¦'a'¦:¦ 1¦}¦⏎print¦(¦result¦)¦⏎```",
        # markdown
        "###¦ Step¦ 1¦:¦ **Note**¦⏎-¦ **¦one¦ two¦**¦⏎---¦⏎####¦ 72",
        # other scripts
        "我¦有¦3¦个¦苹¦果¦。¦很¦好",
        "カタカナ¦とひらがな¦漢¦字",
        "안녕하세요¦ 세계",
        "السلام¦ عليكم¦ שלום¦ हिन्दी¦ दो",
        "👩‍👩‍👧¦🇫🇷¦🇩🇪¦ 1️⃣¦ 👍🏽",
        "word\u200bword¦ co\u00adop¦ e\u0301te\u0301",
        # unbalanced delimiters are ordinary characters
        "a¦ \\(¦ b",
        "\\[¦ c¦.¦ d",
        "{¦ 1¦ and¦ ``¦ x",
    ],
)
def test_units(units: str) -> None:
    text = units.replace("¦", "").replace("⏎", "\n")
    assert shown(text) == units


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("The sum is 5.", "WORD WORD WORD NUMBER PUNCTUATION"),
        ("x - 5 = a * b", "EXPRESSION OPERATOR NUMBER OPERATOR EXPRESSION OPERATOR EXPRESSION"),
        ("well - no, a dog", "WORD PUNCTUATION WORD PUNCTUATION WORD WORD"),
        ("40 feet / 2 and/or", "NUMBER WORD OPERATOR NUMBER WORD PUNCTUATION WORD"),
        ("- item\n* item", "PUNCTUATION WORD PUNCTUATION WORD"),
        ("5! wow!", "NUMBER OPERATOR WORD PUNCTUATION"),
        ("I am; A = 3", "WORD WORD PUNCTUATION EXPRESSION OPERATOR NUMBER"),
        ("(2)*(3)", "PUNCTUATION NUMBER PUNCTUATION OPERATOR PUNCTUATION NUMBER PUNCTUATION"),
        ("<<1+1=2>>2 P5 2nd", "CALC NUMBER EXPRESSION NUMBER"),
        ("$x$ \\alpha `y`", "LATEX LATEX CODE"),
        ("😀 https://a.b", "OTHER OTHER"),
    ],
)
def test_kinds(text: str, kinds: str) -> None:
    assert " ".join(UnitKind(kind).name for kind in segment(text).kinds) == kinds


@pytest.mark.parametrize(
    ("text", "formal"),
    [
        ("the sum 5 + x is big", "0011100"),
        ("so $a \\text{ or } b$ then", "0111110"),
        ("see **five apples** now", "000000"),
        ("use\n```\nlong code goes here, really, a lot of it\n```\nok", "0" + "1" * 13 + "0"),
        ("a dog, a = 2", "000111"),
    ],
)
def test_formal(text: str, formal: str) -> None:
    assert "".join(str(int(f)) for f in segment(text).formal) == formal


def test_empty_and_blank_texts() -> None:
    empty = segment("")
    assert empty.units.tolist() == empty.steps.tolist() == [0]
    assert len(empty.kinds) == len(empty.formal) == len(empty.groups) == 0
    blank = segment(" \n\n ")
    assert blank.units.tolist() == blank.steps.tolist() == [0, 4]


def test_currency_does_not_open_math() -> None:
    texts = [
        "He earns $12 an hour, so 12/60 = $<<12/60=0.2>>0.2 and $5-$3 = $2.",
        "It costs $20 for the first, and $30 for the second.",
        "cost $2 each, $3 each: 2+3=$5",
        "between $48,000 and $145,000 a year",
        "He sells them for 400*2=$<<400*2=800>>800 and $x",
        "the $2 bill and the $5 bill cost $7 in all",
        "pay $ 5 and then $ 6 more",
        "5$ and 3$ more",
        "so $x+$5 in all",
    ]
    assert [segment(text).groups for text in texts] == [()] * len(texts)


def test_thai_pieces_keep_their_vowels_and_marks() -> None:
    text = "สวัสดีครับ เกี่ยวกับน้ำ"
    cuts = segment(text).units.tolist()
    assert len(cuts) > 10
    leading = "\u0e40\u0e41\u0e42\u0e43\u0e44"
    for cut in cuts[1:-1]:
        assert unicodedata.category(text[cut]) != "Mn"
        assert text[cut] not in "\u0e32\u0e33\u0e30"
        assert text[cut - 1] not in leading
