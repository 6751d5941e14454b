"""Tells a formula between dollars from sums of money."""

from __future__ import annotations

import re

from cotpress.text.markers import STOPWORDS

PROSE_WORD_LIMIT = 3  # of prose, in a formula that shows LaTeX besides

_MAX_FORMULA_CHARACTERS = 2000  # characters; dollars further apart are a coincidence
_MONEY_START_CHARACTERS = "0123456789./<"
_TRAILING_OPERATOR = re.compile(
    r"(?:[=+\-*/×(:–~]|\\(?:times|cdot|div|pm|to|(?:right|Right)arrow|approx|sim|leq?|geq?|neq?))\s*\Z"
)
_COMMAND = re.compile(r"\\(?:text\w*|mbox|operatorname|math\w+)\s*\{[^{}]*\}|\\[A-Za-z]+|<<[^<>]*>>")
_PROSE_WORD = re.compile(r"(?<!\S)[A-Za-z]{2,}(?=[,.;:]?(?:\s|\Z))")
_FUNCTION_NAMES = "sin cos tan cot sec csc log ln exp lim max min gcd lcm mod det dim arg deg sup inf sqrt"
_FUNCTIONS = frozenset(_FUNCTION_NAMES.split())


def is_formula(text: str, start: int, end: int) -> bool:
    """Whether the `$` at start - 1 and the `$` at end enclose a formula.

    The rules are those of pandoc: no digit follows the second dollar ("$5 and $6"), and either both dollars have a
    blank inside or none. LaTeX commands without prose may have a blank at one side. Content that starts like money is
    stricter: it does not stop at an operator ("$12/60 = $<<12/60=0.2>>0.2"), and has no prose ("$20 for two, the $").
    """
    inside = text[start:end]
    if not inside.strip() or len(inside) > _MAX_FORMULA_CHARACTERS:
        return False
    after = text[end + 1 : end + 3]
    if after[:1].isdigit() or (after[:1] == "." and after[1:].isdigit()):
        return False
    money = inside.lstrip()[0] in _MONEY_START_CHARACTERS
    latex = any(c in inside for c in "\\^_")
    uneven = inside[0].isspace() != inside[-1].isspace()
    if uneven and ("\\" not in inside or count_prose_words(inside)):
        return False
    if money and (uneven or not latex) and (_TRAILING_OPERATOR.search(inside) or after == "<<"):
        return False
    if money and uneven and "\\%" in inside:
        return False
    return count_prose_words(inside) < (1 if money or not latex else PROSE_WORD_LIMIT)


def count_prose_words(formula: str) -> int:
    """How many words outside \\text{...} can hardly be a product of variables; one word alone is a name."""
    if not re.search(r"\s", formula.strip()):
        return 0
    words = [w for w in _PROSE_WORD.findall(_COMMAND.sub(" ", formula)) if w not in _FUNCTIONS]
    return sum(w in STOPWORDS or (w.islower() and len(w) > 3) for w in words)
