"""The rows of an output that were rejected, with their reasons."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cotpress.errors import InputError
from cotpress.pipeline.output import REJECTED_FILE, SHARD_FOLDERS, is_sharded


def read_rejected_rows(folder: Path) -> Iterator[dict[str, Any]]:
    """The lines of `rejected.jsonl` of an output, sharded or not: reason, detail, source, line, id and row.

    Raises:
        InputError: a file cannot be read.

    >>> from cotpress import Rejected, Trace, compress, write
    >>> _ = write([*compress([Trace("1", "", "2+3=5.")]), Rejected("cut-off", "No end.", id="2")], "out")
    >>> [row["reason"] for row in read_rejected_rows(Path("out"))]
    ['cut-off']
    """
    for path in _list_files(folder):
        try:
            with path.open(encoding="utf-8") as lines:
                for line in lines:
                    yield dict(json.loads(line))
        except (OSError, ValueError, TypeError) as error:
            raise InputError(
                f"{path} cannot be read ({type(error).__name__}).",
                "Give the folder that compress or rewrite wrote with -o.",
            ) from error


def _list_files(folder: Path) -> list[Path]:
    if is_sharded(folder):
        return sorted((folder / SHARD_FOLDERS[REJECTED_FILE]).glob("*.jsonl"))
    return [path for path in [folder / REJECTED_FILE] if path.is_file()]
