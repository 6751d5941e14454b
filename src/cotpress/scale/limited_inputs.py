"""`--limit` of a run over shards: the first rows of the input, of the files in their order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from cotpress.scale.input_copies import open_shard_file
from cotpress.scale.plan import ShardedInput
from cotpress.scale.shards import InputShard
from cotpress.traces import InputPart, build_source


def limit_inputs(inputs: ShardedInput, limit: int) -> ShardedInput:
    """The shards that hold the first rows of the input; the file in which they end is read no further.

    No more than these rows is read here, to count them.

    Args:
        inputs: the shards, and how they are read.
        limit: how many rows, 1 or more; a conversation is one row, and a row that is rejected counts, too.

    Raises:
        InputError: a file cannot be read, or is not recognised.

    >>> from pathlib import Path
    >>> from cotpress.scale.shards import find_shards
    >>> line = '{"question": "2+3?", "reasoning": "2+3=5.", "answer": "5"}\\n'
    >>> _ = [Path(name).write_text(line * 2) for name in ("a.jsonl", "b.jsonl", "c.jsonl")]
    >>> limited = limit_inputs(ShardedInput(find_shards(["a.jsonl", "b.jsonl", "c.jsonl"])[0]), 3)
    >>> [(shard.stem, shard.rows) for shard in limited.shards]
    [('a', None), ('b', 1)]
    """
    return replace(inputs, shards=tuple(_list_first(inputs, limit)), limit=limit)


def _list_first(inputs: ShardedInput, limit: int) -> Iterator[InputShard]:
    left = limit
    for _, parts in groupby(inputs.shards, key=lambda shard: shard.file_identity):
        if left <= 0:
            return
        shards = list(parts)
        count = _count_rows(inputs, shards[0], left)
        yield from (replace(shard, rows=left) if count >= left else shard for shard in shards)
        left -= count


def _count_rows(inputs: ShardedInput, shard: InputShard, most: int) -> int:
    """How many rows a shard's file has; `most` where it has as many, or more."""
    with open_shard_file(shard) as path:
        source = build_source(path, shard.stem, shard.name)
        reading = InputPart((source,), inputs.fields, inputs.join, limit=most).open_reader()
        return sum(1 for _ in groupby(reading.iterate_numbered(), key=itemgetter(0)))
