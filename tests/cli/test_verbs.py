"""The verbs from the outside: what they print, and that help is light."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command import cotpress

from cotpress.analysis import VERDICTS
from cotpress.chat.backends import BACKENDS
from cotpress.cli.app import VERBS
from cotpress.criteria import CRITERIA
from cotpress.evaluation.benchmarks import BENCHMARKS
from cotpress.export import EXPORT_FORMATS
from cotpress.pipeline import SIGNAL_SOURCES
from cotpress.pruning import GRANULARITIES, PROTECTIONS
from cotpress.registry import Registry
from cotpress.reporting.figures import FIGURES
from cotpress.rewriting.checks import CHECKS
from cotpress.rewriting.levels import LEVELS
from cotpress.text import STEP_MODES


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COTPRESS_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def sample(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Path:
    path = tmp_path / "traces.jsonl"
    assert cotpress("world", "sample", "-o", path, "-n", "12", "--regime", "short") == 0
    assert "12 traces" in capfd.readouterr().out
    return path


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom cotpress.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'torch', 'transformers', 'numpy', 'pyarrow', 'datasets'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(verb in done.stdout for verb in VERBS)


def test_importing_cotpress_is_light() -> None:
    code = "import sys, cotpress; assert not {'torch', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_help_names_every_choice(capsys: pytest.CaptureFixture[str]) -> None:
    cotpress("compress", "--help")
    said = " ".join(capsys.readouterr().out.replace("│", " ").split())
    for names in (CRITERIA, GRANULARITIES, EXPORT_FORMATS, ("auto", *SIGNAL_SOURCES), STEP_MODES, PROTECTIONS):
        assert all(name in said for name in names)


def test_compress_prints_what_it_did(sample: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert cotpress("compress", sample, "-o", tmp_path / "out", "--keep", "0.5", "--granularity", "token") == 0
    captured = capfd.readouterr()
    assert "12 of 12 traces compressed, 0 rejected" in captured.out
    assert "(target 0.5)" in captured.out
    assert "read as trace" in captured.err
    assert "12/12 traces" in captured.err


def test_a_flag_is_explained_and_rejects_are_shown_how_to(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "a.jsonl", tmp_path / "out"
    row = {"question": "2+3?", "reasoning": "Paris is the capital of France, as all know.", "answer": "5"}
    file.write_text(f"{json.dumps(row)}\n{{\n", encoding="utf-8")
    assert cotpress("compress", file, "-o", out, "--keep", "0.5") == 0
    told = capfd.readouterr().out
    assert "flagged: 1 left-whole - No cut suits the budget: the trace was left whole." in told
    assert f"; at what was rejected: cotpress show {out} --rejected" in told


def test_json_is_the_summary_file(sample: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert cotpress("compress", sample, "-o", tmp_path / "out", "--criterion", "random", "--json", "-q") == 0
    captured = capfd.readouterr()
    assert json.loads(captured.out) == json.loads((tmp_path / "out" / "summary.json").read_text())
    assert captured.err == ""


def test_options_reach_the_job(sample: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = ["--criterion", "random", "--keep", "0.9,0.3", "--protect", "symbols", "--ratio-prompt", "default"]
    words += ["--export", "alpaca", "--think", "none", "--seed", "7", "--steps", "sentence", "--json", "-q"]
    assert cotpress("compress", sample, "-o", tmp_path / "out", *words) == 0
    method = json.loads(capfd.readouterr().out)["method"]
    assert method["budget"]["keep"] == ["0.9", "0.3"]
    assert method["method"]["protect"] == ["answer", "symbols-first", "symbols"]
    assert method["method"]["steps"] == "sentence"
    row = json.loads((tmp_path / "out" / "sft.jsonl").read_text().splitlines()[0])
    assert "% of your usual reasoning length" in row["instruction"]


def test_inspect(sample: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert cotpress("inspect", sample, "--json") == 0
    found = json.loads(capfd.readouterr().out)
    assert found["traces"] == 12
    assert found["answer_matches_gold"] == 1.0
    assert found["tokens_per_trace"]["min"] <= found["tokens_per_trace"]["max"]
    assert cotpress("inspect", sample) == 0
    assert "answer matches gold" in capfd.readouterr().out


def test_inspect_says_where_think_tags_part_a_column(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "r1.jsonl"
    row = {"prompt": "2+3?", "response": "<think>2 and 3 make 5.</think>5", "gold_answer": "5"}
    file.write_text(f"{json.dumps(row)}\n", encoding="utf-8")
    assert cotpress("inspect", file) == 0
    told = capfd.readouterr().out
    assert "read as columns: question=prompt, reasoning=response (in think tags), gold=gold_answer" in told
    assert "tokens counted with" in told
    assert "reflective steps looked for in" in told


def test_criteria_lists_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert cotpress("criteria") == 0
    said = capsys.readouterr().out
    assert all(name in said for name in CRITERIA)


@pytest.mark.parametrize(
    ("verb", "registry"),
    [
        ("checks", CHECKS),
        ("levels", LEVELS),
        ("benchmarks", BENCHMARKS),
        ("backends", BACKENDS),
        ("protections", PROTECTIONS),
        ("sources", SIGNAL_SOURCES),
        ("figures", FIGURES),
        ("verdicts", VERDICTS),
    ],
)
def test_a_listing_has_every_entry_and_names_plugins(
    verb: str, registry: Registry[Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = next(iter(registry))
    monkeypatch.setitem(registry._plugins, first, "my-plugin")
    monkeypatch.setenv("COLUMNS", "250")
    assert cotpress(verb) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in registry)
    assert printed.count("plugin my-plugin") == 1


@pytest.mark.parametrize("verb", ["compress", "rewrite", "evaluate", "train"])
def test_verbs_say_how_a_model_is_run_in_the_same_words(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    cotpress(verb, "--help")
    printed = " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert "--revision STR Revision of the model on the hub." in printed
    assert "--device STR Device of a model on this machine, such as cpu or cuda:0;" in printed


def test_an_unknown_verb_is_refused_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert cotpress("compres") == 2
    assert 'Did you mean "compress"?' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("show", "show needs a value for OUTPUT, as in: cotpress show out (See: cotpress help show)"),
        ("compress t.jsonl", "a value for --output or -o, as in: cotpress compress traces.jsonl -o out (See"),
        ("world sample", "world sample needs a value for --output or -o, as in: cotpress world sample -o traces.jsonl"),
        (
            "compress t.jsonl -o out --bogus",
            "Unknown option: --bogus. Did you mean --corpus? See: cotpress help compress",
        ),
        ("compress t.jsonl -o out --ratio 0.5", "Unknown option: --ratio. Did you mean --keep? See: cotpress help"),
        ("show out --view", "show needs a value for --view (See: cotpress help show)"),
        ("criteria nll", "cotpress: criteria takes no 'nll'. See: cotpress help criteria"),
        ("--verison", "There is no option '--verison' before a verb. Did you mean '--version'?"),
    ],
)
def test_what_the_parser_refuses_says_what_to_type(words: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cotpress(*words.split()) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_an_unexpected_failure_is_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ValueError("boom")

    monkeypatch.setattr("cotpress.cli.verbs.listing.criteria", broken)
    assert cotpress("criteria") == 70
    assert capsys.readouterr().err.count("\n") == 1


def test_a_name_in_capitals_is_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cotpress("compress", "t.jsonl", "-o", "out", "--criterion", "NLL") == 2
    assert "There is no criterion 'NLL'. Did you mean 'nll'?" in capsys.readouterr().err
