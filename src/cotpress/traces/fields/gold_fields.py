"""Which field holds the gold answer, and what it says: a text, a number, or a list of one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from cotpress.traces.extraction import get_scalar, split_hash_mark
from cotpress.traces.field_words import GOLD_WORDS, count_words, has_word
from cotpress.traces.format_definition import GOLD_FIELDS, FieldNames, RowSample, RowSchema, is_mostly
from cotpress.traces.places import get_at, resolve_field
from cotpress.traces.rows import RowData

# Names that mean a gold answer inside objects, too, such as reward_model.ground_truth.
_SURE_NAMES = ("ground_truth", "reference_answer", "gold_answer", "expected_answer", "correct_answer")
_TRUTH_NAMES = ("answer", "gold", "ground_truth", "label")  # a truth value elsewhere, as "correct": true, is a verdict
_JUDGEMENTS = frozenset(
    ("is_correct", "correct", "correctness", "score", "reward", "acc", "accuracy", "passed", "verdict")
)
_SHORT_NAMES = ("gt", "gts")
MAX_VALUE_WORDS = 5  # of a column named as a solution that is a gold answer
_TEXT_NAMES = ("expected", "correct")  # of which numbers and truth values are verdicts, too


def find_gold_field(sample: RowSample, shape: RowSchema, fields: FieldNames) -> str | None:
    """The field of the gold answer: the one named, else the best known name that holds text or numbers.

    Args:
        sample: the first rows.
        shape: how they are read; its `used_fields` are taken.
        fields: the fields that the user named.

    >>> shape = RowSchema(lambda row: [], "", frozenset(("answer",)))
    >>> find_gold_field([{"answer": "It is 5.", "reward_model": {"ground_truth": "5"}}], shape, FieldNames())
    'reward_model.ground_truth'
    """
    if fields.gold:
        return fields.gold
    taken = {*shape.used_fields, *fields.to_flags().values()}
    spelled = {re.sub(r"[\s-]", "_", name.lower()): name for row in sample for name in row}
    known = {name: spelled[name] for name in (*GOLD_FIELDS, *_SHORT_NAMES, *_TEXT_NAMES) if name in spelled}
    known = {
        name: field
        for name, field in known.items()
        if field not in taken and not (name == "label" and _is_verdict(sample, field, spelled))
    }
    for name, field in known.items():
        if _is_held(sample, field, name):
            return field
    solution = spelled.get("solution")  # beside a longer explanation
    if solution and solution not in taken and _is_value(sample, solution):
        return solution
    for field in spelled.values():
        if has_word(field, GOLD_WORDS) and field not in taken and is_mostly(sample, field, (str, int, float)):
            return field
    inside = {f"{key}.{name}": name for key in spelled.values() if key not in taken for name in _SURE_NAMES}
    found = (field for field, name in inside.items() if _is_held(sample, field, name))
    rare = (field for name, field in known.items() if _is_held(_list_filled(sample, field), field, name))
    rare_inside = (field for field, name in inside.items() if _is_held(_list_filled(sample, field), field, name))
    return next(chain(found, rare, rare_inside), None)


def find_stated_gold(sample: RowSample, taken: Sequence[str | None]) -> str | None:
    """The column that can be nothing but a gold answer by its name, or None.

    Args:
        sample: the first rows.
        taken: fields that are something else.

    >>> find_stated_gold([{"answer": "It is 5.", "ground_truth": "5"}], ())
    'ground_truth'
    """
    names = ("gold", "target", "ground_truth_answer", *_SURE_NAMES, *_SHORT_NAMES)
    spelled = {re.sub(r"[\s-]", "_", name.lower()): name for row in sample for name in row if name not in taken}
    return next((spelled[name] for name in names if name in spelled and _is_held(sample, spelled[name], name)), None)


def _is_verdict(sample: RowSample, field: str, spelled: Mapping[str, str]) -> bool:
    """Whether a column of nothing but 0 and 1 stands beside one that says whether a reply is right."""
    values = [value for row in sample if (value := row.get(field)) is not None]
    return all(type(value) is int and value in (0, 1) for value in values) and not _JUDGEMENTS.isdisjoint(spelled)


def _is_value(sample: RowSample, field: str) -> bool:
    """Whether all that a column holds is a number or a word or two."""
    held = [str(row[field]) for row in sample if isinstance(row.get(field), str | int | float)]
    return 2 * len(held) >= len(sample) > 0 and all(
        count_words(text) <= MAX_VALUE_WORDS and "\n" not in text.strip() for text in held
    )


def _list_filled(sample: RowSample, field: str) -> RowSample:
    """The rows that have something in a field; of many there may be few."""
    return [row for row in sample if _get_value(row, field) not in (None, "", [])]


def _is_held(sample: RowSample, field: str, name: str) -> bool:
    """Whether at least half of the rows have a gold answer in a field of such a name."""
    return 2 * sum(_is_gold(name, _get_value(row, field)) for row in sample) >= len(sample) > 0


def _get_value(row: RowData, field: str) -> Any:
    if field in row:
        return row[field]
    key, _, name = field.rpartition(".")
    held = row.get(key)
    return held.get(name) if isinstance(held, Mapping) else None


def _is_gold(name: str, value: Any) -> bool:
    value = _take_only(value)
    if isinstance(value, bool):
        return any(word in name for word in _TRUTH_NAMES)
    return isinstance(value, str) or (isinstance(value, int | float) and name not in _TEXT_NAMES)


def _take_only(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def read_gold(data: RowData, field: str) -> str | None:
    """The gold answer of a row; None where there is none, or a list of several.

    Raises:
        MalformedRowError: "missing-field", or "wrong-type" for an object.

    >>> read_gold({"final_answer": ["5"]}, "final_answer"), read_gold({"answer": ["5", "five"]}, "answer")
    ('5', None)
    """
    value = _take_only(get_at(data, resolve_field(data, field)))
    if isinstance(value, list) or ("." in field and value is None):
        return None
    gold = get_scalar({field: value}, field) if value is not None else get_scalar(data, field)
    parts = split_hash_mark(gold) if gold else None
    return parts[2] if parts else gold  # a solution that ends in "#### 72"
