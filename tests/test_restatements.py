"""Whether a piece of reasoning states an answer, on sentences of real traces."""

from __future__ import annotations

import time

import pytest

from cotpress.answers import list_known_answers, states_answer
from cotpress.types import Trace

STATING = [
    ("So m =3, n=14. They are coprime, so m +n =17.", "17"),
    ("Hence, the answer is 3 +14=17. So 17.", "17"),
    ("So the answer should be approximately 86.", "86"),
    ("Wait, yes, 100k≈85.84≈86.", "86"),
    ("Thus, 130 is the maximum possible p.", "130"),
    ("So, perhaps 38 is the answer.", "38"),
    ("Hence, the minimum number of adults after arrival is154.", "154"),
    ("408 minus 40 is 368, then add 1 back, so 369. Yep, same result.", "369"),
    ("Thus, on the weekend she watches 352-247 = <<352-247=105>>105 minutes.", "105"),
    ("Therefore, position 5 is Ben.", "Ben"),
    ("5: Ben", "Ben"),
    ("**Final Answer**\n\\boxed{38}", "38"),
    ("The total is \\( \\frac{3}{4} \\).", "0.75"),
    ("103.", "103"),
    ("#### 1,500", "1500"),
]
MERELY_MENTIONING = [
    ("As 103 is prime, go on.", "103"),
    ("Compute original volume: 3×11×130.", "130"),
    ("All are less than 130.", "130"),
    ("Third clue: Cara finished before Dan.", "Cara"),
    ("I think beyond 38, all even numbers can be expressed.", "38"),
    ("We get 17 more than before.", "17"),
    ("Therefore the answer is 18.", "17"),
    ("1. Ana (4) before Ben (5): yes.", "Ben"),
    ("", "17"),
]


@pytest.mark.parametrize(("text", "answer"), STATING)
def test_pieces_that_state_the_answer(text: str, answer: str) -> None:
    assert states_answer(text, answer)


@pytest.mark.parametrize(("text", "answer"), MERELY_MENTIONING)
def test_pieces_that_only_mention_it(text: str, answer: str) -> None:
    assert not states_answer(text, answer)


def test_the_work_on_a_long_piece_is_bounded() -> None:
    start = time.thread_time()
    for text in ("so = is 1 " * 20_000, "x" * 200_000, "is the " * 30_000, "(" * 100_000):
        assert not states_answer(text, "17")
    assert time.thread_time() - start < 10


def test_known_answers_are_the_gold_and_the_stated_one() -> None:
    assert list_known_answers(Trace("1", "?", "So 5.", "The answer is 5", "five")) == ["five", "5"]
    assert list_known_answers(Trace("1", "?", "It is so.")) == []
