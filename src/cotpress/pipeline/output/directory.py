"""The output directory: written part by part, joined at the end, the summary last.

While a run is under way its finished parts lie in `.parts/`, each complete once it is sealed (`parts.py`). A
run that stops for any reason is continued by starting it again; the final files appear only when every
row is accounted for, and `summary.json` is the last of them.
"""

from __future__ import annotations

import fcntl
import json
import os
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from cotpress.errors import OutputError
from cotpress.pipeline.output.outcome_counts import OutcomeCounts, sum_counts
from cotpress.pipeline.output.parts import KEY_FILE, LOCK_FILE, PartsFolder, remove, remove_finished
from cotpress.pipeline.output.rows import (
    build_call_rows,
    build_rejected_row,
    join_parquet,
    join_text,
    write_jsonl,
    write_traces,
)
from cotpress.storage import build_write_error, write_atomically
from cotpress.types import Compressed, Rejected

TRACES_FILE, SFT_FILE, REJECTED_FILE, SUMMARY_FILE = "traces.parquet", "sft.jsonl", "rejected.jsonl", "summary.json"
CARD_FILE, INFO_FILE = "README.md", "dataset_info.json"  # beside the training set, for those who load it
CALLS_FILE = "calls.jsonl"  # only where a language model was asked
PARTS_FOLDER, _DONE_FOLDER = ".parts", ".parts-done"
_PART_SUFFIXES = {
    TRACES_FILE: ".parquet",
    SFT_FILE: ".sft.jsonl",
    REJECTED_FILE: ".rejected.jsonl",
    CALLS_FILE: ".calls.jsonl",
}
Summary = dict[str, Any]
ExampleFormatter = Callable[[Compressed], Mapping[str, Any] | None]  # None: a later outcome has its example


class OutputDirectory:
    """One run's directory, held by one process at a time. Made by `open_output_directory`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._parts = PartsFolder(folder / PARTS_FOLDER, _PART_SUFFIXES)
        self._has_written = False

    def count_finished_parts(self, but: str = "") -> int:
        """How many leading parts an earlier, interrupted run has finished, up to one with a reject for the reason
        `but`, or one that is damaged."""
        count = 0
        while (counts := self._parts.read_seal(count)) is not None and not (but and but in counts.reasons):
            count += 1
        return count

    def count_rows(self, parts: int) -> int:
        """How many rows the first so many parts hold, which are finished (see `count_finished_parts`)."""
        return sum(counts.rows for index in range(parts) if (counts := self._parts.read_seal(index)) is not None)

    def write_part(self, index: int, outcomes: Sequence[Compressed | Rejected], row: ExampleFormatter) -> OutcomeCounts:
        """Write the outcomes of one batch of rows; `row` gives a training example.

        Raises:
            OutputError: the folder cannot be written, or the disk is full.
        """
        if not self._has_written:  # what comes later was made by another run, and is made again
            self._parts.unseal(index)
            self._has_written = True
        compressed = [outcome for outcome in outcomes if isinstance(outcome, Compressed)]
        rejected = [build_rejected_row(outcome) for outcome in outcomes if isinstance(outcome, Rejected)]
        calls = [row for outcome in outcomes for row in build_call_rows(outcome)]
        self._write_file(index, TRACES_FILE, lambda path: write_traces(path, compressed))
        examples = [example for outcome in compressed if (example := row(outcome)) is not None]
        self._write_file(index, SFT_FILE, lambda path: write_jsonl(path, examples))
        self._write_file(index, REJECTED_FILE, lambda path: write_jsonl(path, rejected))
        if calls:
            self._write_file(index, CALLS_FILE, lambda path: write_jsonl(path, calls))
        else:
            remove(self._parts.get_path(index, CALLS_FILE))
        counts = OutcomeCounts.from_outcomes(outcomes)
        self._parts.seal(index, counts)
        return counts

    def _write_file(self, index: int, name: str, write: Callable[[Path], None]) -> None:
        place = self._parts.get_path(index, name)
        if place.is_dir():
            remove(place)
        with write_atomically(place, durable=True) as path:
            write(path)

    def read_counts(self) -> list[OutcomeCounts]:
        """The counts of each part.

        Raises:
            OutputError: a part is damaged, or is not there.
        """
        counts = [self._parts.read_seal(index) for index in range(self._parts.count_seals())]
        if None in counts:
            raise OutputError(
                f"Part {counts.index(None)} of {self.folder} is damaged.",
                "Run the same command again: that part is made anew.",
            )
        return [one for one in counts if one is not None]

    def finish(self, about: Mapping[str, Any], beside: Callable[[Mapping[str, Any]], Mapping[str, str]]) -> Summary:
        """Join the parts, write the texts that `beside` makes of the summary (name -> content), then the
        summary itself: the run's figures and what is said `about` it.

        Raises:
            OutputError: a part is damaged, the folder cannot be written, or the disk is full.
        """
        counts = self.read_counts()
        summary = {**sum_counts(counts).to_summary(about.get("method")), **about}
        (self.folder / SUMMARY_FILE).unlink(missing_ok=True)  # a replaced output is unfinished until its own is there
        for name, join in ((TRACES_FILE, join_parquet), (SFT_FILE, join_text), (REJECTED_FILE, join_text)):
            with write_atomically(self.folder / name, durable=True) as path:
                join([self._parts.get_path(index, name) for index in range(len(counts))], path)
        self._join_calls([self._parts.get_path(index, CALLS_FILE) for index in range(len(counts))])
        written = json.dumps(summary, indent=2, ensure_ascii=False)
        texts = {**beside(summary), SUMMARY_FILE: written + "\n"}
        for name, content in texts.items():
            with write_atomically(self.folder / name, durable=True) as path:
                path.write_text(content, encoding="utf-8", errors="backslashreplace")
        # in one step, so that a stop while the parts are deleted leaves none that look finished
        done = self.folder / _DONE_FOLDER
        if done.exists():  # somebody's file lies in it, which no run deletes
            done = self.folder / f"{_DONE_FOLDER}-{uuid.uuid4().hex[:8]}"
        remove_finished(self._parts.folder.rename(done))
        return dict(json.loads(written))

    def _join_calls(self, parts: Sequence[Path]) -> None:
        """`calls.jsonl`, where anybody was asked; the one of a replaced output goes in any case."""
        (self.folder / CALLS_FILE).unlink(missing_ok=True)
        made = [part for part in parts if part.exists()]
        if made:
            with write_atomically(self.folder / CALLS_FILE, durable=True) as path:
                join_text(made, path)


@contextmanager
def open_output_directory(folder: Path, key: str, force: bool = False) -> Iterator[OutputDirectory]:
    """Take an output directory for the run whose settings and input have this content key.

    A finished output, or an unfinished one of another run, is only replaced with `force`; an unfinished
    one of the same run is continued. Whatever is damaged in an unfinished one, `force` starts over.

    Raises:
        OutputError: the directory is taken, exists, or cannot be written.

    >>> with open_output_directory(Path("out"), "key of the run") as directory:
    ...     directory.count_finished_parts()
    0
    """
    try:
        _refuse_finished(folder, force)
        lock = _open_lock(folder / PARTS_FOLDER, force)
    except OSError as error:
        raise build_write_error(folder, error) from error
    with lock:
        if not _acquire_lock(lock, folder / PARTS_FOLDER):
            raise OutputError(f"Another process is writing {folder}.", "Wait for it, or choose another -o.")
        try:
            _claim(folder, PartsFolder(folder / PARTS_FOLDER, _PART_SUFFIXES), key, force)
        except OSError as error:
            raise build_write_error(folder, error) from error
        yield OutputDirectory(folder)


def _open_lock(parts: Path, force: bool) -> IO[str]:
    """The folder's lock file. What stands in its place or in that of the folder is deleted only if forced."""
    for path, wrong in (
        (parts, parts.exists() and not parts.is_dir()),
        (parts / LOCK_FILE, (parts / LOCK_FILE).is_dir()),
    ):
        if wrong and not force:
            raise OutputError(f"{path} is in the way of a run.", "Move it away, or add --force to start over.")
        if wrong:
            remove(path)
    parts.mkdir(parents=True, exist_ok=True)
    return (parts / LOCK_FILE).open("w")


def _acquire_lock(lock: IO[str], parts: Path) -> bool:
    """Take the lock; it must still be the one in the folder, which a run that ends takes away."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(lock.fileno()), (parts / LOCK_FILE).stat())
    except OSError:
        return False


def _refuse_finished(folder: Path, force: bool) -> None:
    if any("\udc80" <= character <= "\udcff" for character in str(folder)):
        raise OutputError(f"The name of {folder} is no UTF-8, which tables need.", "Choose another -o.")
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file.", "Give -o a folder that is new or empty.")
    standing = [name for name in (SUMMARY_FILE, TRACES_FILE, SFT_FILE, REJECTED_FILE) if (folder / name).exists()]
    if standing and not force and not (folder / PARTS_FOLDER / KEY_FILE).is_file():
        hint = "Name another folder with -o, or add --force to replace it (in Python: force=True)."
        raise OutputError(f"{folder} holds a finished output ({standing[0]}).", hint)


def _claim(folder: Path, parts: PartsFolder, key: str, force: bool) -> None:
    """Continue the run with this key, or clear what another left: nothing yet, or anything if forced."""
    for done in folder.glob(f"{_DONE_FOLDER}*"):
        remove(done) if force else remove_finished(done)
    for name in (TRACES_FILE, SFT_FILE, REJECTED_FILE, CALLS_FILE, SUMMARY_FILE):
        if force and (folder / name).is_dir():
            remove(folder / name)
    left = parts.read_key()
    if left == key:
        return
    if parts.count_seals() and not force:
        what = "with other settings, other input or another version" if left else "that does not say which it is"
        raise OutputError(
            f"{folder} holds an unfinished run {what}.",
            "Repeat that command to continue it, or add --force to start over.",
        )
    parts.clear(everything=force)
    parts.write_key(key)


SHARD_FOLDERS: Final = {TRACES_FILE: "traces", SFT_FILE: "sft", REJECTED_FILE: "rejected", CALLS_FILE: "calls"}


def is_sharded(folder: Path) -> bool:
    """Whether a run over shards has finished there.

    >>> is_sharded(Path("nowhere"))
    False
    """
    return (folder / SUMMARY_FILE).is_file() and (folder / SHARD_FOLDERS[TRACES_FILE]).is_dir()


def list_trace_tables(path: Path) -> list[Path]:
    """The tables of traces of an output folder; what is no folder as it is.

    >>> list_trace_tables(Path("traces.parquet"))
    [PosixPath('traces.parquet')]
    """
    if not path.is_dir():
        return [path]
    return sorted((path / SHARD_FOLDERS[TRACES_FILE]).glob("*.parquet")) if is_sharded(path) else [path / TRACES_FILE]


def list_published_files(folder: Path) -> list[str]:
    """What of a finished output others may see, but its card and summary: the training set, the traces, and how they
    are loaded. Rejected rows and calls are the user's own.

    >>> for name in (SFT_FILE, REJECTED_FILE):
    ...     _ = Path(name).write_text("")
    >>> list_published_files(Path("."))
    ['sft.jsonl']
    """
    if not is_sharded(folder):
        return [name for name in (SFT_FILE, TRACES_FILE, INFO_FILE) if (folder / name).is_file()]
    shown = (SHARD_FOLDERS[SFT_FILE], SHARD_FOLDERS[TRACES_FILE])
    files = [f"{name}/{path.name}" for name in shown for path in sorted((folder / name).iterdir()) if path.is_file()]
    return [*files, *([INFO_FILE] if (folder / INFO_FILE).is_file() else [])]
