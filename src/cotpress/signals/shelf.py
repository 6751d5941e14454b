"""The shards of one source, and an index of their keys."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from cotpress.signals.shards import DAMAGED, Shard, read_keys, read_shard, write_shard
from cotpress.types import Signals

OPEN_SHARDS = 2
SHARD_TOKENS = 2_000_000  # about 32 MB in memory

# Half a key, the shard it is in, and its row there: 16 bytes a trace, so a million traces take 16 MB.
ENTRY = np.dtype([("half", np.uint64), ("shard", np.uint32), ("row", np.uint32)])


class Shelf:
    """A folder of shards. Several processes may add to it at once: a trace stored twice does no harm.

    A shard that is damaged or cut short counts as not there; it is set aside under another name.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._paths: list[Path] = []
        self._open: OrderedDict[int, Shard] = OrderedDict()
        self._index = np.empty(0, ENTRY)
        self._extend(sorted(folder.glob("*.parquet")))

    def __len__(self) -> int:
        """How many rows are stored, duplicates counted."""
        return len(self._index)

    def load(self, keys: Sequence[bytes], provides: Collection[str]) -> dict[bytes, Signals]:
        """What is stored of `keys` with all the signals of `provides`; each shard is read once."""
        places = {key: self._places(key) for key in keys}
        found = {}
        for key in sorted(filter(places.get, places), key=lambda key: places[key][0]):
            for place in places[key]:
                signals = self._read(key, *place)
                if signals is not None and signals.values.keys() >= set(provides):
                    found[key] = signals
                    break
        return found

    def add(self, rows: Mapping[bytes, Signals]) -> None:
        """Store rows under their keys, in shards of bounded size.

        Raises:
            OutputError: the folder cannot be written, or the disk is full.
        """
        for part in _parts(rows):
            # Names sort by time, so that a later run meets its traces shard after shard.
            path = self._folder / f"{time.time_ns():020d}-{uuid.uuid4().hex[:12]}.parquet"
            write_shard(path, part)
            self._extend([path])

    def _places(self, key: bytes) -> list[tuple[int, int]]:
        """Shard and row of each entry that may be the key's, the latest shard first."""
        half = _half(key)
        low, high = (np.searchsorted(self._index["half"], half, side) for side in ("left", "right"))
        return sorted(((int(entry["shard"]), int(entry["row"])) for entry in self._index[low:high]), reverse=True)

    def _read(self, key: bytes, number: int, row: int) -> Signals | None:
        shard = self._shard(number)
        return shard.signals(row) if shard is not None and shard.keys[row] == key else None

    def _shard(self, number: int) -> Shard | None:
        if number not in self._open:
            try:
                self._open[number] = read_shard(self._paths[number])
            except DAMAGED:
                self._set_aside(self._paths[number])
                self._index = self._index[self._index["shard"] != number]
                return None
        self._open.move_to_end(number)
        while len(self._open) > OPEN_SHARDS:
            self._open.popitem(last=False)
        return self._open[number]

    def _extend(self, paths: Iterable[Path]) -> None:
        """Take the keys of further shards into the index."""
        parts = [self._index]
        for path in paths:
            try:
                keys = read_keys(path)
            except DAMAGED:
                self._set_aside(path)
                continue
            rows = [(_half(key), len(self._paths), row) for row, key in enumerate(keys)]
            parts.append(np.array(rows, ENTRY))
            self._paths.append(path)
        self._index = np.sort(np.concatenate(parts), order="half", kind="stable")

    @staticmethod
    def _set_aside(path: Path) -> None:
        with contextlib.suppress(OSError):  # another process was first, or the folder is read-only
            path.rename(path.with_suffix(".damaged"))


def _half(key: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(key[:8], "big"))


def _parts(rows: Mapping[bytes, Signals]) -> Iterator[dict[bytes, Signals]]:
    part: dict[bytes, Signals] = {}
    tokens = 0
    for key, signals in rows.items():
        part[key] = signals
        tokens += len(signals)
        if tokens >= SHARD_TOKENS:
            yield part
            part, tokens = {}, 0
    if part:
        yield part
