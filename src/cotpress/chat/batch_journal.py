"""Which batches are under way, on disk: a run that was killed finds them again, and pays nothing twice."""

from __future__ import annotations

import fcntl
import json
import uuid
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO

from cotpress.errors import OutputError
from cotpress.storage import build_write_error, write_atomically

LOCK_FILE = "lock"


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """One batch: which requests it has, and how far it came. It holds no request, no reply and no key of an endpoint.

    Args:
        endpoint: the base URL.
        model: what the requests ask.
        keys: the key of each request, which is also its `custom_id`.
        input_file: the endpoint's name for the file with the requests, "" before it is uploaded.
        batch: its name for the batch, "" before it is known to be created.
        name: the record's own.
    """

    endpoint: str
    model: str
    keys: tuple[str, ...]
    input_file: str = ""
    batch: str = ""
    name: str = field(default_factory=lambda: uuid.uuid4().hex)


class BatchJournal:
    """A folder with a file for each batch that is under way. One process uses it at a time.

    Raises:
        OutputError: in every method, when another process holds the folder, a file of it is damaged, or it cannot be
            written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock: IO[str] | None = None

    def read(self) -> list[BatchRecord]:
        """All records."""
        self._acquire()
        return [_read_record(path) for path in sorted(self.folder.glob("*.json"))]

    def save(self, record: BatchRecord) -> BatchRecord:
        """The record, in place of an earlier one of its name; it is on disk when this returns."""
        self._acquire()
        with write_atomically(self.folder / f"{record.name}.json", durable=True) as path:
            path.write_text(json.dumps(asdict(record)))
        return record

    def remove(self, record: BatchRecord) -> None:
        """Forget a batch."""
        self._acquire()
        try:
            (self.folder / f"{record.name}.json").unlink(missing_ok=True)
        except OSError as error:
            raise build_write_error(self.folder, error) from error

    def close(self) -> None:
        """Let other processes use the folder; a later call takes it again."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _acquire(self) -> None:
        if self._lock is not None:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / LOCK_FILE).open("w")
        except OSError as error:
            raise build_write_error(self.folder, error) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise OutputError(
                f"Another run keeps its batches in {self.folder}.", "Wait for it, or give another --store."
            ) from error
        self._lock = lock


def _read_record(path: Path) -> BatchRecord:
    try:
        record = BatchRecord(**json.loads(path.read_text("utf-8")))
        texts = (record.endpoint, record.model, record.input_file, record.batch, *record.keys)
        if record.name != path.stem or not all(isinstance(text, str) for text in texts):
            raise ValueError("it is no record of a batch")
    except (OSError, TypeError, ValueError, RecursionError) as error:
        raise OutputError(
            f"The record of a batch {path} is damaged.",
            "Delete it, and its requests are asked for again; a batch that is under way is then paid for twice.",
        ) from error
    return replace(record, keys=tuple(record.keys))
