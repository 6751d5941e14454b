"""A small number in words is that number; what is more than the word is not."""

from __future__ import annotations

import pytest

from cotpress.answers import AnswerVerdict, judge_answer
from cotpress.types import Trace

RIGHT = [
    ("The answer is twelve.", "12"), ("Die Antwort ist zwölf.", "12"), ("La respuesta es doce.", "12"),
    ("La réponse est douze.", "12"), ("There are twelve apples.", "12"), ("twelve", "12"), ("Twelve.", "12"),
    ("So she has twelve apples left.", "12"), ("The answer is one.", "1"), ("The answer is forty-two.", "42"),
    ("The answer is forty two.", "42"), ("Answer: Twelve", "12"), ("**Answer: twelve**", "12"),
    ("Answer: twelve apples", "12"), ("Antwort: zwölf Äpfel", "12"), ("Die Antwort ist einundzwanzig.", "21"),
    ("La réponse est quatre-vingt-douze.", "92"), ("La respuesta es veintidós.", "22"),
    ("La respuesta es treinta y dos.", "32"), ("\\boxed{\\text{twelve}}", "12"), ("\\boxed{twelve}", "12"),
    ("Zwölf", "12"), ("Douze.", "12"), ("doce", "12"), ("The final answer is: seven", "7"), ("答案是十二。", "12"),
    ("答案：五", "5"), ("答えは三です", "3"), ("A resposta é doze.", "12"), ("La risposta è dodici.", "12"),
    ("Het zijn er twaalf.", "12"), ("Ответ: двенадцать", "12"), ("#### twelve", "12"),
    ("The answer is ninety-nine.", "99"), ("The answer is 12.", "twelve"), ("12", "twelve"),
    ("Answer: a dozen", "12"), ("The answer is one hundred.", "100"),
    ("So there are three red ones and, in all, eight marbles.", "8"), ("La respuesta es once.", "11"),
    ("Die Antwort ist elf.", "11"), ("La réponse est soixante et onze.", "71"), ("Il y a donc douze pommes.", "12"),
    ("Es sind also zwölf Äpfel.", "12"), ("The answer is twenty-five.", "25"),
    ("The answer is a dozen eggs.", "12"), ("The answer is Elf.", "Elf"),
]  # fmt: skip
WRONG = [
    ("The answer is twelve.", "13"), ("The answer is twelve.", "2"), ("Die Antwort ist zwölf.", "2"),
    ("Die Antwort ist zwölf.", "10"), ("twelve", "20"), ("The answer is twenty-five.", "20"),
    ("The answer is twenty-five.", "5"), ("The answer is sixteen.", "6"),
]  # fmt: skip
UNRECOGNISED = [
    ("The answer is five million.", "5"), ("The answer is five million.", "5000000"),
    ("The answer is two thirds.", "2"), ("The answer is two thirds.", "2/3"), ("The answer is two-thirds.", "2"),
    ("The answer is five and a half.", "5"), ("The answer is five and a half.", "5.5"),
    ("The answer is three or four.", "3"), ("The answer is three or four.", "4"),
    ("The answer is one of these.", "1"), ("The answer is one more than six.", "1"),
    ("The answer is seven over two.", "7"), ("The answer is ten squared.", "10"), ("No one is left.", "1"),
    ("Each one gets some.", "1"), ("It is not twelve.", "12"), ("The answer is not twelve.", "12"),
    ("The answer is six percent.", "6"), ("The answer is two dozen.", "2"), ("The answer is two dozen.", "24"),
    ("The twelfth one.", "12"), ("Two of three are left.", "2"), ("The answer is twenty-fifth.", "20"),
    ("The answer is one hundred and five.", "100"), ("The answer is one hundred and five.", "105"),
    ("The answer is one hundred five.", "100"), ("zwölftausend", "12"), ("Die Antwort ist zwölfhundert.", "12"),
    ("The answer is seven point five.", "7"), ("The answer is Seven.", "Se7en"),
    ("The answer is twelve hundred.", "12"), ("La réponse est cent douze.", "12"),
    ("La respuesta es doscientos doce.", "12"), ("Die Antwort ist hundertzwölf.", "12"), ("ten to one", "10"),
    ("One direction", "1"), ("She said twelve, then 13.", "12"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("reply", "gold", "verdict"),
    [
        *((*pair, AnswerVerdict.RIGHT) for pair in RIGHT),
        *((*pair, AnswerVerdict.WRONG) for pair in WRONG),
        *((*pair, AnswerVerdict.UNRECOGNISED) for pair in UNRECOGNISED),
    ],
)
def test_verdict(reply: str, gold: str, verdict: AnswerVerdict) -> None:
    assert judge_answer(Trace("1", "Why?", "Hmm.", reply, gold=gold)) is verdict
