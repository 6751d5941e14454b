"""A study's scoring on the executors: everything is stored once, and the sweep after it scores nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from command import cotpress
from scored_study import QUICK_STUDY, STUDY, stored
from slurm_case import jobs_in, run_script

from cotpress.progress import Silent

pytest.importorskip("datatrove", reason="scale-out needs the extra 'scale'")
pytest.importorskip("pydantic", reason="studies need the extra 'study'")
pytest.importorskip("pandas", reason="studies need the extra 'study'")
pytest.importorskip("trl", reason="studies need the extra 'study'")

from cotpress.scale import ScaleConfig, SlurmQueue, TaskResources, score_study
from cotpress.scale import tasks as step_module
from cotpress.signals import LM, Saliency
from cotpress.study import Study, parse_study, sweep
from cotpress.tables import read_study_tables

UNMODELLED = STUDY.replace("scorer: world-llama", "scorer: ngram").replace("saliency, random", "random")


@pytest.fixture
def study() -> Study:
    return parse_study(STUDY, "scored")


@pytest.fixture
def quick_study() -> Study:
    return parse_study(QUICK_STUDY, "quick")


def refuse(self: Any, traces: Any) -> Any:
    raise AssertionError("scored again")


def test_the_sweep_finds_all_signals(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert score_study(study, tmp_path / "out" / "steps", ScaleConfig("local", tasks=2, workers=1), Silent())
    assert stored(tmp_path / "out" / "steps") == [12, 12]
    calm = sweep(study, tmp_path / "calm")
    monkeypatch.setattr(LM, "score", refuse)
    monkeypatch.setattr(Saliency, "score", refuse)
    found = sweep(study, tmp_path / "out")
    assert not found.failed
    ours, theirs = (read_study_tables(one.tables).rankings for one in (found, calm))
    assert len(ours) == len(theirs) == 4 * 12
    for left, right in zip(ours["importance"], theirs["importance"], strict=True):  # other batches, other last bits
        assert left == pytest.approx(right, abs=1e-4)


def test_a_worker_that_is_killed_is_followed_by_another(
    quick_study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original, killed = subprocess.Popen, []

    def doomed(*words: Any, **more: Any) -> Any:
        child = original(*words, **more)
        if not killed:
            killed.append(child)
            child.kill()
        return child

    monkeypatch.setattr(step_module.subprocess, "Popen", doomed)
    assert score_study(quick_study, tmp_path, ScaleConfig("local", tasks=2, workers=2), Silent())
    assert stored(tmp_path) == [12]


def test_slurm_is_handed_one_array(
    quick_study: Study, submitted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = ScaleConfig("slurm", tasks=2, workers=2, resources=TaskResources(2, 3, 1), queue=SlurmQueue("gpu"))
    assert not score_study(quick_study, tmp_path / "steps", engine, Silent())
    [(_, script)] = jobs_in(submitted)
    for directive in ("partition=gpu", "array=0-1%2", "gpus=1", "cpus-per-task=2"):
        assert f"#SBATCH --{directive}" in script
    run_script(script, monkeypatch)
    assert stored(tmp_path / "steps") == [12]


def test_where_no_model_scores_there_is_nothing_to_share_out(tmp_path: Path) -> None:
    assert score_study(parse_study(UNMODELLED, "unmodelled"), tmp_path, ScaleConfig("local", workers=2), Silent())
    assert not list(tmp_path.rglob("*.parquet"))


def test_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "study.yaml").write_text(QUICK_STUDY)
    assert cotpress("sweep", tmp_path / "study.yaml", "-o", tmp_path / "out", "--executor", "local", "-q") == 0
    assert stored(tmp_path / "out" / "steps") == [12]
    assert "tables written" in capsys.readouterr().out
