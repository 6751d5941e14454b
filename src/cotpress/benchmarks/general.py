"""Benchmarks whose answers are options, truth values and words."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

from cotpress.benchmarks.asking import with_options
from cotpress.benchmarks.fields import LETTERS, answer, has, letter, lettered, text, texts, value
from cotpress.benchmarks.item import Item
from cotpress.traces import Data, Malformed

OPTION = re.compile(r"^\([A-Z]\) (.+)$", re.MULTILINE)
FORMULA = re.compile(r"[\d\\$=^]")
MOST_WORDS = 6  # of an answer that is compared as an expression rather than as words


def gpqa_diamond(row: Data, index: int, rng: random.Random) -> Item:
    """Graduate science: Question, Correct Answer, Incorrect Answer 1 to 3. The options are shuffled."""
    right = answer(row, "Correct Answer")
    options = [right, *(answer(row, f"Incorrect Answer {number}") for number in (1, 2, 3))]
    order = list(range(len(options)))
    rng.shuffle(order)
    return _choice(index, text(row, "Question"), [options[at] for at in order], LETTERS[order.index(0)])


def mmlu_pro(row: Data, index: int, _: random.Random) -> Item:
    """Exam questions with up to ten options: question, options (a list), answer (a letter)."""
    options = texts(value(row, "options"), "options")
    gold = letter(answer(row, "answer"), LETTERS[: len(options)])
    return _choice(index, text(row, "question"), options, gold)


def csqa(row: Data, index: int, _: random.Random) -> Item:
    """Common sense: question, choices (label and text), answerKey; or instruction, label."""
    return _labelled(row, index, "question")


def openbookqa(row: Data, index: int, _: random.Random) -> Item:
    """Elementary science: question_stem, choices (text and label), answerKey; or instruction, label."""
    return _labelled(row, index, "question_stem")


def strategyqa(row: Data, index: int, _: random.Random) -> Item:
    """Yes or no by implicit steps: question, answer (true or false); or instruction, label."""
    said = answer(row, "answer", "label")
    gold = {"true": "True", "yes": "True", "false": "False", "no": "False"}.get(said.casefold())
    if gold is None:
        raise Malformed("no-truth", f"the answer should be true or false; it is {said!r:.60}")
    return Item(str(index), text(row, "question", "instruction"), gold, "truth", domain="general")


def natural_reasoning(row: Data, index: int, _: random.Random) -> Item:
    """Open questions of many fields: question, reference_answer (an expression or words; some rows have none)."""
    gold = answer(row, "reference_answer", "answer")
    kind = "math" if FORMULA.search(gold) and len(gold.split()) <= MOST_WORDS else "text"
    return Item(str(index), text(row, "question"), gold, kind, domain="general")


def world_general(row: Data, index: int, _: random.Random) -> Item:
    """Deductions that the micro world draws: question (with its options), gold (a letter)."""
    options = tuple(OPTION.findall(value(row, "question")))
    return Item(str(index), value(row, "question"), value(row, "gold"), "choice", options, "general")


def _choice(index: int, question: str, options: Sequence[str], gold: str) -> Item:
    return Item(str(index), with_options(question, options), gold, "choice", tuple(options), "general")


def _labelled(row: Data, index: int, question: str) -> Item:
    """A question with labelled choices, in fields of their own or all in one text."""
    if not has(row, "choices") and has(row, "instruction"):
        asked, options = lettered(text(row, "instruction"))
        return _choice(index, asked, options, letter(answer(row, "label"), LETTERS[: len(options)]))
    choices = value(row, "choices")
    if not isinstance(choices, Mapping):
        raise Malformed("no-choices", f"'choices' should hold 'label' and 'text'; it holds {choices!r:.60}")
    labels, options = (texts(value(choices, name), f"choices.{name}") for name in ("label", "text"))
    if len(labels) != len(options):
        raise Malformed("no-choices", f"'choices' holds {len(labels)} labels and {len(options)} texts")
    return _choice(index, text(row, question, "question"), options, letter(answer(row, "answerKey"), labels))
