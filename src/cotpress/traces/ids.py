"""Which field names a row, and which names were there before, in 12 bytes a name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from cotpress.traces.rows import Data, Malformed
from cotpress.traces.shape import Fields, Sample, columns
from cotpress.traces.text import scalar_of

_NAMES = ("id", "item_id", "unique_id", "uuid", "_id", "trace_id", "row_id")
# names of the problem, which several traces may share; taken only where they differ from row to row
_SHARED = ("problem_id", "question_id", "prompt_id", "example_id", "idx", "index")
_RUN = 8192  # new names that are gathered before they are sorted
_LAST = np.iinfo(np.uint32).max


def id_field(sample: Sample, fields: Fields) -> str | None:
    """The field that names the rows; None to number them."""
    if fields.id is not None:
        return None if fields.id == "auto" else fields.id
    found = columns(sample, _NAMES, (str, int))
    if found:
        return found[0]
    shared = columns(sample, _SHARED, (str, int))
    return next((field for field in shared if len({str(row.get(field)) for row in sample}) == len(sample)), None)


def row_ids(field: str | None, stem: str) -> Callable[[Data, int], str]:
    """Row and line number -> id."""
    if field is None:
        return lambda data, line: f"{stem}-{line}"

    def named(data: Data, line: int) -> str:
        found = scalar_of(data, field)
        if found is None:
            raise Malformed("missing-field", f"The id field '{field}' is empty; --id auto numbers the rows instead.")
        return found

    return named


class Seen:
    """The ids that were met, as sorted 64-bit hashes with the place of each.

    Runs of doubling size are merged as they fill, so that a look-up searches a handful of arrays. Two
    ids share a hash by chance about once in 400,000 corpora of ten million.
    """

    def __init__(self) -> None:
        self._recent: dict[int, int] = {}
        self._runs: list[tuple[NDArray[np.uint64], NDArray[np.uint32]]] = []

    def first(self, ids: Sequence[str], places: Sequence[int]) -> list[int | None]:
        """For each id the place where it was first met, None (and it is remembered) where it is new."""
        keys = [int.from_bytes(hashlib.blake2b(one.encode(), digest_size=8).digest(), "little") for one in ids]
        found = self._in_runs(np.array(keys, np.uint64))
        for index, (key, place) in enumerate(zip(keys, places, strict=True)):
            if found[index] is None:
                found[index] = self._recent.get(key)
            if found[index] is None:
                self._recent[key] = min(place, int(_LAST))
        if len(self._recent) >= _RUN:
            self._settle()
        return found

    def _in_runs(self, keys: NDArray[np.uint64]) -> list[int | None]:
        found: list[int | None] = [None] * len(keys)
        for known, places in self._runs:
            at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
            for index in np.flatnonzero(known[at] == keys):
                found[index] = int(places[at[index]])
        return found

    def _settle(self) -> None:
        run = (np.array(list(self._recent), np.uint64), np.array(list(self._recent.values()), np.uint32))
        self._recent.clear()
        while self._runs and len(self._runs[-1][0]) <= len(run[0]):
            known = self._runs.pop()
            run = (np.concatenate((known[0], run[0])), np.concatenate((known[1], run[1])))
        order = np.argsort(run[0])
        self._runs.append((run[0][order], run[1][order]))
