"""The output directory: written part by part, joined at the end, manifest last.

While a run is under way its finished parts lie in `.parts/`, each complete once its tally is there. A
run that stops for any reason is continued by starting it again; the final files appear only when every
row is accounted for, and `summary.json` is the last of them.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from cotpress.errors import OutputError
from cotpress.output.rows import call_rows, join_parquet, join_text, rejected_row, write_jsonl, write_traces
from cotpress.output.tally import Tally, total
from cotpress.store import cannot_write, writing
from cotpress.types import Compressed, Rejected

TRACES, SFT, REJECTED, SUMMARY = "traces.parquet", "sft.jsonl", "rejected.jsonl", "summary.json"
CALLS = "calls.jsonl"  # only where a language model was asked
_PARTS, _DONE = ".parts", ".parts-done"
_SUFFIXES = {TRACES: ".parquet", SFT: ".sft.jsonl", REJECTED: ".rejected.jsonl", CALLS: ".calls.jsonl"}
Summary = dict[str, Any]
ExampleRow = Callable[[Compressed], Mapping[str, Any]]


class OutputDirectory:
    """One run's directory, held by one process at a time. Made by `opened`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._parts = folder / _PARTS

    def finished_parts(self, but: str = "") -> int:
        """How many leading parts an earlier, interrupted run has finished, up to one with a reject for the reason
        `but`."""
        count = 0
        while self._tally(count).is_file() and not (but and but in self._read(count).reasons):
            count += 1
        return count

    def write_part(self, index: int, outcomes: Sequence[Compressed | Rejected], row: ExampleRow) -> Tally:
        """Write the outcomes of one batch of rows; `row` gives a training example.

        Raises:
            OutputError: the folder cannot be written, or the disk is full.
        """
        compressed = [one for one in outcomes if isinstance(one, Compressed)]
        rejected = [rejected_row(one) for one in outcomes if isinstance(one, Rejected)]
        with writing(self._part(index, TRACES)) as path:
            write_traces(path, compressed)
        with writing(self._part(index, SFT)) as path:
            write_jsonl(path, [row(one) for one in compressed])
        with writing(self._part(index, REJECTED)) as path:
            write_jsonl(path, rejected)
        calls = [row for one in outcomes for row in call_rows(one)]
        if calls:
            with writing(self._part(index, CALLS)) as path:
                write_jsonl(path, calls)
        tally = Tally.of(outcomes)
        with writing(self._tally(index)) as path:
            path.write_text(json.dumps(asdict(tally)))
        return tally

    def tallies(self) -> list[Tally]:
        """The tallies of the finished parts."""
        return [self._read(index) for index in range(self.finished_parts())]

    def _read(self, index: int) -> Tally:
        return Tally(**json.loads(self._tally(index).read_text()))

    def finish(self, about: Mapping[str, Any], beside: Callable[[Mapping[str, Any]], Mapping[str, str]]) -> Summary:
        """Join the parts, write the texts that `beside` makes of the summary (name -> content), then the
        summary itself: the run's figures and what is said `about` it.

        Raises:
            OutputError: the folder cannot be written, or the disk is full.
        """
        count, summary = self.finished_parts(), {**total(self.tallies()).figures(), **about}
        (self.folder / SUMMARY).unlink(missing_ok=True)  # a replaced output is unfinished until its own is there
        for name, join in ((TRACES, join_parquet), (SFT, join_text), (REJECTED, join_text)):
            with writing(self.folder / name) as path:
                join([self._part(index, name) for index in range(count)], path)
        self._join_calls([self._part(index, CALLS) for index in range(count)])
        written = json.dumps(summary, indent=2, ensure_ascii=False)
        texts = {**beside(summary), SUMMARY: written + "\n"}
        for name, content in texts.items():
            with writing(self.folder / name) as path:
                path.write_text(content, encoding="utf-8")
        # in one step, so that a stop while the parts are deleted leaves none that look finished
        done = self._parts.rename(self.folder / _DONE)
        shutil.rmtree(done)
        return dict(json.loads(written))

    def _join_calls(self, parts: Sequence[Path]) -> None:
        """`calls.jsonl`, where anybody was asked; the one of a replaced output goes in any case."""
        (self.folder / CALLS).unlink(missing_ok=True)
        made = [part for part in parts if part.exists()]
        if made:
            with writing(self.folder / CALLS) as path:
                join_text(made, path)

    def _part(self, index: int, name: str) -> Path:
        return self._parts / f"part-{index:06d}{_SUFFIXES[name]}"

    def _tally(self, index: int) -> Path:
        return self._parts / f"part-{index:06d}.json"


@contextmanager
def opened(folder: Path, key: str, force: bool = False) -> Iterator[OutputDirectory]:
    """Take an output directory for the run whose settings and input have this content key.

    A finished output, or an unfinished one of another run, is only replaced with `force`; an unfinished
    one of the same run is continued.

    Raises:
        OutputError: the directory is taken, exists, or cannot be written.
    """
    parts = folder / _PARTS
    _refuse_finished(folder, force)
    try:
        parts.mkdir(parents=True, exist_ok=True)
        lock = (parts / "lock").open("w")
    except OSError as error:
        raise cannot_write(folder, error) from error
    with lock:
        if not _locked(lock, parts):
            raise OutputError(f"Another process is writing {folder}.", "Wait for it, or choose another -o.")
        _claim(folder, parts, key, force)
        yield OutputDirectory(folder)


def _locked(lock: IO[str], parts: Path) -> bool:
    """Take the lock; it must still be the one in the folder, which a run that ends takes away."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(lock.fileno()), (parts / "lock").stat())
    except OSError:
        return False


def _refuse_finished(folder: Path, force: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file.", "Give -o a folder that is new or empty.")
    standing = [name for name in (SUMMARY, TRACES, SFT, REJECTED) if (folder / name).exists()]
    if standing and not force and not (folder / _PARTS / "run.json").is_file():
        raise OutputError(f"{folder} holds a finished output ({standing[0]}).", "Add --force to replace it.")


def _claim(folder: Path, parts: Path, key: str, force: bool) -> None:
    """Continue the run with this key, or clear what another left: nothing yet, or anything if forced."""
    shutil.rmtree(folder / _DONE, ignore_errors=True)
    note = parts / "run.json"
    left = json.loads(note.read_text())["key"] if note.is_file() else None
    if left == key:
        return
    if OutputDirectory(folder).finished_parts() and not force:
        raise OutputError(
            f"{folder} holds an unfinished run with other settings, other input or another version.",
            "Repeat that command to continue it, or add --force to start over.",
        )
    for path in parts.iterdir():
        if path.name != "lock":
            path.unlink()
    with writing(note) as path:
        path.write_text(json.dumps({"key": key}))
