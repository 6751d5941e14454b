"""A condition's traces are read as the study says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("pydantic", reason="studies need the extra 'study'")

from cotpress.errors import InputError
from cotpress.study import parse_study
from cotpress.study.artifacts import ArtifactStore
from cotpress.study.context import StudyContext

ROW = {"uid": "q00", "ask": "3x + 10 = 19. Solve x.", "scratch": "3x = 9.\n\nx = 3.", "reply": "**3**", "key": "3"}
STUDY = """
name: Numbers
conditions:
  mine: {traces: TRACES, domain: math, regime: short, fields: {FIELDS}}
pruning: {criteria: [random], granularities: [step], keep: [0.5]}
"""


@pytest.fixture
def traces(tmp_path: Path) -> Path:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({"made": "2026-11", "items": [ROW]}))
    return path


def _open(traces: Path, fields: str) -> StudyContext:
    text = STUDY.replace("TRACES", str(traces)).replace("FIELDS", fields)
    return StudyContext(parse_study(text, "mine.yaml"), ArtifactStore(traces.parent / "store"))


def test_a_condition_names_the_fields_of_its_files(traces: Path) -> None:
    context = _open(traces, "rows: items, question: ask, reasoning: scratch, answer: reply, gold: key")
    [trace] = context.load_condition("mine").traces
    assert (trace.id, trace.question, trace.reasoning) == ("q00", ROW["ask"], ROW["scratch"])
    assert (trace.answer, trace.gold, trace.domain) == ("**3**", "3", "math")


@pytest.mark.parametrize("fields", ["", "rows: items", "rows: items, reasoning: scratches"])
def test_where_the_fields_are_not_known_it_is_said_how_a_study_names_them(traces: Path, fields: str) -> None:
    with pytest.raises(
        InputError, match=r"In a study the condition names them, such as fields: \{reasoning: FIELD\}\.$"
    ):
        _open(traces, fields).load_condition("mine")
