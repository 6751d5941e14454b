"""Ids that several shards have: found once, and handed to the shards whose rows are rejected for it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cotpress.scale.plan import WORK, Known, Plan
from cotpress.scale.shards import Shard
from cotpress.traces import Ids, Repeats, repeats

_COLUMNS = ("high", "low", "part", "first", "line")


def find_repeats(plan: Plan, traces: int) -> dict[str, str]:
    """Write down which ids of each shard an earlier shard has, and return a hash of them for each such shard.

    Raises:
        OutputError: it cannot be read or written.
    """
    shards = plan.inputs.shards

    def load(part: int, low: int, high: int) -> Ids:
        name = f"{WORK}/ids/{shards[part].called(plan.inputs.read_key(shards[part]))}.parquet"
        first, last = (pa.scalar(bound, pa.uint64()) for bound in (low, high - 1))
        where = (pc.field("high") >= first) & (pc.field("high") <= last)
        rows = plan.output.read_table(name, where)
        return Ids(*(rows[column].to_numpy() for column in ("high", "low", "line")))

    found = list(repeats(len(shards), traces, load))
    table = {column: np.concatenate([getattr(one, column) for one in found]) for column in _COLUMNS}
    order = np.argsort(table["part"], kind="stable")  # so that a shard's own lie together
    table = {column: values[order] for column, values in table.items()}
    plan.output.write_table(f"{plan.here}/repeats.parquet", table)
    return _hashes(Repeats(**table), shards)


def _hashes(found: Repeats, shards: tuple[Shard, ...]) -> dict[str, str]:
    hashes = {}
    for part in np.unique(found.part):
        its = found.part == part
        digest = hashlib.blake2b(digest_size=16)
        for values in (found.high[its], found.low[its], found.line[its]):
            digest.update(values.tobytes())
        for first in found.first[its]:
            digest.update(shards[int(first)].name.encode())
        hashes[str(int(part))] = digest.hexdigest()
    return hashes


def earlier_ids(plan: Plan, known: Known, shard: Shard) -> Mapping[bytes, tuple[int, str]]:
    """The ids of a shard's file that earlier shards have: the line and the file where each was first.

    Raises:
        OutputError: what the first pass left cannot be read.
    """
    repeating = [number for number in shard.siblings if str(number) in known.repeated]
    if not repeating:
        return {}
    rows = plan.output.read_table(f"{plan.here}/repeats.parquet", pc.field("part").isin(repeating))
    columns = (rows[column].to_pylist() for column in ("high", "low", "line", "first"))
    return {
        high.to_bytes(8, "big") + low.to_bytes(8, "big"): (line, plan.inputs.shards[first].name)
        for high, low, line, first in zip(*columns, strict=True)
    }
