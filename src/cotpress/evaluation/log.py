"""The folder of an evaluation: rows are logged as they come, the final files appear when all are there.

`.rows.jsonl` holds the key of the run's settings, then a line a row. A run that stops for any reason is continued by
starting it again: problems whose rows are all there are not asked again. `summary.json` is written last.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from cotpress.errors import OutputError
from cotpress.evaluation.row import EvaluationRow, read_rows, write_evaluation_rows
from cotpress.storage import build_write_error, write_atomically

ROWS_FILE, SUMMARY_FILE, LOG_FILE = "rows.parquet", "summary.json", ".rows.jsonl"
_OTHER_SETTINGS_HINT = "Repeat that command to continue it, choose another -o, or add --force to start over."


@dataclass(frozen=True, slots=True)
class EvaluationLog:
    """One run's folder, held by one process at a time. Made by `open_evaluation_log`. `rows` are those of an earlier
    start."""

    folder: Path
    rows: tuple[EvaluationRow, ...]
    file: IO[bytes]

    def append(self, rows: Sequence[EvaluationRow]) -> None:
        """Put rows on their way to disk: killing the process then loses none of them.

        Raises:
            OutputError: the disk is full.
        """
        lines = "".join(json.dumps(asdict(row), ensure_ascii=True) + "\n" for row in rows)
        try:
            self.file.write(lines.encode("ascii"))
            self.file.flush()
        except OSError as error:
            raise build_write_error(self.folder, error) from error

    def finish(self, rows: Sequence[EvaluationRow], summary: Mapping[str, Any]) -> None:
        """Write the final files, the summary last.

        Raises:
            OutputError: the disk is full.
        """
        (self.folder / SUMMARY_FILE).unlink(missing_ok=True)
        with write_atomically(self.folder / ROWS_FILE) as path:
            write_evaluation_rows(path, rows)
        with write_atomically(self.folder / SUMMARY_FILE) as path:
            path.write_text(json.dumps(summary, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
        (self.folder / LOG_FILE).unlink(missing_ok=True)


@contextmanager
def open_evaluation_log(folder: Path, key: str, force: bool = False) -> Iterator[EvaluationLog]:
    """Take a folder for the run whose settings have this content key.

    What an earlier run with the same settings left, finished or not, is gone on from. `force` replaces a finished
    evaluation, and an unfinished one with other settings.

    Raises:
        OutputError: the folder is taken, belongs to other settings, or cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file.", "Give -o a folder that is new or empty.")
    _refuse_foreign_files(folder)
    finished = _read_finished_rows(folder, key, force)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOG_FILE).open("a+b")
    except OSError as error:
        raise build_write_error(folder, error) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise OutputError(f"Another process is writing {folder}.", "Wait for it, or choose another -o.") from error
        if force:
            (folder / SUMMARY_FILE).unlink(missing_ok=True)  # from now on it is unfinished, and continued as such
        logged = _read_logged_rows(folder, file, key, force)
        if not logged:
            _start_log(folder, file, key)
        yield EvaluationLog(folder, tuple(_keep_latest([*finished, *logged])), file)


def _refuse_foreign_files(folder: Path) -> None:
    """What no evaluation wrote is never written over: `summary.json` is the name of other commands' files, too."""
    ours = (folder / LOG_FILE).exists() or (folder / ROWS_FILE).exists()
    if folder.is_dir() and not ours and any(not path.name.startswith(".") for path in folder.iterdir()):
        raise OutputError(f"{folder} holds files that no evaluation left.", "Give -o a folder that is new or empty.")


def _start_log(folder: Path, file: IO[bytes], key: str) -> None:
    try:
        file.truncate(0)
        file.write(json.dumps({"key": key}).encode() + b"\n")
        file.flush()
    except OSError as error:
        raise build_write_error(folder, error) from error


def _read_finished_rows(folder: Path, key: str, force: bool) -> tuple[EvaluationRow, ...]:
    """The rows of a finished run with the same settings."""
    if force or not (folder / SUMMARY_FILE).exists():
        return ()
    try:
        same = json.loads((folder / SUMMARY_FILE).read_text(encoding="utf-8")).get("key") == key
        rows = read_rows(folder / ROWS_FILE) if same else ()
    except (OSError, ValueError, AttributeError) as error:
        raise OutputError(f"{folder} holds a damaged evaluation.", "Add --force to replace it.") from error
    if not same:
        raise OutputError(
            f"{folder} holds a finished evaluation with other settings, another student or another version.",
            "Choose another -o, or add --force to replace it.",
        )
    return rows


def _read_logged_rows(folder: Path, file: IO[bytes], key: str, force: bool) -> list[EvaluationRow]:
    """The rows that were logged for these settings; a line that was cut off in the middle is dropped."""
    file.seek(0)
    text = file.read()
    whole = text.rfind(b"\n") + 1
    first, *lines = text[:whole].splitlines() or [b""]
    if not first:
        return []
    try:
        if json.loads(first)["key"] != key and force:
            return []
        if json.loads(first)["key"] != key:
            raise OutputError(f"{folder} holds an unfinished evaluation with other settings.", _OTHER_SETTINGS_HINT)
        rows = [EvaluationRow(**json.loads(line)) for line in lines]
    except (ValueError, KeyError, TypeError) as error:
        if force:
            return []
        raise OutputError(f"{folder / LOG_FILE} is damaged.", "Add --force to start over.") from error
    file.truncate(whole)
    return rows


def _keep_latest(rows: Sequence[EvaluationRow]) -> list[EvaluationRow]:
    """One row for each sample: the one written last."""
    return list({(*row.problem_key, row.sample): row for row in rows}.values())
