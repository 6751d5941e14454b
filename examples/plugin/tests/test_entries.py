"""The three entries by themselves: `pytest examples/plugin/tests` where the plugin is installed."""

from __future__ import annotations

import random

from cotpress_example.benchmarks import CAPITALS
from cotpress_example.criteria import NUMBERS_FIRST
from cotpress_example.formats import build_question_answer

import cotpress
from cotpress.export import ExportExample


def test_new_numbers_are_kept_first_and_a_lead_in_only_with_what_it_introduces() -> None:
    reasoning = "With 7 apples and 8 pears:\n\nnone are left.\n\n2 + 3 = 5\n\nWait, is it right? Yes it is."
    trace = cotpress.Trace(id="1", question="What is 2 + 3?", reasoning=reasoning, answer="5")
    method = cotpress.Method(criterion=NUMBERS_FIRST, granularity="step", protect=())
    budgets = [cotpress.BudgetConfig((str(percent / 100),), shortfall="accept") for percent in range(25, 101)]
    texts = [next(cotpress.compress([trace], method, keep=budget)).text for budget in budgets]
    assert texts[0] == "2 + 3 = 5"
    assert any("7 apples" in text for text in texts)
    assert all("none are left" in text for text in texts if "7 apples" in text)


def test_a_row_has_a_question_and_an_answer() -> None:
    row = build_question_answer(ExportExample("1", "", "2 + 3?", "5"))
    assert row == {"id": "1", "question": "2 + 3?", "answer": "5"}


def test_the_benchmark_brings_its_rows() -> None:
    assert CAPITALS.load_rows is not None
    items = [CAPITALS.read_item(row, index, random.Random(0)) for index, row in enumerate(CAPITALS.load_rows())]
    assert [item.gold for item in items] == ["Paris", "Tokyo", "Nairobi", "Lima"]
