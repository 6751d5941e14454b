"""Tables on narrow terminals and without colours, and hints."""

from __future__ import annotations

import re
from typing import Any

import pytest
from command import cotpress

from cotpress.cli.display.console_output import find_hints, print_table
from cotpress.criteria import CRITERIA
from cotpress.traces.sample_warnings import NO_QUESTION

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


def _summarise(**changes: Any) -> dict[str, Any]:
    return {"compressed": 9, "flags": {}, "rejected_reasons": {}, "target_ratio": None, **changes}


def test_a_hint_where_nothing_follows_the_closing_tag() -> None:
    """LIMO holds no reply beside its solution: students would learn to fall silent after their thoughts."""
    read = {"format": "columns", "roles": "question=question, reasoning=solution, gold=gold_answer"}
    method = {"style": {"think": "<think>,</think>"}, "method": {"criterion": "backbone"}}
    [hint] = find_hints(_summarise(recognised=[read], method=method))
    assert "--answer FIELD" in hint
    assert not find_hints(_summarise(recognised=[{**read, "roles": read["roles"] + ", answer=final"}], method=method))
    assert not find_hints(_summarise(recognised=[read], method={"style": {"think": "auto"}}))


def test_a_hint_where_prompts_would_be_empty() -> None:
    read = {"format": "response", "roles": "text=choices", "warnings": [f"{NO_QUESTION}; --question FIELD names one"]}
    [hint] = find_hints(_summarise(recognised=[read, {**read, "warnings": [*read["warnings"], "x"]}]))
    assert "the prompts of the training set are empty" in hint
    assert not find_hints(_summarise(recognised=[read, {**read, "warnings": []}]))


def test_a_hint_where_wrong_answers_cannot_be_told() -> None:
    read = {"format": "messages", "roles": "turns=messages, id=numbered", "warnings": []}
    [hint] = find_hints(_summarise(recognised=[read], method={"drop_wrong": True}))
    assert "--drop-wrong has dropped nothing" in hint
    assert not find_hints(_summarise(recognised=[read], method={"drop_wrong": False}))
    known = {**read, "roles": "turns=messages, gold=gold, id=numbered"}
    assert not find_hints(_summarise(recognised=[read, known], method={"drop_wrong": True}))


def test_hints_name_a_way_that_the_criterion_has() -> None:
    left = {"rejected_reasons": {"nothing-left": 1, "duplicate-id": 1}}
    [one, hint] = find_hints(_summarise(**left, method={"method": {"criterion": "nll"}}))
    assert "1 row has the id of another" in one
    assert "--criterion backbone --keep auto" in hint
