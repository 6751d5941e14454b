"""`cotpress report`: from a study's folder to a page."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from command import cotpress
from synthetic_study import Knobs, synthetic_rows

from cotpress.tables import STUDY_TABLE_SCHEMAS, write_study_table


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with traces that were never ranked: a page of it is quick."""
    folder = tmp_path_factory.mktemp("runs") / "my-study"
    rows = synthetic_rows(
        Knobs(conditions=(("math-long", "math", "long"),), traces=3, problems=3, seeds=(0,), keeps=(), levels=())
    )
    for name in STUDY_TABLE_SCHEMAS:
        write_study_table(folder / "tables", name, [] if name == "rankings" else rows[name])
    return folder


def test_the_page_lies_in_the_study_and_is_named_after_it(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cotpress("report", study) == 0
    page = study / "report.html"
    assert str(page) in capsys.readouterr().out
    assert "<title>my-study: cotpress report</title>" in page.read_text(encoding="utf-8")
    assert pq.read_table(study / "tables" / "traces.parquet").num_rows == 3  # the study's own tables are untouched


def test_the_title_is_the_name_that_the_study_has(study: Path, tmp_path: Path) -> None:
    run = tmp_path / "runs"
    shutil.copytree(study, run)
    (run / "study.json").write_text('{"name": "Hedges & sums"}', encoding="utf-8")
    assert cotpress("report", run) == 0
    assert "<title>Hedges &amp; sums: cotpress report</title>" in (run / "report.html").read_text(encoding="utf-8")


def test_another_folder_title_and_sample(study: Path, tmp_path: Path) -> None:
    assert cotpress("report", study, "-o", tmp_path / "out", "--sample", "1", "--title", "Mine") == 0
    text = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "<title>Mine: cotpress report</title>" in text
    assert text.count('"id":"math-long-') == 1


def test_a_folder_without_tables_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cotpress("report", tmp_path) == 3
    assert "cotpress sweep" in capsys.readouterr().err


def test_a_negative_sample_is_refused(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cotpress("report", study, "--sample", "-1") == 2
    assert "from 0 up" in capsys.readouterr().err
