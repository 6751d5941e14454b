"""Copies of remote input files on this machine: one for all parts of a file, and for all workers of a run."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cotpress.scale.shards import InputShard
from cotpress.scale.storage import copy_here, is_url
from cotpress.storage import compute_content_key

_FOLDER_VARIABLE: Final = "COTPRESS_INPUT_COPIES"
MAX_COPIES: Final = 4  # files that are kept for parts to come; the oldest goes first


@contextlib.contextmanager
def share_copies() -> Iterator[None]:
    """Let this process and those that it begins share copies; they go at the end. Within another one it does nothing.

    >>> with share_copies():
    ...     Path(os.environ["COTPRESS_INPUT_COPIES"]).is_dir()
    True
    """
    if _FOLDER_VARIABLE in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="cotpress-inputs-") as folder:
        os.environ[_FOLDER_VARIABLE] = folder
        try:
            yield
        finally:
            del os.environ[_FOLDER_VARIABLE]


@contextlib.contextmanager
def open_shard_file(shard: InputShard) -> Iterator[Path]:
    """A shard's file as one that can be read by its path: itself where it is local, else a copy.

    Of a file that is cut to parts the copy stays for the other parts.

    Raises:
        InputError: it cannot be read.
    """
    if not is_url(shard.location):
        yield Path(shard.location)
        return
    with tempfile.TemporaryDirectory(prefix="cotpress-") as folder:
        place = Path(folder) / Path(shard.location).name
        shared = os.environ.get(_FOLDER_VARIABLE)
        if shard.parts == 1 or shared is None:
            copy_here(shard.location, place)
        else:
            _link_copy(shard, Path(shared), place)
        yield place


def _link_copy(shard: InputShard, folder: Path, place: Path) -> None:
    """Give the shared copy of a file another name, so that it can be deleted while it is read."""
    copy = folder / compute_content_key(shard.location, shard.fingerprint)
    with copy.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # whoever comes second waits, and finds it there
        if copy.exists():
            os.link(copy, place)
            return
        copy_here(shard.location, place)
        os.link(place, copy)
    copies = sorted((path.stat().st_mtime_ns, path) for path in folder.iterdir() if not path.suffix)
    for _, path in copies[:-MAX_COPIES]:
        path.unlink(missing_ok=True)
