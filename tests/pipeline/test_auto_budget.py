"""Keep "auto" through whole runs: the command line, Python, and what is recorded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from command import cotpress
from covering import COVERING

from cotpress import Method, Trace, compress
from cotpress.errors import OptionError
from cotpress.export import ExampleStyle
from cotpress.pipeline import BudgetConfig, CompressionSpec, RewriteSpec
from cotpress.types import Compressed

REASONING = "Let me think.\n\n12 * 3 = 36.\n\nSo 12 * 3 = 36, again.\n\n36 + 4 = 40.\n\nSo it is 40."
BACKBONE = "12 * 3 = 36.\n\n36 + 4 = 40."
TRACES = [Trace(str(number), "How many?", REASONING, "#### 40") for number in range(12)]
METHOD = Method(COVERING, protect=())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [{"question": "How many?", "reasoning": REASONING, "answer": "#### 40"}] * 4
    path = tmp_path / "traces.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def texts(**options: Any) -> set[str]:
    return {outcome.text for outcome in compress(TRACES, METHOD, **options) if isinstance(outcome, Compressed)}


def test_auto_is_what_such_a_criterion_gets_without_a_ratio() -> None:
    assert texts() == texts(keep="auto") == {BACKBONE}
    assert texts(keep=BudgetConfig(("auto",), coverage=0.2)) == {"12 * 3 = 36."}
    assert texts(keep=BudgetConfig(coverage=0.2)) == {"12 * 3 = 36."}


def test_a_ratio_and_a_cap_stay() -> None:
    assert texts(keep=1) == {REASONING}
    assert texts(keep=BudgetConfig(("auto",), max_tokens=7)) == {"12 * 3 = 36."}
    assert texts(keep=BudgetConfig(max_tokens=1000)) == {REASONING}


def test_auto_can_be_one_of_a_mix() -> None:
    assert texts(keep=BudgetConfig(("auto", "1"))) == {BACKBONE, REASONING}


@pytest.mark.parametrize("keep", ["auto", BudgetConfig(("0.5",), coverage=0.9), BudgetConfig(coverage=0.9)])
def test_a_criterion_without_coverage_says_what_to_do(keep: str | BudgetConfig) -> None:
    with pytest.raises(OptionError, match="auto") as caught:
        list(compress(TRACES, Method("random"), keep=keep))
    assert "--keep" in caught.value.hint


def test_what_contradicts_auto_is_refused() -> None:
    for make in (
        lambda: CompressionSpec(METHOD, style=ExampleStyle(ratio_prompt="{ratio}")),
        lambda: RewriteSpec(keep=("auto",)),
        lambda: BudgetConfig(("auto",), corpus=True),
    ):
        with pytest.raises(OptionError, match="auto"):
            make()


def test_a_corpus_wide_threshold_without_a_ratio_is_for_half() -> None:
    assert CompressionSpec(METHOD, BudgetConfig(corpus=True)).budget.keep == ("0.5",)


def test_the_command_records_what_was_kept(file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = ["--criterion", "covering:COVERING", "--protect", "none", "-q"]
    assert cotpress("compress", file, "-o", tmp_path / "out", *words, "--keep", "auto", "--coverage", "0.9") == 0
    assert "(auto, coverage 0.9)" in capfd.readouterr().out
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["target_ratio"] is None
    budget = summary["method"]["budget"]
    assert (budget["keep"], budget["coverage"], budget["max_tokens"], budget["corpus"]) == (["auto"], 0.9, None, False)
    rows = pq.read_table(tmp_path / "out" / "traces.parquet").to_pylist()
    assert {row["compressed"] for row in rows} == {BACKBONE}
    assert {row["target_ratio"] for row in rows} == {None}
    assert summary["realized_ratio"] == pytest.approx(rows[0]["realized_ratio"], abs=1e-6)


def test_the_command_names_the_way_out(file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert cotpress("compress", file, "-o", tmp_path / "out", "--criterion", "head", "--keep", "auto") == 2
    said = capfd.readouterr().err
    assert "'head' does not" in said
    assert "--keep RATIO" in said
    assert cotpress("rewrite", file, "-o", tmp_path / "out", "--keep", "auto") == 2
    assert "--keep auto is for pruning" in capfd.readouterr().err
