"""Runs over short traces: nothing is emptied in silence, and the end says what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command import cotpress

from cotpress import BudgetConfig, Method, Trace, compress
from cotpress.errors import OptionError
from cotpress.export import ExampleStyle, build_example
from cotpress.types import Compressed, Rejected

ROWS = [
    {
        "question": "How many?",
        "answer": "She has 48/2 = <<48/2=24>>24 of the pens.\nShe then has 48+24 = 72 pens.\n#### 72",
    },
    {
        "question": "How far?",
        "answer": "He walks for 2 x 2 = <<2*2=4>>4 of the miles.\nSo he walks 2 + 4 = 6 miles.\n#### 6",
    },
]


def run(tmp_path: Path, *words: str) -> tuple[dict[str, Any], str]:
    (tmp_path / "short.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    cotpress("compress", tmp_path / "short.jsonl", "-o", tmp_path / "out", "--criterion", "head", "-q", *words)
    return json.loads((tmp_path / "out" / "summary.json").read_text()), ""


def test_by_default_such_traces_are_cut_finer(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    summary, _ = run(tmp_path, "--keep", "0.5")
    assert (summary["compressed"], summary["rejected"], summary["flags"]) == (2, 0, {"single-units": 2})
    printed = capfd.readouterr().out
    assert "hint: 2 traces have too few whole steps for this budget; --criterion backbone --keep auto" in printed
    assert "24 of the" not in (tmp_path / "out" / "sft.jsonl").read_text()


def test_what_would_be_empty_is_a_reject_unless_it_is_asked_for(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    summary, _ = run(tmp_path, "--keep", "0.3", "--shortfall", "accept")
    assert (summary["compressed"], summary["rejected_reasons"]) == (0, {"nothing-left": 2})
    assert "hint: nothing of 2 traces fits the budget; --criterion backbone --keep auto" in capfd.readouterr().out
    summary, _ = run(tmp_path, "--keep", "0.3", "--shortfall", "accept", "--allow-empty", "--force")
    assert (summary["compressed"], summary["flags"]) == (2, {"empty": 2})
    printed = capfd.readouterr().out
    assert "hint: 2 traces train the answer alone" in printed
    assert "hint: far less is kept than was asked for" in printed


def test_traces_that_are_left_whole_state_no_ratio() -> None:
    trace = Trace("1", "How many?", "It is so.\nIt is 72.", "#### 72")
    [outcome] = compress([trace], Method("head"), keep=BudgetConfig(("0.5",), shortfall="whole"))
    assert isinstance(outcome, Compressed)
    assert outcome.flags == ("left-whole",)
    assert build_example(outcome, ExampleStyle(ratio_prompt="[{ratio}]")).prompt == "How many?"


def test_a_corpus_wide_threshold_takes_whole_steps() -> None:
    traces = [Trace(str(n), "How many?", "So 3 + 4 = 7.\nThen 7 + 1 = 8.", "#### 8") for n in range(3)]
    outcomes = list(compress(traces, Method("head"), keep=BudgetConfig(("0.6",), corpus=True)))
    assert [outcome.flags if isinstance(outcome, Compressed) else outcome.reason for outcome in outcomes] == [()] * 3


def test_python_rejects_and_allows_likewise() -> None:
    trace = Trace("1", "How many?", "So 3 + 4 = 7 and 7 + 1 = 8 and so on.", "#### 8")
    budget = BudgetConfig(("0.2",), shortfall="accept")
    [outcome] = compress([trace], Method("head"), keep=budget)
    assert isinstance(outcome, Rejected)
    with pytest.raises(OptionError, match="policy for a shortfall 'finest'"):
        BudgetConfig(shortfall="finest")
