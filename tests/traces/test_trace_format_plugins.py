"""Layouts that do not come with cotpress: from a plugin, from a module, from Python; and what a broken one does."""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import cotpress
from cotpress import registry
from cotpress.errors import InputError, OptionError
from cotpress.traces import (
    TRACE_FORMATS,
    FieldNames,
    RawTrace,
    RowSchema,
    TraceFormat,
    add_format,
    find_columns,
    format_registry,
    format_roles,
    read,
)
from cotpress.traces.format_definition import RowSample
from cotpress.types import Rejected, Trace

DIALOGUE = {"ask": "What is 2 + 3?", "steps": ["2 and 3", "make 5."], "prompt": "x", "completion": "y"}


def recognise_steps(sample: RowSample, fields: FieldNames) -> RowSchema | None:
    """Reasoning as a list of steps."""
    if not find_columns(sample, ["steps"], list):
        return None
    return RowSchema(
        lambda row: RawTrace(row["ask"], "\n".join(row["steps"])),
        format_roles(question="ask", text="steps"),
        frozenset(("ask", "steps")),
    )


def recognise_and_fail(sample: RowSample, fields: FieldNames) -> RowSchema | None:
    raise ZeroDivisionError("no rows\nat all")


@pytest.fixture
def formats(monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry that the test may add to."""
    list(TRACE_FORMATS)  # loaded, so that the entries are those of cotpress
    monkeypatch.setattr(TRACE_FORMATS, "_entries", dict(TRACE_FORMATS._entries))


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text(f"{json.dumps(DIALOGUE)}\n{json.dumps({**DIALOGUE, 'steps': ['Yes.']})}\n")
    return path


def read_reasoning(path: Path, name: str | None = None) -> list[str]:
    return [trace.reasoning if isinstance(trace, Trace) else trace.reason for trace in read(path, format=name)]


def test_a_layout_without_a_rank_comes_before_those_of_cotpress(formats: None, rows: Path) -> None:
    assert read_reasoning(rows) == ["y", "y"]
    add_format(TraceFormat("steps", "Reasoning as a list of steps", DIALOGUE, recognise_steps))
    assert read_reasoning(rows) == ["2 and 3\nmake 5.", "Yes."]
    assert read(rows).recognised[0]["format"] == "steps"
    assert read(rows).how["formats"] == ["steps"]


def test_a_layout_with_a_high_rank_takes_what_no_other_does(formats: None, rows: Path) -> None:
    add_format(TraceFormat("steps", "Reasoning as a list of steps", DIALOGUE, recognise_steps, rank=200))
    assert read_reasoning(rows) == ["y", "y"]
    assert read_reasoning(rows, "steps") == ["2 and 3\nmake 5.", "Yes."]


def test_a_layout_is_named_by_its_module(formats: None, rows: Path) -> None:
    name = f"{__name__}:recognise_steps"
    assert read_reasoning(rows, name) == ["2 and 3\nmake 5.", "Yes."]
    assert read(rows, format=name).recognised[0]["format"] == name
    assert TRACE_FORMATS.get_entry(name).description == "Reasoning as a list of steps."


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("stepz", "There is no trace format 'stepz'"),
        (f"{__name__}:DIALOGUE", "neither a TraceFormat nor a function; it is a dict"),
        (f"{__name__}:nothing", "cannot be imported"),
    ],
)
def test_what_is_no_layout_is_refused(formats: None, rows: Path, name: str, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        read(rows, format=name)


def test_a_layout_that_fails_is_passed_over_with_one_warning(
    formats: None, rows: Path, caplog: pytest.LogCaptureFixture
) -> None:
    add_format(TraceFormat("broken", "", {}, recognise_and_fail))
    with caplog.at_level(logging.WARNING, "cotpress"):
        assert read_reasoning(rows) == ["y", "y"]
    [line] = caplog.messages
    assert line == (
        f"The trace format 'broken' fails on the rows of {rows} (ZeroDivisionError: no rows at all). It is passed over."
    )
    with pytest.raises(InputError, match="'broken' fails on the rows"):
        read(rows, format="broken")


def test_a_row_on_which_a_layout_fails_is_rejected(formats: None, rows: Path) -> None:
    add_format(TraceFormat("steps", "", DIALOGUE, recognise_steps))
    with rows.open("a") as file:
        file.write(json.dumps({"steps": ["No question."]}) + "\n")
    *_, last = read(rows)
    assert isinstance(last, Rejected)
    assert (last.reason, last.line) == ("format-error", 3)
    assert "KeyError: 'ask'" in last.detail


def test_a_plugin_offers_a_layout_by_an_entry_point(monkeypatch: pytest.MonkeyPatch, rows: Path) -> None:
    point = EntryPoint("steps", f"{__name__}:recognise_steps", TRACE_FORMATS.group)
    monkeypatch.setattr(registry, "find_entry_points", lambda group: [point] if group == TRACE_FORMATS.group else [])
    fresh = registry.Registry[TraceFormat](TRACE_FORMATS.kind, TRACE_FORMATS.group, adapt=format_registry._adapt_format)
    assert fresh["steps"].recognise is recognise_steps
    assert fresh["steps"].rank == 0


def test_a_new_layout_of_the_package_is_one_file(tmp_path: Path, rows: Path) -> None:
    package = Path(cotpress.__file__).parent
    shutil.copytree(package, tmp_path / "cotpress", ignore=shutil.ignore_patterns("__pycache__", "embedded"))
    source = Path(__file__).read_text()
    function = source[source.index("def recognise_steps") : source.index("def recognise_and_fail")]
    (tmp_path / "cotpress" / "traces" / "formats" / "steps.py").write_text(
        "from cotpress.traces.format_definition import RawTrace, RowSchema, TraceFormat, find_columns, format_roles\n"
        "from cotpress.traces.format_registry import add_format\n\n\n"
        + function.replace("sample: RowSample, fields: FieldNames", "sample, fields").replace("-> RowSchema | None", "")
        + "\nadd_format(TraceFormat('steps', 'Reasoning as a list of steps', {}, recognise_steps, rank=25))\n"
    )
    code = f"import cotpress; print([trace.reasoning for trace in cotpress.read({str(rows)!r})])"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)},
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.stdout.strip() == "['2 and 3\\nmake 5.', 'Yes.']", done.stderr
