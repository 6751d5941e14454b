"""The store of finished steps: made once, checked when read, shared between processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("pydantic", reason="studies need the extra 'study'")

from cotpress.errors import OutputError
from cotpress.study.artifacts import Artifact, ArtifactStore, lock_run_folder

STEP = Artifact.from_inputs("kind", 1, {"a": 1}, ["b"])


def write(text: str, calls: list[str] | None = None) -> Callable[[Path], None]:
    def build(folder: Path) -> None:
        if calls is not None:
            calls.append(text)
        (folder / "deep").mkdir(exist_ok=True)
        (folder / "deep" / "file").write_text(text)

    return build


def killed_at(kind: str, plain: Callable[..., None], killed: Callable[..., None]) -> Callable[..., None]:
    """`os.replace` that is killed where the finished folder is moved to its place."""

    def replaced(source: Path, target: Path) -> None:
        (killed if Path(target).parent.name == kind else plain)(source, target)

    return replaced


def test_a_step_is_made_once(tmp_path: Path) -> None:
    told: list[str] = []
    calls: list[str] = []
    store = ArtifactStore(tmp_path, lambda what, step, seconds: told.append(what))
    assert store.find(STEP) is None
    folder = store.make(STEP, write("x", calls))
    assert (folder / "deep" / "file").read_text() == "x"
    assert store.make(STEP, write("y", calls)) == ArtifactStore(tmp_path).make(STEP, write("z", calls)) == folder
    assert calls == ["x"]
    assert told == ["made"]
    assert store.read_seconds(STEP) is not None
    assert ArtifactStore(tmp_path / "other").read_seconds(STEP) is None


def test_killed_just_before_the_move_a_step_is_made_once_more_and_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def killed(source: Path, target: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as context:
        context.setattr("cotpress.study.artifacts.os.replace", killed_at("kind", os.replace, killed))
        with pytest.raises(KeyboardInterrupt):
            ArtifactStore(tmp_path).make(STEP, write("x"))
    assert list(tmp_path.rglob("manifest.json")), "it was sealed"
    ArtifactStore(tmp_path, lambda what, step, seconds: told.append(what)).make(STEP, write("x"))
    again = ArtifactStore(tmp_path, lambda what, step, seconds: told.append(what))
    again.make(STEP, write("never"))
    assert told == ["made"]


@pytest.mark.parametrize("inputs", [({"a": 2}, ["b"]), ({"a": 1}, ["c"]), ({"a": 1},)])
def test_other_inputs_are_another_step(inputs: tuple[object, ...]) -> None:
    assert Artifact.from_inputs("kind", 1, *inputs) != STEP
    assert Artifact.from_inputs("kind", 2, {"a": 1}, ["b"]) != STEP
    assert Artifact.from_inputs("other", 1, {"a": 1}, ["b"]).key != STEP.key


@pytest.mark.parametrize("damage", ["changed", "gone", "manifest", "cut"])
def test_a_damaged_artifact_is_detected_and_redone(tmp_path: Path, damage: str) -> None:
    folder = ArtifactStore(tmp_path).make(STEP, write("good"))
    file, manifest = folder / "deep" / "file", folder / "manifest.json"
    if damage == "changed":
        file.write_text("evil")
    elif damage == "gone":
        file.unlink()
    elif damage == "cut":
        manifest.write_text(manifest.read_text()[:20])
    else:
        manifest.write_text('{"files": []}')
    told: list[str] = []
    store = ArtifactStore(tmp_path, lambda what, step, seconds: told.append(what))
    assert store.find(STEP) is None
    assert (store.make(STEP, write("good")) / "deep" / "file").read_text() == "good"
    assert told[0] == "damaged"
    assert told[-1] == "made"


def test_what_an_interrupted_build_left_is_given_to_the_next(tmp_path: Path) -> None:
    def stopped(folder: Path) -> None:
        (folder / "half").write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ArtifactStore(tmp_path).make(STEP, stopped)
    assert ArtifactStore(tmp_path).find(STEP) is None
    folder = ArtifactStore(tmp_path).make(STEP, lambda work: (work / "whole").write_text((work / "half").read_text()))
    assert (folder / "whole").read_text() == "half"


SLOWLY = """
import sys, time
from pathlib import Path
from cotpress.study.artifacts import Artifact, ArtifactStore

def build(folder):
    time.sleep(0.5)
    (folder / "file").write_text("x")

ArtifactStore(Path(sys.argv[1]), lambda what, step, seconds: print(what)).make(Artifact("kind", "key"), build)
"""


def test_of_two_processes_one_makes_it_and_both_have_it(tmp_path: Path) -> None:
    words = [sys.executable, "-c", SLOWLY, str(tmp_path)]
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert sorted(one.communicate(timeout=120)[0].strip() for one in both) == ["", "made"]
    assert [one.returncode for one in both] == [0, 0]


def test_a_run_folder_has_one_run(tmp_path: Path) -> None:
    run = tmp_path / "run"
    refused = pytest.raises(OutputError, match="Another process is running the study")
    with lock_run_folder(run), refused, lock_run_folder(run):
        pass
    with lock_run_folder(run):
        pass


def test_a_store_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="Cannot write"):
        ArtifactStore(tmp_path / "file").make(STEP, write("x"))
