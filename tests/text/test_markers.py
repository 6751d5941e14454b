"""Reflective phrases, symbols and stopwords, on examples and on real traces."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path

import pytest
from timing import seconds

from cotpress.text.markers import OPERATORS, STOPWORDS, classify_unit, is_reflective

REFLECTIVE = [
    "Wait, that's not right.",
    "\n\nWait a minute. The sum is 12.",
    "But wait, the total was 40.",
    "So, wait, k = 41 is the answer?",
    "Hmm, this seems off.",
    '<step n="2">\nHmm, this seems off.\n</step>',
    "Hold on. Let me recount.",
    "hang on, I used the wrong radius",
    "Alternatively, use the law of cosines.",
    "Actually, the order matters here.",
    "But actually, no.",
    "Another approach: count the complement.",
    "Let me double-check the arithmetic.",
    "Let me verify that with n = 4.",
    "So n = 7. Let me check that again.",
    "I'll re-examine the second equation.",
    "I’ll re-examine the second equation.",
    "Therefore the area is 204. Is that right?",
    "Hence, I must have made a mistake.",
    "This can't be right, since n is odd.",
    "That doesn't make sense.",
    "So 5 goes into 12 twice. Wait, no.",
    "**Wait** — clue 5 forbids that.",
    "2. Wait, the second case is empty.",
    "To verify, substitute x = 3 back.",
    "8 · 17 = 136, so everything checks out.",
    "Let me go back to the start.",
]

NOT_REFLECTIVE = [
    "",
    "Now, compute the sum.",
    "So the answer is 42.",
    "Let me compute 5 mod 3.",
    "Maybe the area is 12.",
    "We check each divisor of 12 in turn.",
    "Let's check both possibilities.",
    "Let me check each of the four values.",
    "She has to wait for 20 minutes.",
    "The waiter waits 10 minutes.",
    "Wait times are 5 minutes each.",
    "They hold onto 3 tickets.",
    "The bus goes back to the depot.",
    "He checks in 3 bags.",
    "The actual cost is 12 dollars.",
    "The matrix is invertible, so the system has one solution.",
    "He rewrote the book in 1957.",
    "The answer is True",
    "Hold up to 5 litres in the tank.",
]


@pytest.mark.parametrize("step", REFLECTIVE)
def test_reflective(step: str) -> None:
    assert is_reflective(step)


@pytest.mark.parametrize("step", NOT_REFLECTIVE)
def test_not_reflective(step: str) -> None:
    assert not is_reflective(step)


def test_a_phrase_far_into_a_long_step_does_not_count() -> None:
    assert not is_reflective("word " * 200 + "Let me double-check.")


def test_reflective_is_linear_in_the_step() -> None:
    texts = (" " * 1_000_000, "*" * 1_000_000, "but " * 250_000, "let me " * 150_000)
    assert sum(seconds(*(partial(is_reflective, text) for text in texts), rounds=1)) < 1


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        (" 42", "symbol"),
        ("3.14", "symbol"),
        (" $5", "symbol"),
        ("<<48/2=24>>", "symbol"),
        (" =", "symbol"),
        ("-", "symbol"),
        (" **", "other"),
        ("×", "symbol"),
        (" ≤", "symbol"),
        (" \\frac{a}{b}", "symbol"),
        ("$n$", "symbol"),
        (" x", "symbol"),
        (" π", "symbol"),
        ("f'", "symbol"),
        (" x₇₆", "symbol"),
        ("x^2", "symbol"),
        ("½", "symbol"),
        (" the", "stopword"),
        ("\n\nSo", "stopword"),
        (" don't", "stopword"),
        (" don’t", "stopword"),
        (" a", "stopword"),
        (" I", "stopword"),
        (" triangle", "other"),
        (",", "other"),
        ("", "other"),
        ("你", "other"),
    ],
)
def test_symbol_class(unit: str, expected: str) -> None:
    assert classify_unit(unit) == expected


def test_lists_are_well_formed() -> None:
    assert all(word == word.casefold() and " " not in word for word in STOPWORDS)
    assert not any(c.isalnum() or c.isspace() for c in OPERATORS)
    assert len(set(OPERATORS)) == len(OPERATORS)


@pytest.mark.parametrize(
    ("file", "field", "split", "low", "high"),
    [
        ("limo_r1_distill_qwen_32b.jsonl", "solution", r"\n\s*\n", 0.15, 0.30),
        ("qwen3_8b_think_on.jsonl", "thinking", r"\n\s*\n", 0.25, 0.45),
        ("limo_qwen2.5_32b_instruct.jsonl", "solution", r"\n\s*\n", 0.0, 0.005),
        ("gsm8k_train_2000.jsonl", "answer", r"\n", 0.0, 0.0057),
    ],
)
def test_long_traces_reflect_and_short_ones_do_not(
    shared_data: Path, file: str, field: str, split: str, low: float, high: float
) -> None:
    lines = (shared_data / "traces" / file).read_text(encoding="utf-8").splitlines()
    steps = [step for line in lines for step in re.split(split, json.loads(line)[field]) if step.strip()]
    assert low <= sum(map(is_reflective, steps)) / len(steps) <= high
