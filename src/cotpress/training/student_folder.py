"""The folder of a trained student: held by one run at a time, continued from its checkpoints, training.json last.

While a run is under way its checkpoints lie in `.training/`. A run that stops for any reason is continued from the
last whole checkpoint by starting it again; what it leaves appears when it is finished.
"""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from cotpress.errors import InputError, OutputError
from cotpress.storage import build_write_error, write_atomically

TRAINING_FILE, REJECTED_FILE, MERGED_FOLDER = "training.json", "rejected.jsonl", "merged"
CHECKPOINT_PREFIX, COMPLETE_MARKER = (
    "checkpoint-",
    "whole",
)  # the prefix of a checkpoint's folder; a file in it that is written last
_WORK_FOLDER, _DONE_FOLDER = ".training", ".training-done"


@dataclass(frozen=True, slots=True)
class StudentFolder:
    """One run's folder. Made by `open_student_folder`, by the process that writes."""

    path: Path

    @property
    def work_folder(self) -> Path:
        """Where checkpoints lie while the run is under way."""
        return self.path / _WORK_FOLDER

    @property
    def last_checkpoint(self) -> Path | None:
        """The checkpoint of the most steps that was written to its end."""
        whole = [marker.parent for marker in self.work_folder.glob(f"{CHECKPOINT_PREFIX}*/{COMPLETE_MARKER}")]
        return max(whole, key=_parse_optimizer_steps, default=None)

    def finish(self, staged: Path, training: Mapping[str, Any]) -> None:
        """Put what lies in `staged` in the place of what an earlier run left, `training` last.

        Raises:
            OutputError: the folder cannot be written, or the disk is full.
        """
        names = sorted(path.name for path in staged.iterdir())
        try:
            for name in _read_file_names(self.path):
                _remove(self.path / name)
            (self.path / TRAINING_FILE).unlink(missing_ok=True)
            for name in names:
                _remove(self.path / name)
                (staged / name).rename(self.path / name)
        except OSError as error:
            raise build_write_error(self.path, error) from error
        result = {**training, "files": names}
        with write_atomically(self.path / TRAINING_FILE) as path:
            path.write_text(json.dumps(result, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
        shutil.rmtree(
            self.work_folder.rename(self.path / _DONE_FOLDER)
        )  # in one step, so that no half of it looks unfinished


def is_finished(path: Path) -> bool:
    """Whether a folder holds a finished training.

    >>> is_finished(Path("nothing-here"))
    False
    """
    return (path / TRAINING_FILE).is_file() and not StudentFolder(path).work_folder.exists()


def read_training_result(path: Path) -> dict[str, Any]:
    """The training.json of a finished training.

    Raises:
        InputError: there is none, or it cannot be read.

    >>> Path("student").mkdir()
    >>> _ = Path("student/training.json").write_text('{"steps": 2}')
    >>> read_training_result(Path("student"))
    {'steps': 2}
    """
    try:
        result: dict[str, Any] = json.loads((path / TRAINING_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} holds no finished training: {error}.", "Train it with: cotpress train") from error
    return result


@contextmanager
def open_student_folder(path: Path, key: str, force: bool = False) -> Iterator[StudentFolder]:
    """Take a folder for the run with this content key.

    A finished training, or an unfinished one with another key, is only replaced with `force`; an unfinished one with
    the same key is continued. A folder with anything else in it is never written to.

    Raises:
        OutputError: the folder is taken, holds something else, or cannot be written.
    """
    folder = StudentFolder(path)
    _refuse_foreign_files(folder, force)
    try:
        folder.work_folder.mkdir(parents=True, exist_ok=True)
        lock = (folder.work_folder / "lock").open("w")
    except OSError as error:
        raise build_write_error(path, error) from error
    with lock:
        _acquire_lock(lock, path)
        _clear_other_run(folder, key, force)
        yield folder


def _refuse_foreign_files(folder: StudentFolder, force: bool) -> None:
    path = folder.path
    if path.exists() and not path.is_dir():
        raise OutputError(f"{path} is a file.", "Give -o a folder that is new or empty.")
    if (folder.work_folder / "run.json").is_file():
        return
    if (path / TRAINING_FILE).is_file():
        if not force:
            raise OutputError(f"{path} holds a finished training.", "Choose another -o, or add --force to replace it.")
    elif path.is_dir() and any(not entry.name.startswith(".") for entry in path.iterdir()):
        raise OutputError(f"{path} holds files that no training left.", "Give -o a folder that is new or empty.")


def _acquire_lock(lock: IO[str], path: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise OutputError(f"Another process is writing {path}.", "Wait for it, or choose another -o.") from error


def _clear_other_run(folder: StudentFolder, key: str, force: bool) -> None:
    """Continue the run with this key, or clear what another left: no checkpoint, or anything if forced."""
    shutil.rmtree(folder.path / _DONE_FOLDER, ignore_errors=True)
    note = folder.work_folder / "run.json"
    left = _read_run_key(note)
    same = left == key
    if not same and folder.last_checkpoint and not force:
        raise OutputError(
            f"{folder.path} holds an unfinished training with another recipe, student, data or version.",
            "Repeat that command to continue it, choose another -o, or add --force to start over.",
        )
    for path in folder.work_folder.iterdir():
        if path.name not in ("lock", "run.json") and not (same and (path / COMPLETE_MARKER).is_file()):
            _remove(path)
    if not same:
        with write_atomically(note) as path:
            path.write_text(json.dumps({"key": key}))


def _read_run_key(note: Path) -> str | None:
    """The key of the run that left a note, None where there is none or it is damaged."""
    try:
        key: str = json.loads(note.read_text(encoding="utf-8"))["key"]
        return key
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _read_file_names(path: Path) -> list[str]:
    """What a finished run wrote, as it says itself; names that lead elsewhere do not count."""
    try:
        names = json.loads((path / TRAINING_FILE).read_text(encoding="utf-8"))["files"]
        return [name for name in names if isinstance(name, str) and Path(name).name == name]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _parse_optimizer_steps(checkpoint: Path) -> int:
    return int(checkpoint.name.removeprefix(CHECKPOINT_PREFIX))
