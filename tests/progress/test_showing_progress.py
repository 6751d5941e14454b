"""Where progress goes: bars on a terminal, one line in a notebook, lines in a log."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import cotpress
from cotpress.progress.display import NotebookLine, ProgressBars, ProgressLines, create_progress


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A notebook that writes down what the one line of a cell said."""
    said: list[str] = []
    handle = SimpleNamespace(update=lambda data, raw: said.append(data["text/plain"]))

    def display(data: dict[str, str], raw: bool, display_id: bool) -> Any:
        said.append(data["text/plain"])
        return handle

    top, shown = ModuleType("IPython"), ModuleType("IPython.display")
    top.get_ipython = lambda: SimpleNamespace(kernel=object())  # type: ignore[attr-defined]
    shown.display = display  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", top)
    monkeypatch.setitem(sys.modules, "IPython.display", shown)
    return said


def test_a_notebook_gets_one_line_that_changes(notebook: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert isinstance(create_progress(quiet=False), NotebookLine)
    assert list(cotpress.show_progress([1, 2, 3])) == [1, 2, 3]
    assert notebook[0] == "Compressing ..."
    assert notebook[-1].startswith("Compressing: 3/3 traces")
    assert capfd.readouterr() == ("", "")


def test_a_log_gets_lines_and_a_terminal_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(isatty=lambda: False))
    assert type(create_progress(quiet=False)) is ProgressLines
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(isatty=lambda: True, write=len, flush=lambda: None))
    assert isinstance(create_progress(quiet=False), ProgressBars)


def test_an_ipython_in_a_terminal_is_no_notebook(notebook: list[str]) -> None:
    sys.modules["IPython"].get_ipython = lambda: SimpleNamespace()  # type: ignore[attr-defined]
    assert not isinstance(create_progress(quiet=False), NotebookLine)


def test_who_stops_early_gets_the_last_line_too(capfd: pytest.CaptureFixture[str]) -> None:
    shown = cotpress.show_progress(iter(range(9)), "Reading", 9)
    assert next(shown) == 0
    shown.close()
    assert "Reading: 0/9" in capfd.readouterr().err
