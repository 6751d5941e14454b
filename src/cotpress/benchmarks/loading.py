"""A benchmark's name into its problems, from the hub, a local file or the micro world."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from cotpress.benchmarks.asking import instructed
from cotpress.benchmarks.fields import NO_ANSWER
from cotpress.benchmarks.item import Benchmark, Item
from cotpress.benchmarks.registry import BENCHMARKS
from cotpress.errors import InputError, OptionError, unknown_name
from cotpress.traces import Malformed, Row, find
from cotpress.world import sample

HELD_OUT = 1_000_003  # the world's problems for testing are drawn from this seed on, far from those for training
DRAWN = 200  # problems of the world, where no limit is given


def load_benchmark(
    name: str, path: str | Path | None = None, limit: int | None = None, seed: int = 0, instruct: bool = True
) -> list[Item]:
    """The problems of a benchmark in its own order, the first `limit` of them.

    They come from the hub, or from `path`: JSON Lines, a JSON array, CSV or Parquet with the fields of the hub's
    version or of the local ones that are known. `seed` decides the order of options where they are shuffled, and
    which problems the micro world draws (200 without a limit). `instruct` adds the line of `INSTRUCTIONS` on how to
    state the answer; the micro world's questions are asked as they are.

    Raises:
        OptionError: an unknown name, a limit below 1, or a path for problems that are drawn.
        InputError: the file is missing, empty or unreadable, or a row is not what the benchmark needs.
        MissingExtra: the hub is asked and the library `datasets` is not installed.
    """
    if name not in BENCHMARKS:
        raise unknown_name("benchmark", name, BENCHMARKS)
    if limit is not None and limit < 1:
        raise OptionError(f"Cannot load {limit} problems.", "Give a limit of 1 or more, or none.")
    benchmark = BENCHMARKS[name]
    if benchmark.hub is None:
        return _drawn(benchmark, path, DRAWN if limit is None else limit, seed)
    source, rows = _rows(benchmark, path)
    items = list(islice(_items(benchmark, source, rows, seed), limit))
    if not items:
        raise InputError(f"There are no problems in {source}.", f"Give {name} a file with at least one row.")
    return [replace(one, prompt=instructed(one.prompt, one.kind)) for one in items] if instruct else items


def _drawn(benchmark: Benchmark, path: str | Path | None, n: int, seed: int) -> list[Item]:
    if path is not None:
        raise OptionError(f"{benchmark.name} is drawn, not read; received the file {path}.", "Leave the file out.")
    traces = [drawn.trace for drawn in sample(benchmark.domain, "short", n, seed=HELD_OUT + seed)]
    return [
        benchmark.item({"question": one.question, "gold": one.gold}, at, _rng(benchmark, at, seed))
        for at, one in enumerate(traces)
    ]


def _rows(benchmark: Benchmark, path: str | Path | None) -> tuple[str, Iterator[Row]]:
    """Where the rows come from, and the rows."""
    if path is None:
        return f"{benchmark.hub.name if benchmark.hub else ''} on the hub", _from_hub(benchmark)
    sources, _ = find([Path(path).expanduser().absolute()])  # an absolute path is never taken for a name on the hub
    return str(path), (row for source in sources for row in source.rows())


def _from_hub(benchmark: Benchmark) -> Iterator[Row]:
    assert benchmark.hub is not None  # checked by the caller
    try:
        for source in find([benchmark.hub.name])[0]:
            yield from source.rows()
    except InputError as error:
        raise InputError(
            f"{benchmark.name} cannot be read from the hub. {error.message}",
            f"Name a local file instead: {benchmark.name}=FILE.",
        ) from error


def _items(benchmark: Benchmark, source: str, rows: Iterator[Row], seed: int) -> Iterator[Item]:
    for index, row in enumerate(rows):
        try:
            if isinstance(row.data, Malformed):
                raise row.data
            yield benchmark.item(row.data, index, _rng(benchmark, index, seed))
        except Malformed as bad:
            if bad.reason == NO_ANSWER and benchmark.gaps:
                continue
            raise InputError(
                f"{source}, row {row.line}, is no problem of {benchmark.name}: {bad.detail.rstrip('.')}.",
                f"It needs {benchmark.needs}.",
            ) from bad


def _rng(benchmark: Benchmark, index: int, seed: int) -> random.Random:
    # Seeds are strings: random.Random hashes those with SHA-512, the same on every machine.
    return random.Random(f"{seed}-{benchmark.name}-{index}")
