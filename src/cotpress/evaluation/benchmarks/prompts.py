"""How a problem is put to a student."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cotpress.evaluation.benchmarks.fields import LETTERS

_FORMULA = re.compile(r"[\d\\$=^]")
_MAX_EXPRESSION_WORDS = 6  # of an answer that is compared as an expression rather than as words
INSTRUCTIONS: Mapping[str, str] = {
    "math": r"Think step by step, and put the final answer in \boxed{}.",
    "choice": 'Think step by step, and end with "The answer is (X)." where X is the letter of the right option.',
    "truth": 'Think step by step, and end with "The answer is True." or "The answer is False."',
    "text": r"Think step by step, and put the final answer, in as few words as it takes, in \boxed{}.",
}
"""The line that tells how to state the answer, one for each kind; it follows the problem after an empty line."""


def append_options(question: str, options: Sequence[str]) -> str:
    """The question with its lettered options below it, one a line."""
    lines = (f"({name}) {option}" for name, option in zip(LETTERS, options, strict=False))
    return "\n".join((question, *lines))


def add_instruction(prompt: str, kind: str) -> str:
    """The prompt with the instruction of its kind."""
    return f"{prompt}\n\n{INSTRUCTIONS[kind]}"


def is_expression(gold: str) -> bool:
    """Whether an answer is compared as an expression rather than as words.

    >>> is_expression("x = 3/4"), is_expression("a lion"), is_expression("In 1998 the war that had begun was over")
    (True, False, False)
    """
    return _FORMULA.search(gold) is not None and len(gold.split()) <= _MAX_EXPRESSION_WORDS
