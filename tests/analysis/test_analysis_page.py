"""The page about analysis: its snippet runs, and it names every function and finding."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from synthetic_study import Knobs, synthetic_rows

from cotpress import analysis
from cotpress.tables import build_study_tables, write_study_table

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "analysis.md").read_text(encoding="utf-8")


def test_the_snippet_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "runs" / "my-study" / "tables"
    folder.mkdir(parents=True)
    for name, rows in synthetic_rows(Knobs(traces=3, problems=20, criteria=("nll", "entropy"), seeds=(0,))).items():
        write_study_table(folder, name, rows)
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(code, "docs/analysis.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "step-agreement - cannot tell" in printed
    assert "math-long" in printed


def test_every_function_and_finding_is_there() -> None:
    named = set(re.findall(r"^\| `(\w+)\(", PAGE, re.MULTILINE))
    assert named == {name for name in analysis.__all__ if name.islower()}
    findings = {one.finding for one in analysis.judge_findings(build_study_tables({}))}
    assert findings == set(re.findall(r"^\| `([a-z]+-[a-z]+|plateau|drop)` \|", PAGE, re.MULTILINE))
