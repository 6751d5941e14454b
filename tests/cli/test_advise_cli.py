"""`cotpress advise`, and `--auto` on compress, which applies it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from command import cotpress
from synthetic_study import Knobs, synthetic_rows

from cotpress.advice import Models, Question, advise
from cotpress.cli.advise import measured_with
from cotpress.cli.auto import chosen, look, scored
from cotpress.cli.compress import _rules
from cotpress.cli.options import ChooseOptions, ScoreOptions
from cotpress.errors import OptionError
from cotpress.tables import write_table
from cotpress.types import Trace
from cotpress.world import sample


def test_advice_ends_in_the_command_to_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert cotpress("advise", "--domain", "math", "--regime", "long", "--goal", "inference-cost") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "use: nll, step level"
    assert any(line.startswith("warning: The training ratio is a lower bound") for line in lines)
    assert lines[-1] == "run: cotpress compress traces.jsonl -o out/ --criterion nll --granularity step --keep 0.7"


def test_advice_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cotpress("advise", "--domain", "general", "--regime", "short", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["method"]) == ("level", "fuse")
    assert found["command"].startswith("cotpress rewrite")


def test_a_few_of_the_cells_are_shown_and_all_are_in_the_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pandas", reason="studies need the extra 'study'")
    knobs = Knobs(traces=3, problems=20, seeds=(0, 1, 2), criteria=("nll",), levels=())
    for name, rows in synthetic_rows(knobs).items():
        write_table(tmp_path / "tables", name, rows)
    asked = ("advise", "--domain", "math", "--regime", "short", "--study", str(tmp_path), "--threshold", "0.5")
    assert cotpress(*asked, "--json") == 0
    cells = json.loads(capsys.readouterr().out)["cells"]
    assert cotpress(*asked) == 0
    lines = capsys.readouterr().out.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("cells: "))
    assert [line[7:] for line in lines[at : at + 4]] == cells[:4]
    assert lines[at + 4].strip() == f"and {len(cells) - 4} more, which cotpress advise --json lists"
    assert len(cells) == len(set(cells)) > 5


def test_a_study_that_is_not_there_says_what_to_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pandas", reason="studies need the extra 'study'")
    assert cotpress("advise", "--domain", "math", "--regime", "long", "--study", tmp_path) == 3
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
    assert cotpress("world", "sample", "--domain", "math", "--regime", "long", "-n", "6", "-o", path) == 0
    return path


def test_auto_prunes_as_advised(traces: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cotpress("compress", traces, "-o", tmp_path / "out", "--auto", "-q") == 0
    said = capsys.readouterr().err
    assert "taken for: math, long" in said
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert "0.7" in json.dumps(summary)
    assert (tmp_path / "out" / "sft.jsonl").stat().st_size > 0


def test_auto_rewrites_where_that_is_advised(traces: Path, tmp_path: Path) -> None:
    words = ("compress", str(traces), "-o", str(tmp_path / "out"), "--auto", "--domain", "general", "-q")
    assert cotpress(*words, "--regime", "short", "--store", tmp_path / "store") == 0
    assert "fuse" in (tmp_path / "out" / "summary.json").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--auto", "--criterion", "random"), "--criterion"),
        (("--auto", "--keep", "0.3", "--max-tokens", "30"), "--keep, --max-tokens"),
        (("--domain", "math"), "--domain says something to --auto alone"),
    ],
)
def test_what_auto_would_drop_is_refused(
    traces: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert cotpress("compress", traces, "-o", tmp_path / "out", *words) == 2
    assert said in capsys.readouterr().err


SETTINGS = {"scorer": "my-model", "saliency": "my-classifier", "tokenizer": "", "students": ["my-student"]}


def test_advice_of_a_study_is_applied_as_it_was_measured(tmp_path: Path) -> None:
    (tmp_path / "study.json").write_text(json.dumps({**SETTINGS, "rewriting": None}))
    models = measured_with(tmp_path)
    assert models == Models("my-model", "my-classifier", "my-student")
    advice = replace(advise(Question("math", "long")), models=models)
    assert scored(advice, ScoreOptions()) == ScoreOptions(source="lm", model="my-model", tokenizer="my-student")
    given = ScoreOptions(model="another", tokenizer="mine")
    assert scored(advice, given) == given
    saliency = replace(advice, method="saliency")
    assert scored(saliency, ScoreOptions()).model == "my-classifier"
    with pytest.raises(OptionError, match="token classifier"):
        scored(replace(saliency, models=Models()), ScoreOptions())


def test_settings_that_cannot_be_read_name_no_models(tmp_path: Path) -> None:
    assert measured_with(tmp_path) == Models()
    (tmp_path / "study.json").write_text("[]")
    assert measured_with(tmp_path) == Models()


def test_auto_neither_calls_a_paid_rewriter_nor_makes_traces_short_from_the_start(traces: Path) -> None:
    advice = replace(advise(Question("general", "short")), models=Models(rewriter="openai", rewriter_model="m"))
    with pytest.raises(OptionError, match="does not call") as refused:
        _rules(advice, ScoreOptions())
    assert "--rewriter openai --model m" in str(refused.value)
    with pytest.raises(OptionError, match="short from the start"):
        chosen(replace(advice, kind="baseline", method="native-short"), ChooseOptions())
