"""The gauge of grammar by examples: sentences that parse, and what deletion makes of them."""

from __future__ import annotations

import time

import pytest

from cotpress.gauges import count_grammar_faults

SOUND = [
    "The number of truck stamps is 20. There are 3 boxes. I need to find x, and so do you.",
    "First, I remember that in the binomial expansion the terms add up. They are in the box.",
    "He said so because it rained. If so, it is. Is it so? It was the first of them.",
    "We have $f(x) = [0, 1)$ and \\(y\\), e.g. 3 times 4 is 12. See fig. two, etc. and more.",
    "Das ist die Zahl der Kisten. Es gibt 3 davon.",
    "```py\nx = (1\n```\nSo `a (` stands there.",
]
BROKEN = {
    "doubled-word": "We add the the two.",
    "subject-without-verb": "First, I in the binomial expansion. So we of the sum.",
    "dangling-end": "There are pens and.",
    "missing-of": "The number truck stamps is 20.",
    "missing-verb": "So it is. There 3 boxes here.",
    "missing-to": "I need find the sum.",
    "missing-subject": "So it is. Is the smallest prime of them all.",
    "missing-equals": "So 26 times 10 260, and that is it.",
    "missing-article": "It is smallest prime of all.",
    "stray-mark": "We add , then stop.",
    "small-start": "We add them. then we stop.",
    "unbalanced": "We add (the two.",
}


@pytest.mark.parametrize("text", SOUND)
def test_sound_sentences_have_no_fault(text: str) -> None:
    assert dict(count_grammar_faults(text)) == {}


@pytest.mark.parametrize("fault", BROKEN)
def test_each_fault_is_found(fault: str) -> None:
    assert fault in count_grammar_faults(BROKEN[fault])


def test_a_telegram_has_faults() -> None:
    assert count_grammar_faults("1998 / 6 333, because… There 78 hats sold. I need find the sum.").total() >= 3


@pytest.mark.parametrize("bait", ["\\[", "$", "`", "```x", "-", "There 3 ", "a, ", "(", "the ", ". a"])
def test_time_is_linear(bait: str) -> None:
    began = time.process_time()
    count_grammar_faults(bait * (100_000 // len(bait)))
    assert time.process_time() - began < 5
