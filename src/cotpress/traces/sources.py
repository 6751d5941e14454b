"""What the user named - files, folders, globs, datasets - into sources that can be opened again and again."""

from __future__ import annotations

import difflib
import glob
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from cotpress.errors import InputError
from cotpress.traces import hub, jsonrows, tables
from cotpress.traces.rows import Row
from cotpress.traces.streams import cannot_read, check_text, compression, head, opened
from cotpress.wording import agreeing, counted

SUFFIXES = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet")
PACKED = (".gz", ".zst")
_DATASET_PARTS = ("dataset_info.json", "dataset_infos.json", "state.json", "dataset_dict.json")
_KNOWN = f"Known: {', '.join(SUFFIXES)}, each also as .gz or .zst; folders, globs, and datasets as {hub.NAMES}."

Identity = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One file or dataset. `rows` reads it from the start; `identity` is (path, bytes, mtime in ns) of its files."""

    name: str
    stem: str
    container: str
    rows: Callable[[], Iterator[Row]]
    identity: Identity


def find(given: Sequence[str | Path]) -> tuple[list[Source], list[str]]:
    """The sources in reading order, and the paths that were passed over, each with why.

    Raises:
        InputError: something does not exist, is no traces, or holds nothing to read.
    """
    if not given:
        raise InputError("No input was named.", _KNOWN)
    skipped: list[str] = []
    found: dict[str, Source | Path] = {}
    for one in given:
        for item in _expanded(os.fspath(one), skipped):
            key = item.name if isinstance(item, Source) else os.path.realpath(item)
            if key in found:
                skipped.append(f"{key} (named twice)")
            found.setdefault(key, item)
    stems = stems_of([item for item in found.values() if isinstance(item, Path)])
    return [item if isinstance(item, Source) else source_at(item, stems[item]) for item in found.values()], skipped


def _expanded(text: str, skipped: list[str]) -> list[Source | Path]:
    path = Path(text).expanduser()
    if path.is_dir():
        return [_saved(path, None)] if hub.is_saved(path) else _listed(path, skipped)
    if path.exists():
        return [path]
    if glob.has_magic(text):
        matches = [Path(match) for match in sorted(glob.glob(os.path.expanduser(text), recursive=True))]
        return _kept(text, [(match, match.name) for match in matches], skipped)
    if ":" in text:
        folder, _, split = text.rpartition(":")
        if hub.is_saved(Path(folder).expanduser()):
            return [_saved(Path(folder).expanduser(), split)]
    return [_dataset(text)]


def _listed(folder: Path, skipped: list[str]) -> list[Source | Path]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return _kept(os.path.join(folder, "**"), [(path, str(path.relative_to(folder))) for path in files], skipped)


def _kept(looked_for: str, files: Sequence[tuple[Path, str]], skipped: list[str]) -> list[Source | Path]:
    """Of (path, path below what the user named), those that may hold traces; the others are named, not read."""
    kept: list[Source | Path] = []
    for path, below in files:
        why = "a folder" if path.is_dir() else passed_over(path, below)
        if why is None:
            kept.append(path)
        else:
            skipped.append(f"{path} ({why})")
    if not kept:
        others = f" (but {counted(len(files), 'other')} {agreeing(len(files), 'is', 'are')} there)" if files else ""
        raise InputError(f"No file of traces matches {looked_for}{others}.", _KNOWN)
    return kept


def passed_over(path: Path, below: str) -> str | None:
    """Why a file of a folder or glob is not read, by its name alone; None where it is."""
    if any(part.startswith(".") for part in Path(below).parts):
        return "hidden"
    if _kind(path) not in SUFFIXES:
        return "not a kind of file that holds traces"
    return "part of a saved dataset" if path.name in _DATASET_PARTS else None


def _plain(path: Path) -> Path:
    """The file's name without a suffix of compression."""
    return Path(path.stem) if path.suffix.lower() in PACKED else Path(path.name)


def _kind(path: Path) -> str:
    """The suffix that tells the container, in lower case."""
    return _plain(path).suffix.lower()


def stems_of(paths: Sequence[Path]) -> dict[Path, str]:
    """A name for each file to number its rows with: as short as tells them all apart."""
    shapes: tuple[Callable[[Path], str], ...] = (
        lambda path: _plain(path).stem,
        lambda path: path.name,
        lambda path: "-".join(path.parts[-2:]),
        lambda path: "-".join(part for part in path.absolute().parts if part != os.sep),
    )
    stems: dict[Path, str] = {}
    for shape in shapes:
        stems = {path: shape(path) for path in paths}
        if len(set(stems.values())) == len(stems):
            break
    return stems


def source_at(path: Path, stem: str, name: str = "") -> Source:
    """The source of one file; `name` is what it goes by where that is not its path.

    Raises:
        InputError: it cannot be read, or is no kind of file that holds traces.
    """
    container, rows = _container(path)
    return Source(name or str(path), stem, container, rows, _identity([path]))


def _container(path: Path) -> tuple[str, Callable[[], Iterator[Row]]]:
    """What a file is, by its name and its first bytes, and how to read it.

    Raises:
        InputError: it is none of the known containers, or plainly no text.
    """
    if not path.is_file():
        raise InputError(f"{path} is neither a regular file nor a folder.", "Save the data to a file first.")
    packed = compression(path)
    start, kind = head(path), _kind(path)
    note = f", {packed}" if packed else ""
    if start.startswith(b"PAR1") or kind == ".parquet":
        return f"Parquet{note}", partial(tables.parquet_rows, path)
    check_text(path, start)
    name, read, arguments = _text_container(path, start, kind)
    return f"{name}{note}", partial(_read, path, read, arguments)


def _text_container(path: Path, start: bytes, kind: str) -> tuple[str, Callable[..., Iterator[Row]], tuple[Any, ...]]:
    text = start.lstrip()
    if kind in (".csv", ".tsv"):
        delimiter = tables.delimiter(start)
        return {",": "CSV", ";": "CSV (;)", "\t": "TSV"}[delimiter], tables.csv_rows, (delimiter,)
    if kind not in SUFFIXES and text[:1] not in (b"{", b"["):
        raise InputError(f"{path} is not a kind of file that holds traces.", _KNOWN)
    if jsonrows.is_array(start, kind in (".jsonl", ".ndjson")):
        return "JSON array", jsonrows.array_rows, ()
    if kind == ".json" and text.startswith(b"{") and not jsonrows.is_lines(start):
        return "JSON object", jsonrows.object_rows, ()
    return "JSONL", jsonrows.line_rows, ()


def _read(path: Path, read: Callable[..., Iterator[Row]], arguments: tuple[Any, ...]) -> Iterator[Row]:
    with opened(path) as stream:
        yield from read(stream, *arguments)


def _saved(folder: Path, split: str | None) -> Source:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    name = f"{folder}:{split}" if split else str(folder)
    rows = partial(hub.saved_rows, folder, split)
    return Source(name, folder.absolute().name, "saved dataset", rows, _identity(files))


def _dataset(text: str) -> Source:
    """A dataset on the hub, if the text can be read as one.

    Raises:
        InputError: it can only be a path, and there is nothing there.
    """
    name, _, split = text.partition(":")
    parts = name.split("/")
    looks_local = text.startswith((".", "~", "/")) or "\\" in text or _kind(Path(name)) in SUFFIXES
    if looks_local or len(parts) not in (2, 3) or not all(parts):
        raise _no_path(text)
    return Source(text, parts[1], "dataset on the hub", partial(hub.hub_rows, name, split or None), ((text, 0, 0),))


def _no_path(text: str) -> InputError:
    path = Path(text).expanduser()
    around = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
    close = difflib.get_close_matches(path.name, around, n=1, cutoff=0.5)
    guess = f"Did you mean '{path.parent / close[0]}'? " if close else ""
    return InputError(f"There is no file or folder '{text}'.", f"{guess}{_KNOWN}")


def _identity(paths: Sequence[Path]) -> Identity:
    try:
        states = [(str(path.absolute()), path.stat()) for path in paths]
    except OSError as error:
        raise cannot_read(paths[0], error) from error
    return tuple((name, state.st_size, state.st_mtime_ns) for name, state in states)
