"""What to say of a folder or file that should be a finished output and is none."""

from __future__ import annotations

import difflib
from pathlib import Path

from cotpress.errors import InputError
from cotpress.pipeline.output.directory import PARTS_FOLDER, SUMMARY_FILE, TRACES_FILE, list_trace_tables

_HINT = "Give the folder that compress or rewrite wrote with -o."


def build_unreadable_output_error(folder: Path) -> InputError:
    """The error for what cannot be read as a finished output: what stands there instead, and what to give.

    Args:
        folder: what the user named.

    >>> print(build_unreadable_output_error(Path("nowhere")))
    There is no folder nowhere. Give the folder that compress or rewrite wrote with -o.
    """
    if not folder.exists():
        return InputError(f"There is no folder {folder}.", _suggest(_find_outputs(folder.parent), folder.name))
    if not folder.is_dir():
        return InputError(
            f"{folder} is a file, and no table of compressed traces.",
            f"{_HINT} Files of traces: cotpress inspect {folder}.",
        )
    if any(path.is_file() for path in list_trace_tables(folder)):
        return InputError(
            f"{folder} is no finished output: its {TRACES_FILE} cannot be read: it is damaged, or not of cotpress.",
            "Make it again: the command that wrote it, with --force.",
        )
    if (folder / PARTS_FOLDER).is_dir():
        return InputError(f"The run in {folder} is unfinished.", "Repeat its command: it continues where it stopped.")
    if (folder / "tables").is_dir():
        return InputError(f"{folder} is the run of a study.", f"Its page: cotpress report {folder}.")
    return InputError(f"{folder} is no finished output: it holds no {TRACES_FILE}.", _suggest(_find_outputs(folder)))


def _find_outputs(folder: Path) -> list[Path]:
    """The finished outputs that lie in a folder."""
    try:
        return sorted(path.parent for path in folder.glob(f"*/{SUMMARY_FILE}"))
    except OSError:
        return []


def _suggest(outputs: list[Path], meant: str = "") -> str:
    """The output that is nearest to what was meant; without a name the first one."""
    names = {path.name: path for path in outputs}
    close = difflib.get_close_matches(meant, names, n=1, cutoff=0.5) if meant else list(names)[:1]
    return f"Did you mean {names[close[0]]}?" if close else _HINT
