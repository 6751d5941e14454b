"""`cotpress advise`, and `--auto` on compress, which applies it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from command import cotpress
from synthetic_study import Knobs, synthetic_rows

from cotpress.analysis.advice import AdviceRequest, StudyModels, advise, read_study_models
from cotpress.analysis.advice.published_advice import advise_from_publications
from cotpress.cli.options.pruning_options import PruningOptions, SignalOptions
from cotpress.cli.verbs.advised_settings import apply_pruning_advice, apply_signal_advice, detect_domain_and_regime
from cotpress.cli.verbs.compress import _build_rules_options
from cotpress.errors import OptionError
from cotpress.tables import write_study_table
from cotpress.types import Trace
from cotpress.world import sample


def test_advice_ends_in_the_command_to_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert cotpress("advise", "--domain", "math", "--regime", "long", "--goal", "inference-cost") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "use: backbone, step level",
        "keep: auto, what the answer rests on and no more",
        "accuracy retention: not known",
    ]
    assert any(line.startswith("warning: The training ratio is a lower bound") for line in lines)
    assert (
        lines[-1] == "run: cotpress compress traces.jsonl -o out/ --criterion backbone --granularity step --keep auto"
    )


def test_advice_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cotpress("advise", "--domain", "general", "--regime", "short", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["method"], found["keep"]) == ("criterion", "backbone", None)
    assert found["command"].startswith("cotpress compress")


def test_a_few_of_the_cells_are_shown_and_all_are_in_the_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pandas", reason="studies need the extra 'study'")
    knobs = Knobs(traces=3, problems=20, seeds=(0, 1, 2), criteria=("nll",), levels=())
    for name, rows in synthetic_rows(knobs).items():
        write_study_table(tmp_path / "tables", name, rows)
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
    assert detect_domain_and_regime([one.trace for one in sample(domain, regime, 20)]) == (domain, regime)


def test_traces_without_a_domain_are_told_by_their_text() -> None:
    prose = Trace("1", "Who?", "She was seen at home that night. Her brother said so too, and nobody doubts him.")
    formula = Trace("2", "Sum?", "Let x = 3. Then 2x + 4 = 10, so x + 1 = 4.")
    assert detect_domain_and_regime([prose]) == ("general", "short")
    assert detect_domain_and_regime([formula]) == ("math", "short")


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
    method = summary["method"]
    assert (method["method"]["criterion"], method["budget"]["keep"]) == ("backbone", ["auto"])
    assert (tmp_path / "out" / "sft.jsonl").stat().st_size > 0


def test_auto_rewrites_where_a_study_advises_it(traces: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    advised = advise_from_publications(AdviceRequest("general", "short"))
    monkeypatch.setattr("cotpress.cli.verbs.advise.find_advice", lambda question, study: advised)
    words = ("compress", str(traces), "-o", str(tmp_path / "out"), "--auto", "--domain", "general", "-q")
    assert cotpress(*words, "--regime", "short", "--store", tmp_path / "store") == 0
    assert '"fuse"' in (tmp_path / "out" / "summary.json").read_text()


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
    models = read_study_models(tmp_path)
    assert models == StudyModels("my-model", "my-classifier", "my-student")
    advice = replace(advise(AdviceRequest("math", "long")), method="nll", models=models)
    assert apply_signal_advice(advice, SignalOptions()) == SignalOptions(
        source="lm", model="my-model", tokenizer="my-student"
    )
    given = SignalOptions(model="another", tokenizer="mine")
    assert apply_signal_advice(advice, given) == given
    saliency = replace(advice, method="saliency")
    assert apply_signal_advice(saliency, SignalOptions()).model == "my-classifier"
    with pytest.raises(OptionError, match="token classifier"):
        apply_signal_advice(replace(saliency, models=StudyModels()), SignalOptions())


def test_settings_that_cannot_be_read_name_no_models(tmp_path: Path) -> None:
    assert read_study_models(tmp_path) == StudyModels()
    (tmp_path / "study.json").write_text("[]")
    assert read_study_models(tmp_path) == StudyModels()


def test_auto_neither_calls_a_paid_rewriter_nor_makes_traces_short_from_the_start(traces: Path) -> None:
    advice = replace(
        advise_from_publications(AdviceRequest("general", "short")),
        models=StudyModels(rewriter="openai", rewriter_model="m"),
    )
    with pytest.raises(OptionError, match="does not call") as refused:
        _build_rules_options(advice, SignalOptions())
    assert "--rewriter openai --model m" in str(refused.value)
    with pytest.raises(OptionError, match="short from the start"):
        apply_pruning_advice(replace(advice, kind="baseline", method="native-short"), PruningOptions())
