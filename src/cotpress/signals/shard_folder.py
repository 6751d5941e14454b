"""The shards of one source, and an index of their keys."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cotpress.signals.shard_file import SHARD_ERRORS, SignalShard, read_keys, read_shard, write_shard
from cotpress.types import Signals

MAX_OPEN_SHARDS = 2
SHARD_TOKENS = 2_000_000  # about 32 MB in memory


class SignalShards:
    """A folder of shards. Several processes may add to it at once: a trace stored twice does no harm.

    A shard that is damaged or cut short counts as not there; it is set aside under another name.
    The index holds half a key, a shard and a row for each trace: a million take 16 MB.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._paths: list[Path] = []
        self._open_shards: OrderedDict[int, SignalShard] = OrderedDict()
        self._key_halves = np.empty(0, np.uint64)  # ascending
        self._row_positions = np.empty((0, 2), np.uint32)  # shard and row of each
        self._index_shards(sorted(folder.glob("*.parquet")))

    def __len__(self) -> int:
        """How many rows are stored, duplicates counted."""
        return len(self._key_halves)

    def load(self, keys: Sequence[bytes], provides: Collection[str]) -> dict[bytes, Signals]:
        """What is stored of `keys` with all the signals of `provides`; each shard is read once."""
        places = self._find(list(dict.fromkeys(keys)))
        loaded = {}
        for key in sorted(filter(places.get, places), key=lambda key: places[key][0]):
            for place in places[key]:
                signals = self._read(key, *place)
                if signals is not None and signals.values.keys() >= set(provides):
                    loaded[key] = signals
                    break
        return loaded

    def add(self, rows: Mapping[bytes, Signals]) -> None:
        """Store rows under their keys, in shards of bounded size.

        Raises:
            OutputError: the folder cannot be written, or the disk is full.
        """
        for part in _split_rows(rows):
            # Names sort by time, so that a later run meets its traces shard after shard.
            path = self._folder / f"{time.time_ns():020d}-{uuid.uuid4().hex[:12]}.parquet"
            write_shard(path, part)
            self._index_shards([path])

    def _find(self, keys: Sequence[bytes]) -> dict[bytes, list[tuple[int, int]]]:
        """Shard and row of each entry that may be a key's, the latest shard first."""
        halves = extract_key_halves(keys)
        low, high = (np.searchsorted(self._key_halves, halves, side) for side in ("left", "right"))
        spans = zip(keys, low.tolist(), high.tolist(), strict=True)
        return {
            key: sorted(map(tuple, self._row_positions[first:last].tolist()), reverse=True)
            for key, first, last in spans
        }

    def _read(self, key: bytes, number: int, row: int) -> Signals | None:
        shard = self._open_shard(number)
        return shard.get_signals(row) if shard is not None and shard.keys[row] == key else None

    def _open_shard(self, number: int) -> SignalShard | None:
        if number not in self._open_shards:
            try:
                self._open_shards[number] = read_shard(self._paths[number])
            except SHARD_ERRORS as error:
                rename_damaged_shard(self._paths[number], error)
                good = self._row_positions[:, 0] != number
                self._key_halves, self._row_positions = self._key_halves[good], self._row_positions[good]
                return None
        self._open_shards.move_to_end(number)
        while len(self._open_shards) > MAX_OPEN_SHARDS:
            self._open_shards.popitem(last=False)
        return self._open_shards[number]

    def _index_shards(self, paths: Iterable[Path]) -> None:
        """Take the keys of further shards into the index."""
        halves, places = [self._key_halves], [self._row_positions]
        for path in paths:
            try:
                keys = read_keys(path)
            except SHARD_ERRORS as error:
                rename_damaged_shard(path, error)
                continue
            halves.append(extract_key_halves(keys))
            places.append(np.array([(len(self._paths), row) for row in range(len(keys))], np.uint32).reshape(-1, 2))
            self._paths.append(path)
        joined = np.concatenate(halves)
        order = np.argsort(joined, kind="stable")  # stable is quick on what is nearly sorted
        self._key_halves, self._row_positions = joined[order], np.concatenate(places)[order]


def extract_key_halves(keys: Sequence[bytes]) -> NDArray[np.uint64]:
    """The first 8 bytes of each key as a number."""
    return np.frombuffer(b"".join(keys), ">u8")[::2].astype(np.uint64)


def rename_damaged_shard(path: Path, error: Exception) -> None:
    """Rename a damaged shard. One that the system would not let us read is left alone: it may be sound."""
    if getattr(error, "errno", None) is None:
        with contextlib.suppress(OSError):  # another process was first, or the folder is read-only
            path.rename(path.with_suffix(".damaged"))


def _split_rows(rows: Mapping[bytes, Signals]) -> Iterator[dict[bytes, Signals]]:
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
