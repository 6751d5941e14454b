"""Ids that several shards have: found once, and handed to the shards whose rows are rejected for it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cotpress.scale.plan import WORK_FOLDER, CorpusState, ScalePlan
from cotpress.scale.shards import InputShard
from cotpress.traces import DuplicateIds, SortedIds, find_duplicate_ids

_COLUMNS = ("high", "low", "part", "first", "line")


def collect_repeated_ids(plan: ScalePlan, traces: int) -> dict[str, str]:
    """Write down which ids of each shard an earlier shard has, and return a hash of them for each such shard.

    Raises:
        OutputError: it cannot be read or written.
    """
    shards = plan.inputs.shards

    def load(part: int, low: int, high: int) -> SortedIds:
        name = f"{WORK_FOLDER}/ids/{shards[part].make_output_name(plan.inputs.compute_read_key(shards[part]))}.parquet"
        first, last = (pa.scalar(bound, pa.uint64()) for bound in (low, high - 1))
        where = (pc.field("high") >= first) & (pc.field("high") <= last)
        rows = plan.output.read_table(name, where)
        return SortedIds(*(rows[column].to_numpy() for column in ("high", "low", "line")))

    groups = list(find_duplicate_ids(len(shards), traces, load))
    table = {column: np.concatenate([getattr(group, column) for group in groups]) for column in _COLUMNS}
    order = np.argsort(table["part"], kind="stable")  # so that a shard's own lie together
    table = {column: values[order] for column, values in table.items()}
    plan.output.write_table(f"{plan.run_folder}/repeats.parquet", table)
    return _hash_repeats(DuplicateIds(**table), shards)


def _hash_repeats(repeats: DuplicateIds, shards: tuple[InputShard, ...]) -> dict[str, str]:
    hashes = {}
    for part in np.unique(repeats.part):
        of_part = repeats.part == part
        digest = hashlib.blake2b(digest_size=16)
        for values in (repeats.high[of_part], repeats.low[of_part], repeats.line[of_part]):
            digest.update(values.tobytes())
        for first in repeats.first[of_part]:
            digest.update(shards[int(first)].name.encode())
        hashes[str(int(part))] = digest.hexdigest()
    return hashes


def load_earlier_ids(plan: ScalePlan, state: CorpusState, shard: InputShard) -> Mapping[bytes, tuple[int, str]]:
    """The ids of a shard's file that earlier shards have: the line and the file where each was first.

    Raises:
        OutputError: what the first pass left cannot be read.
    """
    repeating = [number for number in shard.sibling_numbers if str(number) in state.repeat_hashes]
    if not repeating:
        return {}
    rows = plan.output.read_table(f"{plan.run_folder}/repeats.parquet", pc.field("part").isin(repeating))
    columns = (rows[column].to_pylist() for column in ("high", "low", "line", "first"))
    return {
        high.to_bytes(8, "big") + low.to_bytes(8, "big"): (line, plan.inputs.shards[first].name)
        for high, low, line, first in zip(*columns, strict=True)
    }
