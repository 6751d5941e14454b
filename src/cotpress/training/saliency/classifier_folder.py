"""The folder of a trained classifier: made beside its place, moved in at the end, manifest last."""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cotpress.errors import OutputError
from cotpress.models import silence_libraries
from cotpress.pipeline.output import build_rejected_row
from cotpress.storage import build_write_error
from cotpress.types import Rejected

TRAINING_FILE, REJECTED_FILE = "training.json", "rejected.jsonl"


@contextlib.contextmanager
def open_staging_folder(output: Path, force: bool) -> Iterator[Path]:
    """A temporary folder beside `output`, gone afterwards. Entered before training, so that a place that is taken
    or cannot be written is known at once.

    Raises:
        OutputError: `output` is a file, holds a model and is not to be replaced, or cannot be written.
    """
    if output.exists() and not output.is_dir():
        raise OutputError(f"{output} is a file.", "Give -o a folder that is new or empty.")
    standing = [name for name in (TRAINING_FILE, "config.json") if (output / name).exists()]
    if standing and not force:
        raise OutputError(f"{output} holds a model ({standing[0]}).", "Add --force to replace it.")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{output.name}.", suffix=".tmp", dir=output.parent))
    except OSError as error:
        raise build_write_error(output, error) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def save_classifier(
    folder: Path, output: Path, model: Any, tokenizer: Any, rejected: Sequence[Rejected], about: Mapping[str, Any]
) -> None:
    """Write everything to `folder`, then move it to `output`: what was trained there before goes, `training.json`
    first, and the new one comes last. Other files in `output` stay.

    Raises:
        OutputError: it cannot be written, or the disk is full; a model that was in `output` is still there.
    """
    try:
        with silence_libraries():
            model.to("cpu").save_pretrained(folder)
            tokenizer.save_pretrained(folder)
        (folder / REJECTED_FILE).write_text(
            "".join(map(_format_line, rejected)), encoding="utf-8", errors="backslashreplace"
        )
        files = sorted(path.name for path in folder.iterdir())
        text = json.dumps({**about, "files": files}, indent=2, ensure_ascii=False) + "\n"
        (folder / TRAINING_FILE).write_text(text, encoding="utf-8", errors="backslashreplace")
        _move_files(folder, output, files)
    except OSError as error:
        raise build_write_error(output, error) from error
    except Exception as error:
        if type(error).__name__ != "SafetensorError":  # what its library makes of a full disk
            raise
        raise build_write_error(output, OSError(str(error))) from error


def _move_files(folder: Path, output: Path, files: Sequence[str]) -> None:
    output.mkdir(exist_ok=True)
    old = _read_file_names(output)
    (output / TRAINING_FILE).unlink(missing_ok=True)
    for name in old:
        (output / name).unlink(missing_ok=True)
    for name in (*files, TRAINING_FILE):
        (folder / name).chmod(0o644)
        (folder / name).replace(output / name)


def _read_file_names(output: Path) -> list[str]:
    """The files that an earlier training says are its own."""
    try:
        files = json.loads((output / TRAINING_FILE).read_text(encoding="utf-8"))["files"]
        return [name for name in files if name == Path(name).name]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _format_line(rejected: Rejected) -> str:
    return json.dumps(build_rejected_row(rejected), ensure_ascii=False) + "\n"
