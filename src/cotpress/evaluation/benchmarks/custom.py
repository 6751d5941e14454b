"""A user's own file of problems as a benchmark: fields recognised, or named behind the file's name."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from cotpress.errors import OptionError, build_unknown_name_error
from cotpress.evaluation.benchmarks.fields import (
    LETTERS,
    get_answer,
    get_text_field,
    get_value,
    has_field,
    normalise_whole_number,
    parse_texts,
)
from cotpress.evaluation.benchmarks.item import Benchmark, BenchmarkItem
from cotpress.evaluation.benchmarks.prompts import append_options, is_expression
from cotpress.traces import MalformedRowError, RowData

QUESTION_FIELDS = ("question", "problem", "prompt", "query", "instruction", "input")
ANSWER_FIELDS = (
    "answer", "gold", "gold_answer", "ground_truth", "reference_answer", "expected_answer", "correct_answer",
    "final_answer", "answerKey", "answer_index", "label", "target",
)  # fmt: skip
OPTION_FIELDS = ("options", "choices")
KINDS = ("math", "choice", "truth", "text")
_TRUTHS = {"true": "True", "yes": "True", "false": "False", "no": "False"}


@dataclass(frozen=True, slots=True)
class CustomFields:
    """Which fields of a row hold what; "" for what is to be recognised.

    Args:
        question: the field with the question.
        answer: the field with the reference answer: for a choice an option's letter, place from 0, or text.
        options: the field with the list of options.
        kind: how answers are graded: one of KINDS.

    Raises:
        OptionError: on construction, for another kind.
    """

    question: str = ""
    answer: str = ""
    options: str = ""
    kind: str = ""

    def __post_init__(self) -> None:
        if self.kind and self.kind not in KINDS:
            raise build_unknown_name_error("kind of answer", self.kind, KINDS)


def parse_custom_file(option: str) -> tuple[Path, CustomFields]:
    """The file and the fields named behind it: "mine.jsonl?question=q&answer=a&options=o&kind=text".

    Raises:
        OptionError: something is named that is neither a field of CustomFields nor a kind.

    >>> path, fields = parse_custom_file("mine.jsonl?question=q&kind=text")
    >>> path.name, fields.question, fields.kind
    ('mine.jsonl', 'q', 'text')
    """
    file, _, query = option.rpartition("?") if "?" in option and not Path(option).exists() else (option, "", "")
    named = dict(parse_qsl(query, keep_blank_values=True))
    strange = sorted(set(named) - {"question", "answer", "options", "kind"})
    if strange or (query and not named):
        raise OptionError(
            f"'?{query}' names {', '.join(strange) or 'nothing'}.",
            "Give FILE?question=FIELD&answer=FIELD&options=FIELD&kind=math|choice|truth|text, each only where needed.",
        )
    return Path(file), CustomFields(**named)


def make_custom_benchmark(name: str, fields: CustomFields) -> Benchmark:
    """A benchmark that reads rows with a question, an answer and perhaps options.

    >>> benchmark = make_custom_benchmark("mine", CustomFields())
    >>> item = benchmark.read_item({"problem": "2+3?", "gold": 5}, 0, random.Random())
    >>> item.prompt, item.gold, item.kind
    ('2+3?', '5', 'math')
    """

    def read_item(row: RowData, index: int, _: random.Random) -> BenchmarkItem:
        question = get_text_field(row, *([fields.question] if fields.question else QUESTION_FIELDS))
        option_fields = [fields.options] if fields.options else OPTION_FIELDS
        if fields.kind == "choice" or (not fields.kind and any(has_field(row, field) for field in option_fields)):
            options = _read_options(get_value(row, *option_fields))
            letter = _find_option(_read_answer(row, fields), options)
            return BenchmarkItem(str(index), append_options(question, options), letter, "choice", options, "general")
        gold = get_answer(row, *([fields.answer] if fields.answer else ANSWER_FIELDS))
        kind = fields.kind or _recognise_kind(gold)
        if kind == "truth":
            if gold.casefold() not in _TRUTHS:
                raise MalformedRowError("no-truth", f"the answer should be true or false; it is {gold!r:.60}")
            gold = _TRUTHS[gold.casefold()]
        elif kind == "math":
            gold = normalise_whole_number(gold.rpartition("####")[2].strip() or gold)
        return BenchmarkItem(str(index), question, gold, kind, domain="math" if kind == "math" else "general")

    return Benchmark(
        name,
        "general",
        None,
        read_item,
        "a file of the user's",
        "problems of a file",
        f"a question ({', '.join(QUESTION_FIELDS[:3])} ...) and an answer ({', '.join(ANSWER_FIELDS[:3])} ...), or "
        f"fields named as {name}=FILE?question=FIELD&answer=FIELD",
    )


def _read_answer(row: RowData, fields: CustomFields) -> Any:
    return get_value(row, *([fields.answer] if fields.answer else ANSWER_FIELDS))


def _read_options(value: Any) -> tuple[str, ...]:
    texts = value.get("text") if isinstance(value, Mapping) else value
    options = parse_texts(texts, "options")
    if not 2 <= len(options) <= len(LETTERS):
        raise MalformedRowError("no-options", f"there are {len(options)} options; 2 to {len(LETTERS)} are needed")
    return options


def _find_option(answer: Any, options: tuple[str, ...]) -> str:
    """The letter of the option that an answer means: by its letter, its text or its place from 0."""
    text = str(answer).strip()
    bare = text.strip("().").upper()
    if text in options:
        return LETTERS[options.index(text)]
    if len(bare) == 1 and bare in LETTERS[: len(options)]:
        return bare
    if text.isdecimal() and int(text) < len(options):
        return LETTERS[int(text)]
    raise MalformedRowError("no-such-option", f"the answer {text!r:.60} is none of the {len(options)} options")


def _recognise_kind(gold: str) -> str:
    if gold.casefold() in _TRUTHS:
        return "truth"
    return "math" if "####" in gold or is_expression(gold) else "text"
