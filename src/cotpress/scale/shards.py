"""What the user named as shards: files, or parts of them, on any file system, with what tells that they changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from glob import has_magic
from pathlib import Path, PurePosixPath

from cotpress.errors import InputError, OptionError
from cotpress.scale.folder import filesystem, is_url, told
from cotpress.traces import find, passed_over, stems_of


@dataclass(frozen=True, slots=True)
class Shard:
    """One input file, or one of the `parts` that it is cut to. `name` is its path or URL, `stem` numbers its rows and
    names its output.

    `state` changes when the content does: bytes and time of change of a local file, the file system's own key (an
    ETag, say) of a remote one. `size` is in bytes. `place` is where workers find it: the URL, or the absolute path.
    """

    number: int
    name: str
    stem: str
    state: str
    size: int
    place: str
    part: int = 0
    parts: int = 1

    @property
    def title(self) -> str:
        """Its name for people."""
        return self.name if self.parts == 1 else f"{self.name} (part {self.part + 1} of {self.parts})"

    @property
    def file(self) -> tuple[str, str, str]:
        """What its file is known by."""
        return self.name, self.stem, self.state

    @property
    def identity(self) -> tuple[str | int, ...]:
        """All that its traces, ids and rejections depend on, besides how it is read."""
        return self.file if self.parts == 1 else (*self.file, self.part, self.parts)

    @property
    def siblings(self) -> range:
        """The numbers of all shards of its file."""
        return range(self.number - self.part, self.number - self.part + self.parts)

    def cut(self, parts: int) -> list[Shard]:
        """Its parts, when every file is cut to so many."""
        first = self.number * parts
        return [
            replace(self, number=first + part, size=self.size // parts, part=part, parts=parts) for part in range(parts)
        ]

    def called(self, key: str) -> str:
        """The name, without a suffix, of what is made of this shard under a content key."""
        return f"{re.sub(r'[^A-Za-z0-9._-]', '_', self.stem)[:80]}-{key[:16]}"


def largest_first(shard: Shard) -> tuple[int, int]:
    """A key to sort by, so that dealing shards out one by one gives tasks of like size."""
    return -shard.size, shard.number


def find_shards(given: Sequence[str], split: int = 1) -> tuple[tuple[Shard, ...], list[str]]:
    """The shards in reading order, `split` of each file, and the paths that were passed over, each with why.

    Raises:
        InputError: something does not exist, cannot be listed, or holds no traces.
        OptionError: a dataset is named, which is no file, or `split` is below 1.
    """
    if split < 1:
        raise OptionError(f"split is {split}.", "Give 1 or more.")
    skipped: list[str] = []
    found: dict[str, tuple[str, int]] = {}
    for text in given:
        for name, state, size in _remote(text, skipped) if is_url(text) else _local(text, skipped):
            if name in found:
                skipped.append(f"{name} (named twice)")
            found.setdefault(name, (state, size))
    paths = {name: Path("/" + name.split("://", 1)[1] if is_url(name) else name) for name in found}
    stems = stems_of(list(paths.values()))
    places = {name: name if is_url(name) else str(path.absolute()) for name, path in paths.items()}
    files = (Shard(number, name, stems[paths[name]], *found[name], places[name]) for number, name in enumerate(found))
    return tuple(shard for file in files for shard in file.cut(split)), skipped


def _local(text: str, skipped: list[str]) -> list[tuple[str, str, int]]:
    sources, passed = find([text])
    skipped += passed
    for source in sources:
        if not Path(source.name).is_file():
            raise OptionError(
                f"{source.name} is a {source.container}; with an executor, files are shared out.",
                "Name its files, such as 'hf://datasets/ORG/NAME/**/*.parquet'.",
            )
    return [(str(Path(one.name)), f"{one.identity[0][1]}:{one.identity[0][2]}", one.identity[0][1]) for one in sources]


def _remote(url: str, skipped: list[str]) -> list[tuple[str, str, int]]:
    fs, path = filesystem(url)
    try:
        if has_magic(path):
            paths, named = sorted(fs.glob(path)), False
        elif fs.isdir(path):
            paths, named = sorted(fs.find(path)), False
        else:
            paths, named = [path], True
        kept = [one for one in paths if named or _readable(one, path, skipped)]
        states = [(fs.unstrip_protocol(one), str(fs.ukey(one)), int(fs.info(one)["size"] or 0)) for one in kept]
    except Exception as error:  # every protocol has errors of its own
        raise InputError(f"Cannot list {url}: {told(error)}.", "Check that it is there and may be read.") from error
    if not states:
        raise InputError(f"No file of traces matches {url}.", "Name files, a folder or a glob.")
    return states


def _readable(path: str, root: str, skipped: list[str]) -> bool:
    below = PurePosixPath(path).name if has_magic(root) else path.removeprefix(root).lstrip("/")
    why = passed_over(Path(path), below)
    if why:
        skipped.append(f"{path} ({why})")
    return why is None
