"""The parts of a run under way, in `.parts/`: each counts once its seal is there, and while its files are what it says.

A seal is `part-NNNNNN.json`: the part's counts, a hash of each of its files, and one of these. It is written last, when
the files are on the disk. What is damaged in whatever way is no part, and is made again.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cotpress.pipeline.output.outcome_counts import OutcomeCounts
from cotpress.storage import compute_content_key, write_atomically

KEY_FILE, LOCK_FILE = "run.json", "lock"
_SEAL_NAME = re.compile(r"part-(\d{6,})\.json")
_OWN_NAME = re.compile(r"(?:\.?part-\d{6,}\..*|\.?run\.json.*|lock)", re.DOTALL)


class PartsFolder:
    """The folder of parts. `suffixes` says how the files of a part end, by the name of what they are joined to."""

    def __init__(self, folder: Path, suffixes: dict[str, str]) -> None:
        self.folder, self._suffixes = folder, suffixes

    def get_path(self, index: int, name: str) -> Path:
        """Where a part's share of the file `name` is."""
        return self.folder / f"part-{index:06d}{self._suffixes[name]}"

    def seal(self, index: int, counts: OutcomeCounts) -> None:
        """Say that a part is whole. Raises OutputError."""
        paths = [self.get_path(index, name) for name in self._suffixes]
        files = {path.name: _hash_file(path) for path in paths if path.exists()}
        with write_atomically(self._get_seal_path(index), durable=True) as path:
            path.write_text(json.dumps(_sign({"counts": asdict(counts), "files": files})))

    def read_seal(self, index: int) -> OutcomeCounts | None:
        """The counts of a part; None where it is not there whole."""
        try:
            told = json.loads(self._get_seal_path(index).read_bytes())
            seal = {name: told[name] for name in ("counts", "files")}
            paths = [self.get_path(index, name) for name in self._suffixes]
            files = {path.name: _hash_file(path) for path in paths if path.exists()}
            whole = files == seal["files"] and told == _sign(seal)
            return OutcomeCounts(**seal["counts"]) if whole else None
        except (OSError, ValueError, TypeError, LookupError, RecursionError):
            return None

    def count_seals(self) -> int:
        """How many parts there should be: one more than the highest number of a seal."""
        found = [_SEAL_NAME.fullmatch(path.name) for path in self.folder.iterdir()]
        return max((int(match[1]) + 1 for match in found if match), default=0)

    def unseal(self, first: int) -> None:
        """Let the parts from this number on count no longer."""
        for index in range(first, self.count_seals()):
            remove(self._get_seal_path(index))

    def read_key(self) -> str | None:
        """The content key of the run that the parts are of; None where it is not known."""
        try:
            note: Any = json.loads((self.folder / KEY_FILE).read_bytes())
            return str(note["key"])
        except (OSError, ValueError, TypeError, LookupError, RecursionError):
            return None

    def write_key(self, key: str) -> None:
        """Say which run the parts will be of. Raises OutputError."""
        if (self.folder / KEY_FILE).is_dir():
            remove(self.folder / KEY_FILE)
        with write_atomically(self.folder / KEY_FILE) as path:
            path.write_text(json.dumps({"key": key}))

    def clear(self, everything: bool) -> None:
        """Delete what runs have left but for the lock; with `everything` whatever else is there, too."""
        for path in self.folder.iterdir():
            if path.name != LOCK_FILE and (everything or _OWN_NAME.fullmatch(path.name)):
                remove(path)

    def _get_seal_path(self, index: int) -> Path:
        return self.folder / f"part-{index:06d}.json"


def remove(path: Path) -> None:
    """Delete a file or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def remove_finished(folder: Path) -> None:
    """Delete the parts of a finished run; a file that no run made stays, and its folder with it."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if _OWN_NAME.fullmatch(path.name):
            remove(path)
    if not any(folder.iterdir()):
        folder.rmdir()


def _sign(seal: dict[str, Any]) -> dict[str, Any]:
    return {**seal, "seal": compute_content_key(seal)}


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
