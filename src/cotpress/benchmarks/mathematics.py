"""Benchmarks whose answers are numbers and expressions."""

from __future__ import annotations

import random

from cotpress.benchmarks.fields import answer, text, value, whole
from cotpress.benchmarks.item import Item
from cotpress.traces import Data, Malformed


def gsm8k(row: Data, index: int, _: random.Random) -> Item:
    """Grade-school word problems: question, answer (a solution that ends in "#### 72")."""
    solution = text(row, "answer")
    gold = solution.rpartition("####")[2].strip()
    if "####" not in solution or not gold:
        raise Malformed("no-answer-line", f"'answer' should end in '#### NUMBER'; it ends in {solution[-40:]!r}")
    return _item(index, text(row, "question"), gold.replace(",", ""))


def math500(row: Data, index: int, _: random.Random) -> Item:
    """500 competition problems: problem, answer (LaTeX)."""
    return _item(index, text(row, "problem"), answer(row, "answer"))


def amc23(row: Data, index: int, _: random.Random) -> Item:
    """AMC 12 of 2023: problem or question, answer (a number, 27.0 for 27)."""
    return _item(index, text(row, "question", "problem"), whole(answer(row, "answer")))


def aime(row: Data, index: int, _: random.Random) -> Item:
    """AIME of one year: problem or question, answer (a whole number below 1000, written 025 or 25)."""
    gold = whole(answer(row, "answer"))
    if not gold.isdecimal() or int(gold) > 999:
        raise Malformed("no-aime-answer", f"'answer' should be a whole number from 0 to 999; it is {gold!r:.60}")
    return _item(index, text(row, "problem", "question"), gold)


def _item(index: int, prompt: str, gold: str) -> Item:
    return Item(str(index), prompt, gold, "math", domain="math")


def world_math(row: Data, index: int, _: random.Random) -> Item:
    """Chains of calculations that the micro world draws: question, gold."""
    return _item(index, value(row, "question"), value(row, "gold"))
