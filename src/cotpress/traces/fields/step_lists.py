"""Reasoning in a column: one text, or the texts of a list of steps, with the place of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cotpress.traces.extraction import get_field, get_text, locate_text
from cotpress.traces.places import STEP_JOINER, parse_json_text, resolve_field
from cotpress.traces.rows import RowData
from cotpress.types import RowPath, TextPlace

_STEP_TEXTS = ("text", "content", "thought", "explanation", "reasoning", "step", "description", "statement", "value")
_STEP_TITLES = ("title", "name", "heading")
_BRANCHES = ("children", "branches")  # of steps that are a tree
STEP_LABELS = ("label", "labels")  # beside steps they say which is right


def read_steps(data: RowData, field: str, listed: bool) -> tuple[str, tuple[TextPlace, ...]]:
    """The reasoning and its place: a text, or the texts of a list, one below the other, or those of its objects.

    Args:
        data: a row.
        field: the column.
        listed: whether it holds lists.

    Raises:
        MalformedRowError: it holds something else.

    >>> read_steps({"steps": ["2+3=5.", "So 5."]}, "steps", listed=True)[0]
    '2+3=5.\\n\\nSo 5.'
    """
    held = get_field(data, field)
    value = parse_json_text(held) if listed else held
    path = resolve_field(data, field)
    steps = list_steps(value) if listed else []
    if not steps:
        return get_text(data, field), (locate_text(data, field),)
    if not all(isinstance(step, str) for step in value):
        return STEP_JOINER.join(steps), tuple(_locate_steps(value, steps, path))
    if len(steps) == 1:
        return steps[0], (TextPlace((*path, 0), (0, len(steps[0]))),)
    if any(is_label_list(data.get(name), value) for name in STEP_LABELS):  # known by their numbers: none may go
        return STEP_JOINER.join(steps), tuple(_locate_texts(steps, path, stays=True))
    if isinstance(held, str):
        return STEP_JOINER.join(steps), tuple(_locate_texts(steps, path, stays=False))
    return STEP_JOINER.join(steps), (TextPlace(path),)


def _locate_texts(steps: list[str], path: RowPath, *, stays: bool) -> Iterator[TextPlace]:
    """The place of each text of a list, which goes where nothing is left of it, or `stays` there."""
    start = 0
    for at, step in enumerate(steps):
        yield TextPlace((*path, at), (0, len(step)), (start, start + len(step)), stays=stays)
        start += len(step) + len(STEP_JOINER)


def is_label_list(labels: Any, steps: Any) -> bool:
    """Whether there is a label for each of several steps.

    >>> is_label_list([True, False], ["2+3=5.", "So 6."]), is_label_list("B", ["2+3=5."])
    (True, False)
    """
    return isinstance(labels, list) and isinstance(steps, list) and len(labels) == len(steps) > 0


def _locate_steps(value: list[dict[str, Any]], steps: list[str], path: RowPath) -> Iterator[TextPlace]:
    """The place of each step's own text, its title aside, and which part of the reasoning it is."""
    key, end = _find_step_keys(value)[-1], 0
    for at, (step, shown) in enumerate(zip(value, steps, strict=True)):
        end += len(shown)
        size = len(step[key]) if step[key].strip() else 0
        yield TextPlace((*path, at, key), (0, len(step[key])), (end - size, end))
        end += len(STEP_JOINER)


def _find_step_keys(value: list[dict[str, Any]]) -> list[str]:
    """The keys of the title and of the text of steps that are objects; none where they have no text."""
    keys = [key for key in value[0] if all(isinstance(step.get(key), str) for step in value)]
    known = [key for key in _STEP_TEXTS if key in keys]
    titles = [key for key in _STEP_TITLES if key in keys and key not in known[:1]]
    return [*titles[:1], known[0]] if known else []


def list_steps(value: Any) -> list[str]:
    """The texts of a list of texts, or of objects with a text each; none where it is another kind of value.

    >>> list_steps([{"title": "Add", "text": "2+3=5."}])
    ['Add: 2+3=5.']
    """
    if not isinstance(value, list) or not value:
        return []
    if all(isinstance(step, str) for step in value):
        return value
    if not all(isinstance(step, dict) and not any(name in step for name in _BRANCHES) for step in value):
        return []
    keys = _find_step_keys(value)
    return [": ".join(step[key] for key in keys if step[key].strip()) for step in value] if keys else []
