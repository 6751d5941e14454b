"""The page of formats shows rows that are read as it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cotpress.traces import TRACE_FORMATS, FieldNames
from cotpress.traces.fields.ids import build_id_getter
from cotpress.traces.recognition import recognise_format
from cotpress.traces.row_parser import build_row_parser
from cotpress.traces.think_tags import THINK_TAG_PAIRS
from cotpress.types import THINK_TAGS

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text("utf-8")
SECTIONS = re.findall(r"^### (\S+)\n\n```json\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL)
ROWS = [(name, line) for name, block in SECTIONS for line in block.splitlines()]


def test_every_layout_is_on_the_page() -> None:
    assert {name for name, _ in SECTIONS} == set(TRACE_FORMATS) - {"trace"}


def test_every_think_tag_is_on_the_page() -> None:
    [listed] = re.findall(r"^- think tags: (.*?), each$", PAGE, re.MULTILINE | re.DOTALL)
    assert {*re.findall(r"`([^`]+)`", listed)} == {opening for opening, _ in THINK_TAG_PAIRS}
    assert THINK_TAGS in THINK_TAG_PAIRS


@pytest.mark.parametrize(("name", "line"), ROWS)
def test_a_row_of_the_page_is_read_as_it_says(name: str, line: str) -> None:
    row = json.loads(line)
    found, schema = recognise_format([row], FieldNames(), "page")
    assert found.name == name
    (trace,) = build_row_parser([row], schema, FieldNames(), build_id_getter(None, "page")).parse(row, 1)
    assert trace.reasoning.startswith("2 and 3 make 5.")
    assert trace.question.removeprefix("User: ").startswith(("2+3?", "Is 5 odd?"))
    assert trace.origin is not None
    assert trace.origin.places
