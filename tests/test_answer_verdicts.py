"""The answer of a whole trace: found where a reply is nothing else, and never called wrong for want of finding."""

from __future__ import annotations

import pytest

from cotpress.answers import (
    AnswerVerdict,
    extract_answer,
    extract_reply_answer,
    find_gold_span,
    judge_answer,
    matches_gold,
)
from cotpress.pruning.protection import answer as protect_answer
from cotpress.text import segment
from cotpress.types import Trace

RIGHT = [
    ("D", "D"), ("(D)", "D"), ("**D**", "D"), ("D. Mitochondria", "D"), ("B\n\nExplanation: it fits.", "B"),
    ("Option B", "B"), ("I choose option C because it fits.", "C"), ("Hence, D.", "D"), ("<answer>B</answer>", "B"),
    ("The correct answer is B) 42", "B"), ("Answer: (C) foo bar", "C"), ("故选 D", "D"), ("应选D。", "D"),
    ("720", "720"), ("$42", "42"), ("42 km", "42"),
    ("1,234", "1234"), ("1234.0", "1234"), ("x = 5", "5"),
    ("3/4", "0.75"), ("The probability is 0.75.", "3/4"), ("#### 72", "72"),
    ("Therefore the total is 42 apples.", "42"),
    ("So \\boxed{3}, and then \\boxed{4}.", "4"), ("Answer: 5\n\nAnswer: 5", "5"),
    ("17 + 25 = 42. I hope it helps!", "42"),
    ("Yes", "yes"), ("[Yes]", "Yes"), ("No, it is not.", "no"), ("True.", "True"), ("Yes, because it can.", "true"),
    ("答えは8です", "8"), ("答案：北京", "北京"), ("所以答案为 12。", "12"), ("정답은 3입니다.", "3"),
    ("Ответ — 11.", "11"),
    ("La réponse est 11.", "11"), ("Die Antwort lautet 29.", "29"), ("উত্তর হল 8।", "8"), ("คำตอบคือ 11", "11"),
    ("\\boxed{B. 12}", "B"), ("The answer is 1 234.", "1234"), ("The answer is 1\u202f234.", "1234"),
    ("答案：34元", "34"), ("答：共有34个。", "34"), ("正解は（イ）です。", "イ"), ("答えは、34個です。", "34"),
    ("الإجابة الصحيحة هي ب", "ب"), ("الإجابة النهائية: 34", "34"), ("La respuesta correcta es la opción B.", "B"),
    ("```json\n{\"answer\": \"B\"}\n```", "B"), ('{"answer": 34}', "34"), ("The statement is false.", "False"),
    ("\\boxed{\\{1,2\\}}", "{1,2}"),
    ("The final answer is: $\\boxed{42}$. I hope it is correct.", "42"), ("\\boxed{\\boxed{7}}", "7"),
    ("\\boxed{\\begin{bmatrix}1&2\\\\3&4\\end{bmatrix}}", "\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}"),
    ("Thus \\boxed{[0, 1) \\cup (2, \\infty)}", "[0,1)\\cup(2,\\infty)"), ("\\boxed{12\\text{ cm}^2}", "12"),
    ("\\boxed{5, -3}", "-3, 5"), ("\\boxed{3 \\text{ and } 4}", "3,4"), ("\\boxed{n(n+1)/2}", "\\frac{n(n+1)}{2}"),
    ("Hence the probability is \\(\\frac{3}{8}\\).", "\\frac38"), ("\\boxed{6.02 \\times 10^{23}}", "6.02e23"),
    ("So the final result is **-3/4**.", "-0.75"), ("The answer is (d).", "D"), ("d) All of the above", "D"),
    ("Thus A is correct, while B is not.", "A"), ("The solution set is $\\{-2, 2\\}$.", "\\{2,-2\\}"),
    ("\\boxed{100\\,\\text{m/s}}", "100"), ("\\boxed{17\\%}", "0.17"),
    ("Réponse : 1 250", "1250"), ("因此本题选B。", "B"),
    ("Sí.", "yes"), ("是的。", "yes"), ("はい", "Yes"), ("Oui, c'est exact.", "yes"), ("Nein.", "no"),
    ("아니요.", "no"),
    ("نعم", "yes"), ("不是。", "no"), ("नहीं।", "false"), ("Нет, это не так.", "no"),
    ("所以选择 C 选项。", "C"), ("选项B正确。", "B"), ("सही उत्तर B है।", "B"), ("अतः सही विकल्प (C) है।", "C"),
    ("La réponse est donc 42.", "42"), ("A resposta correta é a alternativa C.", "C"),
    ("La risposta corretta è la B.", "B"),
    ("### Answer\n$$x = \\frac{3}{4}$$", "3/4"), ("**正解：C**", "C"), ("选C", "C"), ("选项为C", "C"),
    ("答案应为C", "C"), ("所以应选择D。", "D"), ("本题正确选项为 A", "A"), ("The answer is –5.", "-5"),
    ("The answer is 1.234.567.", "1234567"),
    ("Answer: A and C", "A, C"), ("Answers: A, C, D", "ACD"), ("\\boxed{AC}", "A, C"),
    ("The point is (3, 4).", "(3,4)"),
    ("\\boxed{x=2,\\ x=3}", "2,3"), ("So it holds on [2, 5).", "[2,5)"),
    ("Paris", "Paris"), ("The capital of France is Paris.", "Paris"), ("Answer: Japanese yen", "Yen"),
]  # fmt: skip
WRONG = [
    ("C", "D"),
    ('{"answer": "C"}', "B"),
    ("41", "42"),
    ("False", "True"),
    ("The answer is 6.", "5"),
    ("答えは9です", "8"),
    ("Answer: Cara", "Eve"),
    ("Nein.", "yes"),
    ("不是。", "yes"),
    ("Oui.", "no"),
    ("所以选择 D 选项。", "C"),
]
UNRECOGNISED = [
    ("It is not Paris.", "Paris"), ("答案：3万", "3"), ("答案：35元", "34"),
    ("We ask whether the statement is true.", "False"),
    ("She has 4 apples and 9 pears.", "4"), ("[A, C]", "A"),
    ("That is hard to say.", "5"),
    ("Light is scattered.", "Rayleigh scattering"), ("A. First, we add.", "B"), ("\\boxed{\\sqrt{8}}", "2\\sqrt{2}"),
    ("It is 3/4 of it.", "4"), ("\\boxed{(1,2)}", "(2,1)"), ("A, B", "A"), ("Yes and no.", "yes"),
    ("Not true.", "true"),
    ("The answer is not 42.", "42"), ("It isn't 42; it is 41.", "42"), ("\\boxed{5, 5}", "5, 3"),
    ("\\boxed{(5, -3)}", "(-3, 5)"), ("Not $\\frac{3}{8}$.", "\\frac38"),
    ("Of \\(\\frac38\\), half is \\(\\frac3{16}\\).", "\\frac38"),
    ("Jasmin is right.", "yes"), ("Notably, it is prime.", "no"), ("对称轴在哪里？", "yes"),
    ("Answer: 2 and 3", "5"), ("North Korea", "Korea"), ("", "5"),
    ("\\boxed{x=2, x=3}", "3"), ("不选C。", "C"), ("不应选C。", "C"), ("\\boxed{0.333}", "1/3"), ("A and C", "A"),
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
    assert judge_answer(Trace("1", "Why?", "Let me see.", reply, gold=gold)) is verdict


@pytest.mark.parametrize(
    ("reply", "reasoning", "verdict"),
    [
        ("So she has 12 apples.", "I think the answer is 7. No wait, it is 12.", AnswerVerdict.RIGHT),
        ("Twelve apples remain.", "The answer is 7. But no.", AnswerVerdict.RIGHT),
        ("It is as I said.", f"The answer is 7. But no.{' Let me think.' * 40}", AnswerVerdict.UNRECOGNISED),
        ("It is as I said.", "So the answer is 7.", AnswerVerdict.WRONG),
    ],
)
def test_a_reply_counts_more_than_what_the_reasoning_said_on_its_way(
    reply: str, reasoning: str, verdict: AnswerVerdict
) -> None:
    assert judge_answer(Trace("1", "How many?", reasoning, reply, gold="12")) is verdict


def test_what_is_stated_on_the_way_to_the_gold_answer_is_not_wrong() -> None:
    ending = "The answer is 459. But we took 36 away, so add it again: our final answer... 495!!!\n\n$michaellin16$"
    assert judge_answer(Trace("1", "How many?", ending, "", gold="495")) is AnswerVerdict.UNRECOGNISED
    assert judge_answer(Trace("1", "How many?", ending, "", gold="494")) is AnswerVerdict.WRONG
    assert (
        judge_answer(Trace("1", "Which?", "Hmm.", "The answer is B. A is no prime.", gold="A")) is AnswerVerdict.WRONG
    )


def test_no_gold_no_verdict() -> None:
    assert judge_answer(Trace("1", "Why?", "Let me see.", "5")) is None


def test_options_of_the_question_say_what_a_letter_means() -> None:
    question = "Which is 17 + 25?\n(A) 41\n(B) 42"
    assert judge_answer(Trace("1", question, "Hmm.", "The answer is 42.", gold="B")) is AnswerVerdict.RIGHT
    assert judge_answer(Trace("1", question, "Hmm.", "(B)", gold="42")) is AnswerVerdict.RIGHT
    assert judge_answer(Trace("1", question, "Hmm.", "(A)", gold="B")) is AnswerVerdict.WRONG


@pytest.mark.parametrize("text", ["As 103 is prime, go on.", "It is obvious.", "I see.", "", "We think so. Or not."])
def test_what_states_nothing_has_no_answer(text: str) -> None:
    assert extract_reply_answer(text) is None
    assert extract_answer(text) is None


@pytest.mark.parametrize(
    ("stated", "gold", "same"),
    [
        ("Pacific Ocean", "Pacific", True),
        ("Mount Everest.", "Everest", True),
        ("3 kilograms of feathers", "feathers", True),
        ("not Ben", "Ben", False),
        ("Ben or Eve", "Ben", False),
        ("Ben and Eve", "Ben", False),
        ("Equatorial Guinea", "Guinea", False),
        ("Bengal", "Ben", False),
        ("a b c d e f Ben", "Ben", False),
    ],
)
def test_a_longer_name_is_the_same_unless_it_says_another_thing(stated: str, gold: str, same: bool) -> None:
    assert matches_gold(stated, gold) is same


def test_gold_that_no_phrase_states_is_found_at_the_end_and_protected() -> None:
    reasoning = "There are 17 apples. There are 25 pears. I like pears very much indeed. So we count 42 in all, nicely."
    trace = Trace("1", "How many?", reasoning, gold="42")
    span = find_gold_span(reasoning, "42")
    assert span is not None
    assert reasoning[slice(*span)] == "42"
    cut = segment(reasoning)
    kept = [cut.text[cut.units[at] : cut.units[at + 1]] for at, keep in enumerate(protect_answer(trace, cut)) if keep]
    assert "42" in "".join(kept)
    assert "17" not in "".join(kept)
    assert find_gold_span("There are 42 apples. There are 17 pears.", "42") is None
