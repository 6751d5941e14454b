"""Content keys, and files that are written whole or not at all: what all that is stored relies on."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cotpress.errors import OutputError


def compute_content_key(*parts: Any) -> str:
    """A hex key of 32 characters over JSON-able parts; equal parts give equal keys on every machine."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode("ascii"), digest_size=16).hexdigest()


def get_cache_folder() -> Path:
    """Where signals are kept unless the user names a place: $COTPRESS_CACHE, else the XDG cache."""
    named = os.environ.get("COTPRESS_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cotpress"


@contextmanager
def write_atomically(path: Path, durable: bool = False) -> Iterator[Path]:
    """Give a temporary path beside `path`; on success it becomes `path` in one step, on failure it goes.

    With `durable`, it is on the disk when this ends, so that a power failure does not leave it empty.

    Raises:
        OutputError: the folder cannot be written, or the disk is full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise build_write_error(path, error) from error
    temporary = Path(name)
    try:
        yield temporary
        os.chmod(temporary, 0o644)
        if durable:
            _flush_to_disk(temporary)
        os.replace(temporary, path)
        if durable:
            _flush_to_disk(path.parent)
    except OSError as error:
        raise build_write_error(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def _flush_to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def build_write_error(path: Path, error: OSError) -> OutputError:
    """The error for a path that could not be written, in one sentence."""
    why = error.strerror or str(error)
    way = "Choose" if isinstance(error, NotADirectoryError | FileExistsError) else "Free some space or choose"
    return OutputError(f"Cannot write {path}: {why}.", f"{way} another place with -o, then run it again.")
