"""`cotpress measure`: which gauges a run is warned of, whose warnings they are, gauges of one's own."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import cotpress

GAUGE = '''
def count_sums(pair):
    """How many plus signs are left."""
    return float(pair.text.count("+"))


def fail(pair):
    return pair.nothing
'''
CRITERION = """
import numpy as np


def keep_talk(evidence):
    bounds = evidence.segments.tolist()
    return np.array([-float("=" in evidence.text[a:b]) for a, b in zip(bounds, bounds[1:])])
"""


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Two outputs, "bad" of a criterion that deletes equations, and a module of gauges."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    Path("measured.py").write_text(GAUGE + CRITERION)
    rows = []
    for seed in range(8):
        lines = [f"So {at} * 4 = {4 * at}.\n\nHmm, that is what we wanted to see." for at in range(seed, seed + 9)]
        rows.append({"question": "Which?", "reasoning": "\n\n".join(lines), "answer": "The answer is 4."})
    Path("traces.jsonl").write_text("\n".join(map(json.dumps, rows)))
    for output, criterion in (("bad", "measured:keep_talk"), ("good", "backbone")):
        words = ("compress", "traces.jsonl", "-o", output, "--criterion", criterion, "--keep", "0.5", "--quiet")
        assert cotpress(*words) == 0
    yield tmp_path
    sys.modules.pop("measured", None)


def test_gauges_that_a_run_is_warned_of_are_marked(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert cotpress("measure", "bad") == 0
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("│ equations ")]
    assert line.split("│")[-2].strip() == "worse"
    assert cotpress("measure", "good") == 0
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("│ equations ")]
    assert line.split("│")[-2].strip() == "-"


def test_warnings_of_several_outputs_say_which(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert cotpress("measure", "good", "bad") == 0
    assert "warning: bad: keeps 0% of the equation lines" in capsys.readouterr().err
    assert cotpress("measure", "bad") == 0
    assert "warning: keeps 0% of the equation lines" in capsys.readouterr().err


def test_folders_may_follow_options(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert cotpress("measure", "good", "--json", "bad") == 0
    assert list(json.loads(capsys.readouterr().out)) == ["good", "bad"]
    assert cotpress("show", "good", "--list", "traces-1", "traces-2") == 0
    assert "2 of 8 pairs" in capsys.readouterr().out


def test_a_gauge_of_ones_own_needs_no_package(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert cotpress("measure", "good", "--gauge", "measured:count_sums") == 0
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("│ measured:count_sums ")]
    assert [cell.strip() for cell in line.split("│")[2:-1]] == ["0.000", "0.000", "-", "higher", "-"]
    assert cotpress("measure", "good", "--gauge", "measured:fail") == 5
    said = capsys.readouterr().err
    assert "The gauge 'measured:fail' failed on trace 'traces-1' (AttributeError" in said
    assert "measured.py line 8" in said


def test_references_of_other_problems_are_told(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("short.jsonl").write_text('{"question": "Another?", "solution": "It is 7."}\n')
    capsys.readouterr()
    assert cotpress("compress", "traces.jsonl", "-o", "referred", "--reference", "short.jsonl", "--quiet") == 0
    assert "warning: no trace shares a number or word with a reference in short.jsonl" in capsys.readouterr().err
    Path("short.jsonl").write_text('{"question": "Which?", "solution": "It is 32, as 8 * 4 = 32."}\n')
    assert cotpress("rewrite", "traces.jsonl", "-o", "found", "--reference", "short.jsonl", "--quiet") == 0
    assert "no trace shares" not in capsys.readouterr().err
