"""Decimal commas are read where the language has them, and never taken for thousands."""

from __future__ import annotations

import pytest

from cotpress.answers import AnswerVerdict, judge_answer
from cotpress.types import Trace

RIGHT = [
    ("Die Antwort ist 3,5.", "3.5"), ("La réponse est 3,5.", "3.5"), ("Die Antwort lautet: -2,5.", "-5/2"),
    ("La respuesta es 12,25 y no más.", "12.25"), ("Die Lösung ist also \\boxed{3,5}.", "3.5"),
    ("Das ist also $\\boxed{3{,}5}$ und die Antwort.", "7/2"), ("Die Antwort ist 0,75 €.", "0.75"),
    ("Das macht also 1.234,50 €, und das ist die Summe.", "1234.5"), ("Die Antwort ist 1.234,50 €.", "1234.5"),
    ("La risposta è 0,125 e non di più.", "1/8"), ("La respuesta es 3,14159.", "3.14159"),
    ("Il reste donc 4,5 litres dans la cuve et c'est tout.", '4.5'), ("A resposta é 2,75 e não mais.", "11/4"),
    ("Ответ: 3,5 и это всё.", "3.5"), ("Die Antwort ist 99,9 %.", "99.9"), ("Die Antwort ist 2,5 km.", "2.5"),
    ("Die Antwort ist 3,5 und nicht 4.", "3.5"), ("La réponse est 1 234,5.", "1234.5"),
    ("Die Antwort ist 0,500.", "0.5"), ("Die Antwort ist 3.5.", "3,5"), ("Die Antwort ist 12.345,6.", "12345.6"),
    ("Die Antwort ist 7.", "7"), ("Die Antwort ist 3,0.", "3"), ("The answer is 3,500.", "3500"),
    ("The answer is 1,234,567.", "1234567"), ("Die Antwort ist 3,500.", "3500"),
    ("Die Antwort ist 1.234.567.", "1234567"), ("The answer is 3,5.", "3,5"), ("The answer is 1,2,3.", "1,2,3"),
    ("The answer is 1,2,3.", "3,2,1"),
]  # fmt: skip
WRONG = [
    ("The answer is 3,500.", "3.5"), ("The answer is 3,500.", "3501"), ("Die Antwort ist 3,500.", "4"),
    ("So the answer is 3,500, and that is it.", "3.5"), ("So the answer is 12,000.", "12"),
]  # fmt: skip
UNRECOGNISED = [
    ("Het antwoord is dus 3,5 en niet 4.", "3.5"), ("Die Antwort ist 3,500.", "3.5"),
    ("Die Antwort ist 3.500.", "3500"), ("Die Antwort ist 3.500 km.", "3500"),
    ("So the answer is 12,000 of them.", "12"), ("Die Antwort ist 12.000.", "12000"), ("The answer is 3,5.", "3.5"),
    ("The answer is 3,5.", "3"), ("The answer is 1,2,3.", "1"), ("\\boxed{1,2}", "1.2"),
    ("So \\boxed{1,2} is the set of it.", "1.2"), ("The answer is (3,5).", "3.5"),
    ("Die Punkte sind (3,5) und das ist die Antwort.", "3.5"), ("答案是3,5。", "3.5"),
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
