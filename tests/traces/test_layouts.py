"""Every layout: recognised, split right, and written back with all else equal, in whatever container it comes."""

from __future__ import annotations

import json
from pathlib import Path
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

from cotpress.traces import FieldNames, read
from cotpress.traces.places import replace_texts
from cotpress.types import Trace

LAYOUTS = [
    *MESSAGE_LAYOUTS,
    *CORPUS_LAYOUTS,
    *VENDOR_LAYOUTS,
    *LOG_LAYOUTS,
    *COLUMN_LAYOUTS,
    *EXPORT_LAYOUTS,
    *LATE_LAYOUTS,
    *FRESH_LAYOUTS,
]
every_layout = pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)


def read_layout(layout: Layout, folder: Path) -> list[Trace]:
    path = folder / "rows.json"
    path.write_text(json.dumps([layout.row], ensure_ascii=False, indent=1), "utf-8")
    reading = read(path, FieldNames(**layout.options))
    assert [about["format"] for about in reading.recognised] == [layout.format]
    traces = list(reading)
    assert all(isinstance(trace, Trace) for trace in traces), traces
    return traces  # type: ignore[return-value]


def test_there_are_enough_and_no_two_alike() -> None:
    assert len({layout.name for layout in LAYOUTS}) == len(LAYOUTS) >= 45
    assert len({json.dumps(layout.row) for layout in LAYOUTS}) == len(LAYOUTS)


@every_layout
def test_split_right(layout: Layout, tmp_path: Path) -> None:
    traces = read_layout(layout, tmp_path)
    assert [(trace.question, trace.reasoning, trace.answer) for trace in traces] == layout.traces
    alternative = traces[0].origin is not None and traces[0].origin.alternative
    earlier = layout.gold if alternative else None  # a conversation has its answer at its end
    assert [trace.gold for trace in traces] == [earlier] * (len(traces) - 1) + [layout.gold]
    assert {trace.system for trace in traces} == {layout.system}


def shorten(value: Any, texts: dict[str, str]) -> Any:
    """The value with each of the texts, wherever it stands, replaced: what a right output is."""
    if isinstance(value, dict):
        return {key: shorten(part, texts) for key, part in value.items()}
    if isinstance(value, list):
        return [shorten(part, texts) for part in value]
    if isinstance(value, str):
        for old, new in texts.items():
            for _ in range(3):  # as it is, in JSON text, and in such text that is JSON again
                value = value.replace(old, new)
                old, new = json.dumps(old)[1:-1], json.dumps(new)[1:-1]
    return value


@every_layout
def test_all_but_the_reasoning_is_equal_when_written_back(layout: Layout, tmp_path: Path) -> None:
    traces = read_layout(layout, tmp_path)
    origins = [trace.origin for trace in traces]
    placed = [(place, trace.reasoning) for trace in traces if trace.origin for place in trace.origin.places]
    pieces = [(place, text[slice(*place.part)] if place.part else text) for place, text in placed]
    new = {piece: f'Short "{number}" \\ .' for number, piece in enumerate(dict.fromkeys(text for _, text in pieces))}
    edits = [(place, new[piece]) for place, piece in pieces]
    assert all(origin is not None and origin.places for origin in origins)
    assert origins[0] is not None
    written = replace_texts(origins[0].row, edits)
    expected = shorten(layout.row, new)
    if layout.name == "steps-list":
        expected["steps"] = list(new.values())
    assert json.dumps(written) == json.dumps(expected)
    assert json.dumps(origins[0].row) == json.dumps(layout.row)  # the row itself is as it was read
