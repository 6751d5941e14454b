"""A folder on any file system that fsspec knows, and files of it as local ones."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cotpress.errors import InputError, OutputError, import_optional
from cotpress.storage import write_atomically


def is_url(text: str) -> bool:
    """Whether a place is named with a protocol, such as s3://bucket/file.

    >>> is_url("s3://bucket/traces.jsonl"), is_url("traces.jsonl")
    (True, False)
    """
    return "://" in text


def resolve_filesystem(url: str) -> tuple[Any, str]:
    """The file system of a URL or path, and the path within it.

    Raises:
        MissingExtraError: fsspec, or the library for this protocol, is not installed.
        InputError: there is no such protocol.
    """
    fsspec = import_optional("fsspec", "scale")
    try:
        return fsspec.core.url_to_fs(url)  # type: ignore[no-any-return]
    except ImportError as error:
        hint = "For s3:// install it with: pip install 'cotpress[s3]'"
        raise InputError(f"{url} needs a library that is not installed ({error}).", hint) from error
    except ValueError as error:
        raise InputError(f"{url} cannot be used: {error}.", "Give a path, or a URL such as s3://bucket/x.") from error


def copy_here(url: str, place: Path) -> None:
    """Copy a remote file to a path of this machine.

    Raises:
        InputError: it cannot be read.
    """
    fs, path = resolve_filesystem(url)
    try:
        fs.get_file(path, str(place))
    except Exception as error:  # every protocol has errors of its own
        raise InputError(
            f"Cannot read {url}: {format_error(error)}.", "Check that it is there and may be read."
        ) from error


def format_error(error: Exception) -> str:
    """An error in one line."""
    text = getattr(error, "strerror", None) or str(error)
    return " ".join(f"{type(error).__name__}: {text}".split())[:500]


@dataclass(frozen=True, slots=True)
class StorageFolder:
    """A folder by its absolute path or URL. Names are relative to it. Files appear whole or not at all."""

    url: str

    @classmethod
    def from_name(cls, text: str) -> StorageFolder:
        """The folder that a user names."""
        return cls(text.rstrip("/") if is_url(text) else str(Path(text).expanduser().absolute()))

    @property
    def path(self) -> Path | None:
        """The folder's path where it is on this machine's file systems."""
        return None if is_url(self.url) else Path(self.url)

    def list_names(self, below: str) -> list[str]:
        """The names of the files in a folder below this one, without it; none where it is not there."""
        fs, path = resolve_filesystem(f"{self.url}/{below}")
        fs.invalidate_cache()  # other machines write here too
        try:
            return sorted(Path(name).name for name in fs.ls(path, detail=False))
        except FileNotFoundError:
            return []

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        fs, path = resolve_filesystem(f"{self.url}/{name}")
        fs.invalidate_cache()
        return bool(fs.isfile(path))

    def read(self, name: str) -> bytes:
        """The content of a file.

        Raises:
            OutputError: it cannot be read.
        """
        fs, path = resolve_filesystem(f"{self.url}/{name}")
        try:
            return bytes(fs.cat_file(path))
        except Exception as error:  # every protocol has errors of its own
            problem = f"Cannot read {self.url}/{name}: {format_error(error)}."
            raise OutputError(problem, "Run the same command again, or add --force to start over.") from error

    def write(self, name: str, content: bytes) -> None:
        """Write a file in one step.

        Raises:
            OutputError: it cannot be written, or the disk is full.
        """
        self._put(name, lambda path: path.write_bytes(content), lambda fs, path: fs.pipe_file(path, content))

    def upload(self, source: Path, name: str) -> None:
        """Copy a local file here, in one step.

        Raises:
            OutputError: it cannot be written, or the disk is full.
        """
        self._put(name, lambda path: shutil.copyfile(source, path), lambda fs, path: fs.put_file(str(source), path))

    def _put(self, name: str, here: Callable[[Path], object], there: Callable[[Any, str], object]) -> None:
        """Have a file made: `here` at a temporary path, `there` in an object store, which shows it once it is whole."""
        if self.path is not None:
            with write_atomically(self.path / name) as temporary:
                here(temporary)
            return
        fs, path = resolve_filesystem(f"{self.url}/{name}")
        try:
            there(fs, path)
        except Exception as error:  # every protocol has errors of its own
            problem = f"Cannot write {self.url}/{name}: {format_error(error)}."
            raise OutputError(problem, "Check the place and your right to write there.") from error

    def remove(self, name: str) -> None:
        """Delete a file; one that is not there is no trouble."""
        fs, path = resolve_filesystem(f"{self.url}/{name}")
        with contextlib.suppress(FileNotFoundError):
            fs.rm_file(path)

    def read_json(self, name: str) -> Any:
        """The content of a JSON file. Raises OutputError."""
        return json.loads(self.read(name))

    def write_json(self, name: str, data: Any) -> None:
        """Write a JSON file in one step. Raises OutputError."""
        self.write(name, (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode())

    def write_table(self, name: str, columns: dict[str, Any]) -> None:
        """Write arrays as a Parquet table in one step. Raises OutputError."""
        file = io.BytesIO()
        pq.write_table(pa.table(columns), file, compression="zstd", row_group_size=1 << 16)
        self.write(name, file.getvalue())

    def read_table(self, name: str, where: Any = None) -> pa.Table:
        """The rows of a Parquet table that a pyarrow filter leaves; only the row groups that may hold any are read."""
        fs, path = resolve_filesystem(f"{self.url}/{name}")
        with fs.open(path, "rb") as file:
            return pq.read_table(file, filters=where, use_threads=False)
