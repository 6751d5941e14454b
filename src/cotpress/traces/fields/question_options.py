"""Options of a question that stand in a column of their own: they belong to it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from string import ascii_uppercase, digits
from typing import Any, TypeGuard

from cotpress.traces.format_definition import RowSample, is_mostly

_OPTION_FIELDS = ("options", "choices", "answer_options", "answer_choices", "candidates_options")
_MAX_OPTIONS = 26
MAX_CHANCE_CHARACTERS = 3  # of options that may be in a question by chance
MIN_OPTION_COLUMNS = 2  # one more where their names are letters alone
_OPTION_COLUMN = re.compile(r"(op|opt|option|choice|)[ _-]?([A-Ja-j1-9])")
_OPTION_LINE = re.compile(r"^[ \t]{0,8}\(?[A-Z1-9][).:、．][ \t]*\S", re.MULTILINE)


def find_options_field(sample: RowSample, taken: Collection[str]) -> str | None:
    """The column with the options of the questions, None for none.

    >>> find_options_field([{"question": "Which?", "choices": ["one", "two"]}], ())
    'choices'
    """
    spelled = {name.lower(): name for row in sample for name in row}
    for name in _OPTION_FIELDS:
        field = spelled.get(name)
        if field and field not in taken and 2 * sum(_has_value(row.get(field)) for row in sample) >= len(sample):
            return field
    return None


def _has_value(value: Any) -> bool:
    return bool(list_options(value)) or _is_option_text(value)


def find_option_columns(sample: RowSample, taken: Collection[str]) -> dict[str, str]:
    """Label -> column, of options that have a column each, such as A, B, C, D or option_1, option_2; {} for none.

    >>> find_option_columns([{"question": "Which?", "opa": "one", "opb": "two", "opc": "three"}], ())
    {'A': 'opa', 'B': 'opb', 'C': 'opc'}
    """
    groups: dict[str, dict[str, str]] = {}
    for name in dict.fromkeys(name for row in sample for name in row if name not in taken):
        column = _OPTION_COLUMN.fullmatch(name)
        if column and is_mostly(sample, name, (str, int, float)):
            groups.setdefault(column[1].lower(), {})[column[2].upper()] = name
    for prefix, columns in groups.items():
        labels = "".join(columns)
        count = len(labels)
        if count >= MIN_OPTION_COLUMNS + (not prefix) and labels in (ascii_uppercase[:count], digits[1 : count + 1]):
            return columns
    return {}


def list_options(value: Any) -> list[tuple[str, str]]:
    """(label, text) of each option, from a list of texts, a table of labels and texts, or JSON text of one.

    >>> list_options(["one", "two"])
    [('A', 'one'), ('B', 'two')]
    >>> list_options({"text": ["one", "two"], "label": ["1", "2"]})
    [('1', 'one'), ('2', 'two')]
    """
    if isinstance(value, str):
        try:
            value = json.loads(value) if value.lstrip()[:1] in ("[", "{") else None
        except (ValueError, RecursionError):
            return []
    if isinstance(value, Mapping):
        labels, texts = value.get("label"), value.get("text")
        if isinstance(labels, list) and isinstance(texts, list) and len(labels) == len(texts):
            return [(str(label), str(text)) for label, text in zip(labels, texts, strict=True)]
        short = all(isinstance(key, str) and len(key) <= 2 and isinstance(text, str) for key, text in value.items())
        return [(str(key), str(text)) for key, text in value.items()] if short else []
    if not isinstance(value, list) or len(value) > _MAX_OPTIONS:
        return []
    if all(isinstance(option, str | int | float) for option in value):
        return [(ascii_uppercase[at], str(option)) for at, option in enumerate(value)]
    if all(isinstance(option, Mapping) and isinstance(option.get("text"), str) for option in value):
        return [(str(option.get("label", ascii_uppercase[at])), option["text"]) for at, option in enumerate(value)]
    return []


def counts_options(sample: RowSample, options: str | None, gold: str | None) -> bool:
    """Whether a column of gold answers has the numbers of the options, from 0, and not what they say.

    Args:
        sample: the first rows.
        options: the column with the options, None for none.
        gold: the column with the gold answers, None for none.

    >>> counts_options([{"choices": ["five", "six"], "answer": 0}], "choices", "answer")
    True
    """
    if options is None or gold is None:
        return False
    told = [(row[gold], list_options(row.get(options))) for row in sample if row.get(gold) is not None]
    if not told or not all(type(number) is int and 0 <= number < len(listed) for number, listed in told):
        return False
    says = sum(str(number) in [text.strip() for _, text in listed] for number, listed in told)
    return any(number == 0 for number, _ in told) and 2 * says < len(told)


def find_label(value: Any, number: str) -> str:
    """The label of the option with that number, from 0; the number as it is where there is none.

    >>> find_label(["five", "six"], "1")
    'B'
    """
    options = list_options(value)
    return options[int(number)][0] if number.isdecimal() and int(number[:4]) < len(options) else number


def add_options(question: str, value: Any) -> str:
    """The question with its options below it; as it is where it has them already.

    >>> add_options("Which is even?", ["1", "2"])
    'Which is even?\\n(A) 1\\n(B) 2'
    """
    if _is_option_text(value):
        return question if value.strip() in question else f"{question}\n{value.strip()}"
    options = list_options(value)
    if not options or _has_options(question, [text.strip() for _, text in options]):
        return question
    lines = (text if text.lstrip().startswith((f"({label})", f"{label})", f"{label}.")) else f"({label}) {text}"
             for label, text in options)  # fmt: skip
    return "\n".join([question, *lines])


def _has_options(question: str, texts: Collection[str]) -> bool:
    """Whether a question says all of its options; short ones may be in it by chance, but not as words in this order."""
    if not all(text in question for text in texts):
        return False
    if max(map(len, texts)) > MAX_CHANCE_CHARACTERS:
        return True
    at = 0
    for text in texts:
        found = re.search(rf"(?<!\w){re.escape(text)}(?!\w)", question[at:])
        if found is None:
            return False
        at += found.end()
    return True


def _is_option_text(value: Any) -> TypeGuard[str]:
    """Whether a value is one text with an option on each of several lines."""
    return isinstance(value, str) and len(_OPTION_LINE.findall(value)) > 1
