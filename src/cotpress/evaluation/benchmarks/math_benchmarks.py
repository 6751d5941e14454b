"""Benchmarks whose answers are numbers and expressions."""

from __future__ import annotations

import random

from cotpress.evaluation.benchmarks.fields import get_answer, get_text_field, get_value, normalise_whole_number
from cotpress.evaluation.benchmarks.item import BenchmarkItem
from cotpress.traces import MalformedRowError, RowData


def gsm8k(row: RowData, index: int, _: random.Random) -> BenchmarkItem:
    """Grade-school word problems: question, answer (a solution that ends in "#### 72")."""
    solution = get_text_field(row, "answer")
    gold = solution.rpartition("####")[2].strip()
    if "####" not in solution or not gold:
        raise MalformedRowError(
            "no-answer-line", f"'answer' should end in '#### NUMBER'; it ends in {solution[-40:]!r}"
        )
    return _make_item(index, get_text_field(row, "question"), gold.replace(",", ""))


def math500(row: RowData, index: int, _: random.Random) -> BenchmarkItem:
    """500 competition problems: problem, answer (LaTeX)."""
    return _make_item(index, get_text_field(row, "problem"), get_answer(row, "answer"))


def amc23(row: RowData, index: int, _: random.Random) -> BenchmarkItem:
    """AMC 12 of 2023: problem or question, answer (a number, 27.0 for 27)."""
    return _make_item(
        index, get_text_field(row, "question", "problem"), normalise_whole_number(get_answer(row, "answer"))
    )


def aime(row: RowData, index: int, _: random.Random) -> BenchmarkItem:
    """AIME of one year: problem or question, answer (a whole number below 1000, written 025 or 25)."""
    gold = normalise_whole_number(get_answer(row, "answer"))
    if not gold.isdecimal() or int(gold) > 999:
        raise MalformedRowError(
            "no-aime-answer", f"'answer' should be a whole number from 0 to 999; it is {gold!r:.60}"
        )
    return _make_item(index, get_text_field(row, "problem", "question"), gold)


def _make_item(index: int, prompt: str, gold: str) -> BenchmarkItem:
    return BenchmarkItem(str(index), prompt, gold, "math", domain="math")


def world_math(row: RowData, index: int, _: random.Random) -> BenchmarkItem:
    """Chains of calculations that the micro world draws: question, gold."""
    return _make_item(index, get_value(row, "question"), get_value(row, "gold"))
