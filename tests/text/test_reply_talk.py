"""What speaks of the reply and not of the matter, on sentences of gpt-oss, Qwen3-8B and LIMO-R1."""

from __future__ import annotations

import pytest

from cotpress.text.reply_talk import speaks_of_reply


@pytest.mark.parametrize(
    "step",
    [
        "We must comply with the medical advice policy.",
        "We should also include a disclaimer that it's not a substitute for professional medical evaluation.",
        "We need to answer with a number from 1 to 10, with brief reasoning.",
        "Provide short reasoning.",
        "Let’s produce answer with a number and brief explanation.",
        "The user might be testing if I can follow simple instructions.",
        "Okay, the user is asking for the capital city of Canada.",
    ],
)
def test_the_reply(step: str) -> None:
    assert speaks_of_reply(step)


@pytest.mark.parametrize(
    "step",
    [
        "The user said they have photophobia, and the headache is worsening.",
        "We need to be careful when we reach the end, because p = 2007.",
        "So we can keep the fractions as exact fractions.",
        "We need to find the answer.",
        "Let me write the equation again.",
        "Given the answer is 5, the rest is 3.",
    ],
)
def test_the_matter(step: str) -> None:
    assert not speaks_of_reply(step)
