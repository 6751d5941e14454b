"""`cotpress sweep`: the plan first, then the run, then what to type next; failures set the exit code."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import cotpress

pytest.importorskip("pydantic", reason="studies need the extra 'study'")
pytest.importorskip("pandas", reason="studies need the extra 'study'")
pytest.importorskip("trl", reason="studies need the extra 'study'")


STUDY = """
name: small
conditions:
  m: {traces: world, domain: math, regime: short, limit: 4}
pruning: {criteria: [random], granularities: [token], keep: [0.5]}
rewriting: {levels: [edit]}
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    path = tmp_path / "study.yaml"
    path.write_text(STUDY)
    return path


def test_the_plan_is_printed_and_nothing_is_done(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cotpress("sweep", study, "-o", tmp_path / "run", "--plan") == 0
    out = capsys.readouterr().out
    assert "4 traces in 1 condition, " in out
    assert "3 compressions, 0 cells; 0 of 3 jobs are in the store" in out
    assert not (tmp_path / "run").exists()


def test_the_plan_says_how_many_rows_cannot_be_read(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ['{"question": "2+3?", "reasoning": "Two.\\n\\n2+3=5.", "answer": "5"}', "not a row", "neither"]
    (tmp_path / "mine.jsonl").write_text("\n".join(rows))
    study.write_text(STUDY.replace("traces: world", f"traces: {tmp_path / 'mine.jsonl'}"))
    assert cotpress("sweep", study, "-o", tmp_path / "run", "--plan") == 0
    assert "; 2 rows cannot be read (cotpress inspect FILE says why)" in capsys.readouterr().out


def test_the_folder_of_an_output_is_no_folder_of_a_run(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "summary.json").write_text("{}")
    assert cotpress("sweep", study, "-o", tmp_path / "out", "-q") == 4
    assert "holds an output of compress or rewrite. Name another folder with -o." in capsys.readouterr().err


def test_what_only_an_executor_would_heed_is_refused_without_one(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cotpress("sweep", study, "-o", tmp_path / "run", "--tasks", "2", "--plan") == 2
    assert "--tasks is for an executor, and none is named" in capsys.readouterr().err


@pytest.mark.parametrize(("price", "said"), [("", "cost: known once rewriting.price is given"), ("1,2", "about $0.0")])
def test_the_plan_tells_what_a_paid_rewriter_takes(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], price: str, said: str
) -> None:
    asked = (
        f'[edit, fuse], rewriter: openai, model: m, base_url: "http://localhost:1/v1"{price and f", price: {price!r}"}'
    )
    study.write_text(STUDY.replace("[edit]", asked))
    assert cotpress("sweep", study, "-o", tmp_path / "run", "--plan") == 0
    out = capsys.readouterr().out
    assert "to rewrite: 8 calls, about " in out
    assert said in out


def test_a_run_says_what_it_does_and_what_comes_next(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cotpress("sweep", study, "-o", tmp_path / "run") == 0
    said = capsys.readouterr()
    assert "[shorten: 3/3" in said.err
    assert f"tables written to {tmp_path / 'run' / 'tables'}" in said.out
    assert f"next: cotpress report {tmp_path / 'run'}" in said.out
    assert cotpress("sweep", study, "-o", tmp_path / "run", "--quiet", "--workers", "1") == 0
    assert "3 of 3 jobs are in the store" in capsys.readouterr().err


def test_faults_are_told_with_their_lines(study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study.write_text(STUDY.replace("domain: math", "domain: maths").replace("keep:", "keeps:"))
    assert cotpress("sweep", study, "-o", tmp_path / "run") == 2
    error = capsys.readouterr().err
    assert "line 4: conditions.m.domain" in error
    assert "line 5: 'pruning.keeps' is not known (did you mean 'keep'?)" in error


def test_a_failed_compression_sets_the_exit_code(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("of no use")

    monkeypatch.setattr("cotpress.study.compression_steps.write_texts", broken)
    assert cotpress("sweep", study, "-o", tmp_path / "run") == 1
    assert "ValueError: of no use" in capsys.readouterr().out


def test_no_workers_are_refused(study: Path, tmp_path: Path) -> None:
    assert cotpress("sweep", study, "-o", tmp_path / "run", "--workers", "0") == 2
