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
from cotpress.number_formatting import count_noun, inflect
from cotpress.traces.files import hub, json_rows, table_rows
from cotpress.traces.files.byte_streams import (
    build_read_error,
    check_kind,
    check_text,
    detect_compression,
    open_stream,
    read_head,
)
from cotpress.traces.rows import TraceRow

ARROW_SUFFIXES = (".arrow", ".feather", ".ipc")
TRACE_SUFFIXES = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet", *ARROW_SUFFIXES)
COMPRESSION_SUFFIXES = (".gz", ".zst", ".bz2", ".xz")
_DATASET_FILE_NAMES = ("dataset_info.json", "dataset_infos.json", "state.json", "dataset_dict.json")
_KNOWN_INPUTS_HINT = (
    f"Known: {', '.join(TRACE_SUFFIXES)}, each also as .gz, .zst, .bz2 or .xz; "
    f"folders, globs, and datasets as {hub.DATASET_NAME_FORMS}."
)

SourceIdentity = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class TraceSource:
    """One file or dataset. `read_rows` reads it from the start; `identity` is (path, bytes, mtime in ns) of its
    files."""

    name: str
    stem: str
    container: str
    read_rows: Callable[[], Iterator[TraceRow]]
    identity: SourceIdentity


def find_sources(inputs: Sequence[str | Path], *, skip_unreadable: bool = False) -> tuple[list[TraceSource], list[str]]:
    """The sources in reading order, and the paths that were passed over, each with why.

    With `skip_unreadable` a file that is no traces is passed over, too.

    Raises:
        InputError: something does not exist, is no traces, or holds nothing to read.

    >>> Path("data").mkdir()
    >>> for name in ("b.jsonl", "a.jsonl", "notes.txt"):
    ...     _ = Path("data", name).write_text("{}")
    >>> sources, skipped = find_sources(["data"])
    >>> [source.stem for source in sources], skipped
    (['a', 'b'], ['data/notes.txt (not a kind of file that holds traces)'])
    """
    if not inputs or not all(map(os.fspath, inputs)):
        raise InputError("No input was named.", _KNOWN_INPUTS_HINT)
    skipped: list[str] = []
    items: dict[str, TraceSource | Path] = {}
    for path in inputs:
        for item in _expand(os.fspath(path), skipped):
            key = item.name if isinstance(item, TraceSource) else os.path.realpath(item)
            if key in items:
                skipped.append(f"{key} (named twice)")
            items.setdefault(key, item)
    stems = assign_stems([item for item in items.values() if isinstance(item, Path)])
    sources = []
    for item in items.values():
        try:
            sources.append(item if isinstance(item, TraceSource) else build_source(item, stems[item]))
        except InputError as error:
            if not skip_unreadable or len(items) == 1:
                raise
            skipped.append(f"{item} ({error.message})")
    return sources, skipped


def _expand(text: str, skipped: list[str]) -> list[TraceSource | Path]:
    path = Path(text).expanduser()
    if path.is_dir():
        _refuse_output(path)
        return [_build_saved_source(path, None)] if hub.is_saved_dataset(path) else _list_folder(path, skipped)
    if path.exists():
        return [path]
    if glob.has_magic(text):
        matches = [Path(match) for match in sorted(glob.glob(os.path.expanduser(text), recursive=True))]
        return _select_files(text, [(match, match.name) for match in matches], skipped)
    if ":" in text:
        folder, _, split = text.rpartition(":")
        if hub.is_saved_dataset(Path(folder).expanduser()):
            return [_build_saved_source(Path(folder).expanduser(), split)]
    return [_build_hub_source(text)]


def _refuse_output(folder: Path) -> None:
    """Raises InputError: the folder is what compress or rewrite wrote, whose files are of several kinds."""
    if all((folder / name).is_file() for name in ("summary.json", "sft.jsonl", "traces.parquet")):
        raise InputError(
            f"{folder} is an output of cotpress, not a folder of traces.",
            f"Its training set is {folder / 'sft.jsonl'}; cotpress show {folder} shows its pairs.",
        )


def _list_folder(folder: Path, skipped: list[str]) -> list[TraceSource | Path]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return _select_files(os.path.join(folder, "**"), [(path, str(path.relative_to(folder))) for path in files], skipped)


def _select_files(looked_for: str, files: Sequence[tuple[Path, str]], skipped: list[str]) -> list[TraceSource | Path]:
    """Of (path, path below what the user named), those that may hold traces; the others are named, not read."""
    kept: list[TraceSource | Path] = []
    for path, below in files:
        why = "a folder" if path.is_dir() else explain_skip(path, below)
        if why is None:
            kept.append(path)
        else:
            skipped.append(f"{path} ({why})")
    if not kept:
        others = f" (but {count_noun(len(files), 'other')} {inflect(len(files), 'is', 'are')} there)" if files else ""
        raise InputError(f"No file of traces matches {looked_for}{others}.", _KNOWN_INPUTS_HINT)
    return kept


def explain_skip(path: Path, below: str) -> str | None:
    """Why a file of a folder or glob is not read, by its name alone; None where it is.

    >>> explain_skip(Path("data/.git/a.jsonl"), ".git/a.jsonl")
    'hidden'
    >>> explain_skip(Path("data/a.jsonl"), "a.jsonl") is None
    True
    """
    if any(part.startswith(".") for part in Path(below).parts):
        return "hidden"
    if _get_suffix(path) not in TRACE_SUFFIXES:
        return "not a kind of file that holds traces"
    return "part of a saved dataset" if path.name in _DATASET_FILE_NAMES else None


def _strip_compression_suffix(path: Path) -> Path:
    """The file's name without a suffix of compression."""
    return Path(path.stem) if path.suffix.lower() in COMPRESSION_SUFFIXES else Path(path.name)


def _get_suffix(path: Path) -> str:
    """The suffix that tells the container, in lower case."""
    return _strip_compression_suffix(path).suffix.lower()


def assign_stems(paths: Sequence[Path]) -> dict[Path, str]:
    """A name for each file to number its rows with: as short as tells them all apart.

    >>> sorted(assign_stems([Path("a/part.jsonl"), Path("b/part.jsonl")]).values())
    ['a-part.jsonl', 'b-part.jsonl']
    """
    shapes: tuple[Callable[[Path], str], ...] = (
        lambda path: _strip_compression_suffix(path).stem,
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


def build_source(path: Path, stem: str, name: str = "") -> TraceSource:
    """The source of one file; `name` is what it goes by where that is not its path.

    Raises:
        InputError: it cannot be read, or is no kind of file that holds traces.

    >>> _ = Path("t.jsonl").write_text('{"question": "2+3?"}')
    >>> build_source(Path("t.jsonl"), "t").container
    'JSONL'
    """
    container, rows = _detect_container(path)
    return TraceSource(_show_name(name or str(path)), _show_name(stem), container, rows, _identify_files([path]))


def _detect_container(path: Path) -> tuple[str, Callable[[], Iterator[TraceRow]]]:
    """What a file is, by its name and its first bytes, and how to read it.

    Raises:
        InputError: it is none of the known containers, or plainly no text.
    """
    if not path.is_file():
        raise InputError(f"{path} is neither a regular file nor a folder.", "Save the data to a file first.")
    packed = detect_compression(path)
    start, kind = read_head(path), _get_suffix(path)
    check_kind(path, start)
    note = f", {packed}" if packed else ""
    if start.startswith(b"PAR1") or kind == ".parquet":
        return f"Parquet{note}", partial(table_rows.read_parquet, path)
    if start.startswith(table_rows.ARROW_MARK) or kind in ARROW_SUFFIXES:
        return f"Arrow{note}", partial(table_rows.read_arrow, path)
    check_text(path, start)
    name, read, arguments = _detect_text_container(path, start, kind)
    return f"{name}{note}", partial(_read_rows, path, read, arguments)


def _detect_text_container(
    path: Path, start: bytes, kind: str
) -> tuple[str, Callable[..., Iterator[TraceRow]], tuple[Any, ...]]:
    text = start.lstrip()
    if kind in (".csv", ".tsv"):
        delimiter = table_rows.detect_delimiter(start)
        return {",": "CSV", ";": "CSV (;)", "|": "CSV (|)", "\t": "TSV"}[delimiter], table_rows.read_csv, (delimiter,)
    if kind not in TRACE_SUFFIXES and text[:1] not in (b"{", b"["):
        raise InputError(f"{path} is not a kind of file that holds traces.", _KNOWN_INPUTS_HINT)
    if json_rows.is_spread(text):
        return "JSON objects", json_rows.read_spread_objects, ()
    if json_rows.is_json_array(start, kind in (".jsonl", ".ndjson")):
        return "JSON array", json_rows.read_json_array, ()
    if kind not in (".jsonl", ".ndjson") and text.startswith(b"{") and not json_rows.is_json_lines(start):
        return "JSON object", json_rows.read_json_object, ()
    return "JSONL", json_rows.read_json_lines, ()


def _read_rows(path: Path, read: Callable[..., Iterator[TraceRow]], arguments: tuple[Any, ...]) -> Iterator[TraceRow]:
    with open_stream(path) as stream:
        yield from read(stream, *arguments)


def _build_saved_source(folder: Path, split: str | None) -> TraceSource:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    name = f"{folder}:{split}" if split else str(folder)
    rows = partial(hub.read_saved_dataset, folder, split)
    return TraceSource(name, folder.absolute().name, "saved dataset", rows, _identify_files(files))


def _build_hub_source(text: str) -> TraceSource:
    """A dataset on the hub, if the text can be read as one.

    Raises:
        InputError: it can only be a path, and there is nothing there.
    """
    name, _, split = text.partition(":")
    parts = name.split("/")
    looks_local = text.startswith((".", "~", "/")) or "\\" in text or _get_suffix(Path(name)) in TRACE_SUFFIXES
    if looks_local or len(parts) not in (2, 3) or not all(parts):
        raise _build_missing_path_error(text)
    return TraceSource(
        text, parts[1], "dataset on the hub", partial(hub.read_hub_dataset, name, split or None), ((text, 0, 0),)
    )


def _build_missing_path_error(text: str) -> InputError:
    path = Path(text).expanduser()
    if "://" in text:
        return InputError(
            f"'{text}' is a URL.", "Download the file and name it here; compress and rewrite read URLs with --executor."
        )
    if path.is_symlink():
        return InputError(f"'{text}' is a link to a file that is not there.", "Name the file itself.")
    around = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
    close = difflib.get_close_matches(path.name, around, n=1, cutoff=0.5)
    guess = f"Did you mean '{path.parent / close[0]}'? " if close else ""
    return InputError(f"There is no file or folder '{text}'.", f"{guess}{_KNOWN_INPUTS_HINT}")


def _show_name(name: str) -> str:
    r"""A file's name as text that can be written: bytes that are no UTF-8 as their codes.

    >>> _show_name("f\udcfe")
    'f\\xfe'
    """
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def check_unchanged(source: TraceSource) -> None:
    """Raise InputError where a file no longer has the size that it had when it was opened: rows may be missing."""
    for name, size, time in source.identity:
        if time and (now := _get_size(name)) != size:
            raise InputError(
                f"{name} changed while it was read: it had {size:,} bytes, and now has {now:,}.",
                "Run it again when nothing writes to it any more.",
            )


def _get_size(name: str) -> int:
    try:
        return os.stat(name).st_size
    except OSError:
        return 0


def _identify_files(paths: Sequence[Path]) -> SourceIdentity:
    try:
        states = [(str(path.absolute()), path.stat()) for path in paths]
    except OSError as error:
        raise build_read_error(paths[0], error) from error
    return tuple((name, state.st_size, state.st_mtime_ns) for name, state in states)
