"""`cotpress advise`, and `--auto` on compress, which applies it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cotpress.cli import main
from cotpress.cli.auto import look
from cotpress.types import Trace
from cotpress.world import sample


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    return int(str(ended.value.code))


def test_advice_ends_in_the_command_to_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("advise", "--domain", "math", "--regime", "long", "--goal", "inference-cost") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "use: nll, step level"
    assert any(line.startswith("warning: The training ratio is a lower bound") for line in lines)
    assert lines[-1] == "run: cotpress compress traces.jsonl -o out/ --criterion nll --granularity step --keep 0.7"


def test_advice_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("advise", "--domain", "general", "--regime", "short", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["method"]) == ("level", "fuse")
    assert found["command"].startswith("cotpress rewrite")


def test_a_study_that_is_not_there_says_what_to_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pandas", reason="studies need the extra 'study'")
    assert run("advise", "--domain", "math", "--regime", "long", "--study", str(tmp_path)) == 3
    assert "cotpress sweep" in capsys.readouterr().err


@pytest.mark.parametrize("domain", ["math", "general"])
@pytest.mark.parametrize("regime", ["long", "short"])
def test_domain_and_regime_are_told_by_the_look_of_traces(domain: str, regime: str) -> None:
    assert look([one.trace for one in sample(domain, regime, 20)]) == (domain, regime)


def test_traces_without_a_domain_are_told_by_their_text() -> None:
    prose = Trace("1", "Who?", "She was seen at home that night. Her brother said so too, and nobody doubts him.")
    formula = Trace("2", "Sum?", "Let x = 3. Then 2x + 4 = 10, so x + 1 = 4.")
    assert look([prose]) == ("general", "short")
    assert look([formula]) == ("math", "short")


@pytest.fixture
def traces(tmp_path: Path) -> Path:
    path = tmp_path / "traces.jsonl"
    assert run("world", "sample", "--domain", "math", "--regime", "long", "-n", "6", "-o", str(path)) == 0
    return path


def test_auto_prunes_as_advised(traces: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("compress", str(traces), "-o", str(tmp_path / "out"), "--auto", "-q") == 0
    said = capsys.readouterr().err
    assert "taken for: math, long" in said
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert "0.7" in json.dumps(summary)
    assert (tmp_path / "out" / "sft.jsonl").stat().st_size > 0


def test_auto_rewrites_where_that_is_advised(traces: Path, tmp_path: Path) -> None:
    words = ("compress", str(traces), "-o", str(tmp_path / "out"), "--auto", "--domain", "general", "-q")
    assert run(*words, "--regime", "short", "--store", str(tmp_path / "store")) == 0
    assert "fuse" in (tmp_path / "out" / "summary.json").read_text()
