"""The content-addressed store of what steps make: made once, checked when read, shared by all studies."""

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
from cotpress.storage import build_write_error, compute_content_key, write_atomically

MANIFEST_FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class Artifact:
    """What a step of a study makes: its kind, and the key of all that it depends on.

    >>> Artifact.from_inputs("ranking", 1, {"criterion": "nll"}).kind
    'ranking'
    """

    kind: str
    key: str

    @classmethod
    def from_inputs(cls, kind: str, version: int, *inputs: Any) -> Artifact:
        """What code of this version makes of these JSON-able inputs: settings, and keys of other artifacts."""
        return cls(kind, compute_content_key(kind, __version__, version, *inputs))


class ArtifactStore:
    """A folder of artifacts, `KIND/KEY/`. An artifact counts once its manifest is there and every file is as listed.

    Several processes may share it. The one that makes an artifact holds its lock; the others wait, and then find it.

    Args:
        root: the folder.
        on_event: is called with "made" for every artifact that was made and the seconds that it took, and with
            "damaged" for every one whose files are not what they were.
    """

    def __init__(
        self, root: Path, on_event: Callable[[str, Artifact, float], None] = lambda what, artifact, seconds: None
    ) -> None:
        self.root, self._on_event = root, on_event
        self._intact: set[Artifact] = set()
        self._damaged: set[Artifact] = set()

    def find(self, artifact: Artifact) -> Path | None:
        """The artifact's folder; None where it was not made or its files are not what they were."""
        folder = self._folder(artifact)
        if artifact in self._intact:
            return folder
        if not (folder / MANIFEST_FILE).is_file():
            return None
        if not _is_intact(folder):
            if artifact not in self._damaged:
                self._on_event("damaged", artifact, 0.0)
            self._damaged.add(artifact)
            return None
        self._intact.add(artifact)
        return folder

    def make(self, artifact: Artifact, build: Callable[[Path], None]) -> Path:
        """The artifact's folder. Where it is not there, `build` makes it in a working folder first.

        What an interrupted `build` left in its working folder is given to the next one.

        Raises:
            OutputError: the store cannot be written; and whatever `build` raises.
        """
        if folder := self.find(artifact):
            return folder
        with self._lock(artifact):
            if folder := self.find(artifact):  # another process made it meanwhile
                return folder
            work, began = self.root / "work" / f"{artifact.kind}-{artifact.key}", time.monotonic()
            try:
                work.mkdir(parents=True, exist_ok=True)
                (work / MANIFEST_FILE).unlink(missing_ok=True)  # left by a process that was killed just before the move
                build(work)
                seconds = time.monotonic() - began
                _write_manifest(work, seconds)
                folder = self._folder(artifact)
                shutil.rmtree(folder, ignore_errors=True)
                folder.parent.mkdir(parents=True, exist_ok=True)
                os.replace(work, folder)
            except OSError as error:
                raise build_write_error(self.root, error) from error
            self._intact.add(artifact)
            self._on_event("made", artifact, seconds)
            return folder

    def read_seconds(self, artifact: Artifact) -> float | None:
        """How many seconds it took to make the artifact; None where it was not made."""
        try:
            return float(json.loads((self._folder(artifact) / MANIFEST_FILE).read_text())["seconds"])
        except (OSError, ValueError, KeyError):
            return None

    def _folder(self, artifact: Artifact) -> Path:
        return self.root / artifact.kind / artifact.key

    @contextmanager
    def _lock(self, artifact: Artifact) -> Iterator[None]:
        try:
            (self.root / "locks").mkdir(parents=True, exist_ok=True)
            file = (self.root / "locks" / f"{artifact.kind}-{artifact.key}").open("w")
        except OSError as error:
            raise build_write_error(self.root, error) from error
        with file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


@contextmanager
def lock_run_folder(folder: Path) -> Iterator[None]:
    """Hold a run's folder; released when the process ends, however it ends.

    Raises:
        OutputError: another process holds it, or it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / ".lock").open("w")
    except OSError as error:
        raise build_write_error(folder, error) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise OutputError(
                f"Another process is running the study in {folder}.",
                "Wait for it, or give another folder with -o: finished steps are shared.",
            ) from None
        yield


def _write_manifest(folder: Path, seconds: float) -> None:
    files = {str(path.relative_to(folder)): _hash_file(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    with write_atomically(folder / MANIFEST_FILE) as path:
        path.write_text(json.dumps({"seconds": round(seconds, 3), "files": files}))


def _is_intact(folder: Path) -> bool:
    try:
        files: dict[str, str] = json.loads((folder / MANIFEST_FILE).read_text())["files"]
        return all(_hash_file(folder / name) == digest for name, digest in files.items())
    except (OSError, ValueError, KeyError, AttributeError):
        return False


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
