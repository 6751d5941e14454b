"""Rows of every layout with values of other types, without keys, with nonsense: a reject with a reason, no crash."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest
from column_layouts import COLUMN_LAYOUTS
from corpus_layouts import CORPUS_LAYOUTS
from export_layouts import EXPORT_LAYOUTS
from fresh_layouts import FRESH_LAYOUTS
from late_layouts import LATE_LAYOUTS
from layouts import MESSAGE_LAYOUTS, Layout
from log_layouts import LOG_LAYOUTS
from vendor_layouts import VENDOR_LAYOUTS

from cotpress.errors import InputError
from cotpress.traces import FieldNames, read
from cotpress.traces.places import replace_texts
from cotpress.types import Rejected, Trace

LAYOUTS = [
    *MESSAGE_LAYOUTS, *CORPUS_LAYOUTS, *VENDOR_LAYOUTS, *LOG_LAYOUTS, *COLUMN_LAYOUTS, *EXPORT_LAYOUTS, *LATE_LAYOUTS,
    *FRESH_LAYOUTS,
]  # fmt: skip
ODD: list[Any] = [
    None, 0, -1, 3.5, True, "", [], {}, "x", [None], [[]], {"a": None}, [{}], [1, 2], "[1", '{"a":1}',
    {"role": "assistant"}, [{"role": "user"}], 10**40, "\x00",
]  # fmt: skip
CHANGES = 30  # of each layout


def list_paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from list_paths(part, (*path, key))


def damage(row: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    row = copy.deepcopy(row)
    for _ in range(draw.choice((1, 1, 2, 3))):
        paths = list(list_paths(row))
        if not paths:
            break
        *path, last = draw.choice(paths)
        holder: Any = row
        for key in path:
            holder = holder[key]
        if draw.random() < 0.1:
            del holder[last]
        else:
            holder[last] = copy.deepcopy(draw.choice(ODD))
    return row


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_damaged_rows_are_rejected_with_a_reason(layout: Layout) -> None:
    draw = random.Random(layout.name)
    for _ in range(CHANGES):
        damaged = damage(layout.row, draw)
        rows = draw.choice(([layout.row, damaged], [damaged], [damaged, layout.row, damaged]))
        try:
            outcomes = list(read(rows, FieldNames(**layout.options)))
        except InputError:
            continue  # not recognised, and said so
        assert outcomes
        assert "format-error" not in {outcome.reason for outcome in outcomes if isinstance(outcome, Rejected)}, damaged
        for trace in outcomes:
            if isinstance(trace, Trace) and trace.origin:
                replace_texts(trace.origin.row, [(place, "Short.") for place in trace.origin.places])
