"""Tables on narrow terminals, and without colours."""

from __future__ import annotations

import re

import pytest
from command import cotpress

from cotpress.cli.console_output import print_table
from cotpress.criteria import CRITERIA

COLOUR = re.compile(r"\x1b\[[0-9;]*?(?:3[0-7]|38|9[0-7])[0-9;]*m")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return monkeypatch


@pytest.mark.parametrize("width", [24, 40, 60, 80, 120])
def test_a_table_cuts_no_name_apart(
    width: int, terminal: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.setenv("COLUMNS", str(width))
    assert cotpress("criteria") == 0
    printed = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)
    assert max(map(len, printed.splitlines())) <= max(width, len("Importance criteria (higher = keep)"))
    words = set(printed.split())
    assert not {name for name in CRITERIA if name not in words}
    assert "docs/results/backbone.md" in words or width < len("docs/results/backbone.md") + 2


def test_what_looks_like_markup_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    print_table("a table", ("name", "share"), [("[bold]x[/bold] :smile:", 0.25), ("y", 1.0)])
    printed = capsys.readouterr().out
    assert "[bold]x[/bold] :smile:" in printed
    assert "0.250" in printed


@pytest.mark.parametrize("words", [["--help"], ["compress", "--help"], ["criteria"]])
def test_no_color_is_heeded(words: list[str], terminal: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    terminal.setenv("FORCE_COLOR", "1")
    assert cotpress(*words) == 0
    coloured = capsys.readouterr().out
    terminal.setenv("NO_COLOR", "1")
    assert cotpress(*words) == 0
    assert not COLOUR.search(capsys.readouterr().out)
    assert words == ["criteria"] or COLOUR.search(coloured), "the help is coloured where it may be"
