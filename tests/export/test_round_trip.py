"""What is exported is read back by the project itself."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cotpress.export import EXPORT_FORMATS, ExampleStyle, build_example
from cotpress.traces import read
from cotpress.types import Compressed, Trace

TRACES = [
    Trace("a", "2+3?", "Two and three.\nThat makes five.", answer="#### 5"),
    Trace("b", "2+3?", "Two and three make five.", answer="The answer is 5."),
    Trace("c", "2+3?", "Two and three make five.", answer="It is 5.", tagged=True),
    Trace("d", "2+3?", "So it is \\boxed{5}"),
]


@pytest.mark.parametrize("name", EXPORT_FORMATS)
@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.id)
def test_round_trip(name: str, trace: Trace, tmp_path: Path) -> None:
    whole = np.array([[0, len(trace.reasoning)]])
    row = EXPORT_FORMATS[name].build_row(
        build_example(Compressed(trace, trace.reasoning, whole, 9, 9, 1.0), ExampleStyle())
    )
    (tmp_path / "sft.jsonl").write_text(json.dumps(row) + "\n")
    [back] = read(tmp_path / "sft.jsonl")
    assert isinstance(back, Trace)
    parts = (trace.id, trace.question, trace.reasoning, trace.answer, trace.tagged)
    assert (back.id, back.question, back.reasoning, back.answer, back.tagged) == parts


def test_by_default_tags_are_think_tags_whatever_those_of_the_source_are(tmp_path: Path) -> None:
    reply = "[THINK]Two and three make five.[/THINK]It is 5."
    (tmp_path / "in.jsonl").write_text(json.dumps({"prompt": "2+3?", "completion": reply}) + "\n")
    [trace] = read(tmp_path / "in.jsonl")
    assert isinstance(trace, Trace)
    whole = np.array([[0, len(trace.reasoning)]])
    example = build_example(Compressed(trace, trace.reasoning, whole, 9, 9, 1.0), ExampleStyle())
    assert example.completion == "<think>\nTwo and three make five.\n</think>\n\nIt is 5."
