"""Benchmarks whose answers are options, truth values and words."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

from cotpress.evaluation.benchmarks.fields import (
    LETTERS,
    find_letter,
    get_answer,
    get_text_field,
    get_value,
    has_field,
    parse_texts,
    split_lettered_options,
)
from cotpress.evaluation.benchmarks.item import BenchmarkItem
from cotpress.evaluation.benchmarks.prompts import append_options, is_expression
from cotpress.traces import MalformedRowError, RowData

OPTION_LINE = re.compile(r"^\([A-Z]\) (.+)$", re.MULTILINE)


def gpqa_diamond(row: RowData, index: int, rng: random.Random) -> BenchmarkItem:
    """Graduate science: Question, Correct Answer, Incorrect Answer 1 to 3. The options are shuffled."""
    right = get_answer(row, "Correct Answer")
    options = [right, *(get_answer(row, f"Incorrect Answer {number}") for number in (1, 2, 3))]
    order = list(range(len(options)))
    rng.shuffle(order)
    return _make_choice_item(
        index, get_text_field(row, "Question"), [options[at] for at in order], LETTERS[order.index(0)]
    )


def mmlu_pro(row: RowData, index: int, _: random.Random) -> BenchmarkItem:
    """Exam questions with up to ten options: question, options (a list), answer (a letter)."""
    options = parse_texts(get_value(row, "options"), "options")
    gold = find_letter(get_answer(row, "answer"), LETTERS[: len(options)])
    return _make_choice_item(index, get_text_field(row, "question"), options, gold)


def csqa(row: RowData, index: int, _: random.Random) -> BenchmarkItem:
    """Common sense: question, choices (label and text), answerKey; or instruction, label."""
    return _read_labelled_choices(row, index, "question")


def openbookqa(row: RowData, index: int, _: random.Random) -> BenchmarkItem:
    """Elementary science: question_stem, choices (text and label), answerKey; or instruction, label."""
    return _read_labelled_choices(row, index, "question_stem")


def strategyqa(row: RowData, index: int, _: random.Random) -> BenchmarkItem:
    """Yes or no by implicit steps: question, answer (true or false); or instruction, label."""
    answer = get_answer(row, "answer", "label")
    gold = {"true": "True", "yes": "True", "false": "False", "no": "False"}.get(answer.casefold())
    if gold is None:
        raise MalformedRowError("no-truth", f"the answer should be true or false; it is {answer!r:.60}")
    return BenchmarkItem(str(index), get_text_field(row, "question", "instruction"), gold, "truth", domain="general")


def natural_reasoning(row: RowData, index: int, _: random.Random) -> BenchmarkItem:
    """Open questions of many fields: question, reference_answer (an expression or words; some rows have none)."""
    gold = get_answer(row, "reference_answer", "answer")
    kind = "math" if is_expression(gold) else "text"
    return BenchmarkItem(str(index), get_text_field(row, "question"), gold, kind, domain="general")


def world_general(row: RowData, index: int, _: random.Random) -> BenchmarkItem:
    """Deductions that the micro world draws: question (with its options), gold (a letter)."""
    options = tuple(OPTION_LINE.findall(get_value(row, "question")))
    return BenchmarkItem(str(index), get_value(row, "question"), get_value(row, "gold"), "choice", options, "general")


def _make_choice_item(index: int, question: str, options: Sequence[str], gold: str) -> BenchmarkItem:
    return BenchmarkItem(str(index), append_options(question, options), gold, "choice", tuple(options), "general")


def _read_labelled_choices(row: RowData, index: int, question: str) -> BenchmarkItem:
    """A question with labelled choices, in fields of their own or all in one text."""
    if not has_field(row, "choices") and has_field(row, "instruction"):
        asked, options = split_lettered_options(get_text_field(row, "instruction"))
        return _make_choice_item(index, asked, options, find_letter(get_answer(row, "label"), LETTERS[: len(options)]))
    choices = get_value(row, "choices")
    if not isinstance(choices, Mapping):
        raise MalformedRowError("no-choices", f"'choices' should hold 'label' and 'text'; it holds {choices!r:.60}")
    labels, options = (parse_texts(get_value(choices, name), f"choices.{name}") for name in ("label", "text"))
    if len(labels) != len(options):
        raise MalformedRowError("no-choices", f"'choices' holds {len(labels)} labels and {len(options)} texts")
    return _make_choice_item(
        index, get_text_field(row, question, "question"), options, find_letter(get_answer(row, "answerKey"), labels)
    )
