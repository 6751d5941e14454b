"""The content-addressed store of finished steps: made once, checked when read, shared by all studies."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cotpress._version import __version__
from cotpress.errors import OutputError
from cotpress.store import cannot_write, content_key, writing

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of work: its kind, and the key of all that its outcome depends on."""

    kind: str
    key: str

    @classmethod
    def of(cls, kind: str, version: int, *inputs: Any) -> Step:
        """A step whose code has this version, with these JSON-able inputs: settings, and keys of earlier steps."""
        return cls(kind, content_key(kind, __version__, version, *inputs))


class Artifacts:
    """A folder of finished steps, `KIND/KEY/`. A step counts once its manifest is there and every file is as listed.

    Several processes may share it: who makes a step holds its lock, the others wait and find it made. `tell` hears
    of every step that was made, with the seconds it took, and of every one found damaged.
    """

    def __init__(self, root: Path, tell: Callable[[str, Step, float], None] = lambda what, step, seconds: None) -> None:
        self.root, self._tell = root, tell
        self._sound: set[Step] = set()
        self._damaged: set[Step] = set()

    def find(self, step: Step) -> Path | None:
        """The step's folder, None where it was not made or its files are not what they were."""
        folder = self._folder(step)
        if step in self._sound:
            return folder
        if not (folder / MANIFEST).is_file():
            return None
        if not _sound(folder):
            if step not in self._damaged:
                self._tell("damaged", step, 0.0)
            self._damaged.add(step)
            return None
        self._sound.add(step)
        return folder

    def make(self, step: Step, build: Callable[[Path], None]) -> Path:
        """The step's folder, built by `build` in a working folder where it is not there.

        What an interrupted `build` left in its working folder is given to the next one.

        Raises:
            OutputError: the store cannot be written; and whatever `build` raises.
        """
        if found := self.find(step):
            return found
        with self._locked(step):
            if found := self.find(step):  # another process made it meanwhile
                return found
            work, began = self.root / "work" / f"{step.kind}-{step.key}", time.monotonic()
            try:
                work.mkdir(parents=True, exist_ok=True)
                (work / MANIFEST).unlink(missing_ok=True)  # of one that was killed when all but the move was done
                build(work)
                seconds = time.monotonic() - began
                _seal(work, seconds)
                folder = self._folder(step)
                shutil.rmtree(folder, ignore_errors=True)
                folder.parent.mkdir(parents=True, exist_ok=True)
                os.replace(work, folder)
            except OSError as error:
                raise cannot_write(self.root, error) from error
            self._sound.add(step)
            self._tell("made", step, seconds)
            return folder

    def seconds(self, step: Step) -> float | None:
        """How long a finished step took, None where it was not made."""
        try:
            return float(json.loads((self._folder(step) / MANIFEST).read_text())["seconds"])
        except (OSError, ValueError, KeyError):
            return None

    def _folder(self, step: Step) -> Path:
        return self.root / step.kind / step.key

    @contextmanager
    def _locked(self, step: Step) -> Iterator[None]:
        try:
            (self.root / "locks").mkdir(parents=True, exist_ok=True)
            file = (self.root / "locks" / f"{step.kind}-{step.key}").open("w")
        except OSError as error:
            raise cannot_write(self.root, error) from error
        with file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a run's folder; released when the process ends, however it ends.

    Raises:
        OutputError: another process holds it, or it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / ".lock").open("w")
    except OSError as error:
        raise cannot_write(folder, error) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise OutputError(
                f"Another process is running the study in {folder}.",
                "Wait for it, or give another folder with -o: finished steps are shared.",
            ) from None
        yield


def _seal(folder: Path, seconds: float) -> None:
    files = {str(path.relative_to(folder)): _digest(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    with writing(folder / MANIFEST) as path:
        path.write_text(json.dumps({"seconds": round(seconds, 3), "files": files}))


def _sound(folder: Path) -> bool:
    try:
        files: dict[str, str] = json.loads((folder / MANIFEST).read_text())["files"]
        return all(_digest(folder / name) == digest for name, digest in files.items())
    except (OSError, ValueError, KeyError, AttributeError):
        return False


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
