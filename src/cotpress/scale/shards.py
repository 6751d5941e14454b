"""What the user named as shards: files, or parts of them, on any file system, with what changes when they do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from glob import has_magic
from itertools import groupby
from operator import itemgetter
from pathlib import Path, PurePosixPath
from typing import Any

from cotpress.errors import InputError, OptionError
from cotpress.scale.storage import format_error, is_url, resolve_filesystem
from cotpress.traces import TraceReader, assign_stems, explain_skip, find_sources
from cotpress.types import Rejected, Trace


@dataclass(frozen=True, slots=True)
class InputShard:
    """One input file, or one of the `parts` that it is cut to.

    `name` is its path or URL. `stem` is in the ids of its rows and in the name of its output.

    `fingerprint` changes when the content does: bytes and time of change of a local file, the file system's own key (an
    ETag, say) of a remote one. `size` is in bytes. `location` is where workers find it: the URL, or the absolute path.
    `rows` is how many of the file's rows are read; None: all.
    """

    number: int
    name: str
    stem: str
    fingerprint: str
    size: int
    location: str
    part: int = 0
    parts: int = 1
    rows: int | None = None

    @property
    def title(self) -> str:
        """Its name for people."""
        return self.name if self.parts == 1 else f"{self.name} (part {self.part + 1} of {self.parts})"

    @property
    def file_identity(self) -> tuple[str, str, str]:
        """What its file is known by."""
        return self.name, self.stem, self.fingerprint

    @property
    def identity(self) -> tuple[str | int, ...]:
        """All that its traces, ids and rejections depend on, besides how it is read."""
        limit = () if self.rows is None else ("rows", self.rows)
        return (*self.file_identity, *(() if self.parts == 1 else (self.part, self.parts)), *limit)

    @property
    def sibling_numbers(self) -> range:
        """The numbers of all shards of its file."""
        return range(self.number - self.part, self.number - self.part + self.parts)

    def split(self, parts: int) -> list[InputShard]:
        """Its parts, when every file is cut to so many."""
        first = self.number * parts
        return [
            replace(self, number=first + part, size=self.size // parts, part=part, parts=parts) for part in range(parts)
        ]

    def make_output_name(self, key: str) -> str:
        """The name, without a suffix, of what is made of this shard under a content key."""
        return f"{re.sub(r'[^A-Za-z0-9._-]', '_', self.stem)[:80]}-{key[:16]}"


def compute_sort_key(shard: InputShard) -> tuple[int, int]:
    """A key to sort by, so that dealing shards out one by one gives tasks of like size."""
    return -shard.size, shard.number


def find_shards(names: Sequence[str], split: int = 1) -> tuple[tuple[InputShard, ...], list[str]]:
    """The shards in reading order, `split` of each file, and the paths that were passed over, each with why.

    Raises:
        InputError: something does not exist, cannot be listed, or holds no traces.
        OptionError: a dataset is named, which is no file, or `split` is below 1.

    >>> _ = Path("traces.jsonl").write_text('{"question": "2+3?", "reasoning": "2+3=5.", "answer": "5"}')
    >>> [shard.title for shard in find_shards(["traces.jsonl"], split=2)[0]]
    ['traces.jsonl (part 1 of 2)', 'traces.jsonl (part 2 of 2)']
    """
    if split < 1:
        raise OptionError(f"split is {split}.", "Give 1 or more.")
    skipped: list[str] = []
    states: dict[str, tuple[str, int]] = {}
    for text in names:
        for name, state, size in _list_remote(text, skipped) if is_url(text) else _list_local(text, skipped):
            if name in states:
                skipped.append(f"{name} (named twice)")
            states.setdefault(name, (state, size))
    paths = {name: Path("/" + name.split("://", 1)[1] if is_url(name) else name) for name in states}
    stems = assign_stems(list(paths.values()))
    places = {name: name if is_url(name) else str(path.absolute()) for name, path in paths.items()}
    files = (
        InputShard(number, name, stems[paths[name]], *states[name], places[name]) for number, name in enumerate(states)
    )
    return tuple(shard for file in files for shard in file.split(split)), skipped


def _list_local(text: str, skipped: list[str]) -> list[tuple[str, str, int]]:
    sources, passed = find_sources([text])
    skipped += passed
    for source in sources:
        if not Path(source.name).is_file():
            raise OptionError(
                f"{source.name} is a {source.container}; with an executor, files are shared out.",
                "Name its files, such as 'hf://datasets/ORG/NAME/**/*.parquet'.",
            )
    states = [(str(Path(source.name)), source.identity[0]) for source in sources]
    return [(name, f"{identity[1]}:{identity[2]}", identity[1]) for name, identity in states]


def _list_remote(url: str, skipped: list[str]) -> list[tuple[str, str, int]]:
    fs, path = resolve_filesystem(url)
    try:
        if has_magic(path):
            paths, named = sorted(fs.glob(path)), False
        elif fs.isdir(path):
            paths, named = sorted(fs.find(path)), False
        else:
            paths, named = [path], True
        kept = [file for file in paths if named or _is_readable(file, path, skipped)]
        states = [(fs.unstrip_protocol(file), str(fs.ukey(file)), int(fs.info(file)["size"] or 0)) for file in kept]
    except Exception as error:  # every protocol has errors of its own
        raise InputError(
            f"Cannot list {url}: {format_error(error)}.", "Check that it is there and may be read."
        ) from error
    if not states:
        raise InputError(f"No file of traces matches {url}.", "Name files, a folder or a glob.")
    return states


def _is_readable(path: str, root: str, skipped: list[str]) -> bool:
    below = PurePosixPath(path).name if has_magic(root) else path.removeprefix(root).lstrip("/")
    why = explain_skip(Path(path), below)
    if why:
        skipped.append(f"{path} ({why})")
    return why is None


@dataclass(frozen=True, slots=True, eq=False)
class ShardReader:
    """Every `parts`-th of a file's rows, from number `part` on, all traces of each. Every iteration reads the whole
    file, so that ids and repeated ids are those of it."""

    reading: TraceReader
    part: int = 0
    parts: int = 1

    @property
    def recognised(self) -> list[dict[str, Any]]:
        """What the file was taken for."""
        return self.reading.recognised

    def __iter__(self) -> Iterator[Trace | Rejected]:
        return (row for _, row in self.iterate_with_lines())

    def iterate_with_lines(self) -> Iterator[tuple[int, Trace | Rejected]]:
        """The same, each with its line in the file."""
        for at, (_, rows) in enumerate(groupby(self.reading.iterate_numbered(), key=itemgetter(0))):
            if at % self.parts == self.part:
                yield from rows
