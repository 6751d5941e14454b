"""A benchmark's name into its problems, from the hub, a local file or the micro world."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from cotpress.errors import InputError, OptionError
from cotpress.evaluation.benchmarks.custom import make_custom_benchmark, parse_custom_file
from cotpress.evaluation.benchmarks.fields import NO_ANSWER
from cotpress.evaluation.benchmarks.item import Benchmark, BenchmarkItem
from cotpress.evaluation.benchmarks.prompts import add_instruction
from cotpress.evaluation.benchmarks.registry import BENCHMARKS, WORLD_SOURCE
from cotpress.traces import MalformedRowError, TraceRow, find_sources
from cotpress.world import sample

FIRST_TEST_SEED = 1_000_003  # the world's problems for testing are drawn from this seed on, far from those for training
DEFAULT_WORLD_PROBLEMS = 200  # problems of the world, where no limit is given


def load_benchmark(
    name: str, path: str | Path | None = None, limit: int | None = None, seed: int = 0, instruct: bool = True
) -> list[BenchmarkItem]:
    """The problems of a benchmark in its own order, the first `limit` of them.

    Args:
        name: of a benchmark (`cotpress benchmarks` lists them); with a path, any name for a file of your own.
        path: JSON Lines, a JSON array, CSV or Parquet with the fields of the hub's version or of the local ones that
            are known; None: the problems come from the hub, the plugin or the micro world. Of a file of your own the
            fields are recognised, or named: "mine.jsonl?question=q&answer=a&options=o&kind=text".
        limit: how many problems; of the micro world, which draws them, 200 without a limit.
        seed: decides the order of options where they are shuffled, and which problems the micro world draws.
        instruct: adds the line of `INSTRUCTIONS` on how to state the answer; the micro world's questions are asked as
            they are.

    Raises:
        OptionError: an unknown name, a limit below 1, or a path for problems that are drawn.
        InputError: the file is missing, empty or unreadable, or a row is not what the benchmark needs.
        MissingExtraError: the hub is asked and the library `datasets` is not installed.

    >>> [problem] = load_benchmark('world_math', limit=1, seed=0)
    >>> problem.kind
    'math'
    """
    if limit is not None and limit < 1:
        raise OptionError(f"Cannot load {limit} problems.", "Give a limit of 1 or more, or none.")
    if name in BENCHMARKS or path is None or ":" in name:
        benchmark = BENCHMARKS.get_entry(name)
    else:
        path, fields = parse_custom_file(str(path))
        benchmark = make_custom_benchmark(name, fields)
    if benchmark.published_in == WORLD_SOURCE:
        return _draw_items(benchmark, path, DEFAULT_WORLD_PROBLEMS if limit is None else limit, seed)
    source, rows = _find_rows(benchmark, path)
    items = list(islice(_read_items(benchmark, source, rows, seed), limit))
    if not items:
        raise InputError(f"There are no problems in {source}.", f"Give {name} a file with at least one row.")
    return [replace(item, prompt=add_instruction(item.prompt, item.kind)) for item in items] if instruct else items


def _draw_items(benchmark: Benchmark, path: str | Path | None, n: int, seed: int) -> list[BenchmarkItem]:
    if path is not None:
        raise OptionError(f"{benchmark.name} is drawn, not read; received the file {path}.", "Leave the file out.")
    traces = [drawn.trace for drawn in sample(benchmark.domain, "short", n, seed=FIRST_TEST_SEED + seed)]
    return [
        benchmark.read_item({"question": trace.question, "gold": trace.gold}, at, _make_rng(benchmark, at, seed))
        for at, trace in enumerate(traces)
    ]


def _find_rows(benchmark: Benchmark, path: str | Path | None) -> tuple[str, Iterator[TraceRow]]:
    """Where the rows come from, and the rows."""
    if path is None and benchmark.load_rows is not None:
        rows = enumerate(benchmark.load_rows(), 1)
        return f"the plugin of {benchmark.name}", (TraceRow(line, row) for line, row in rows)
    if path is None:
        return f"{benchmark.hub.name if benchmark.hub else ''} on the hub", _read_hub(benchmark)
    sources, _ = find_sources(
        [Path(path).expanduser().absolute()]
    )  # an absolute path is never taken for a name on the hub
    return str(path), (row for source in sources for row in source.read_rows())


def _read_hub(benchmark: Benchmark) -> Iterator[TraceRow]:
    assert benchmark.hub is not None  # checked by the caller
    try:
        for source in find_sources([benchmark.hub.name])[0]:
            yield from source.read_rows()
    except InputError as error:
        raise InputError(
            f"{benchmark.name} cannot be read from the hub. {error.message}",
            f"Name a local file instead: {benchmark.name}=FILE.",
        ) from error


def _read_items(benchmark: Benchmark, source: str, rows: Iterator[TraceRow], seed: int) -> Iterator[BenchmarkItem]:
    for index, row in enumerate(rows):
        try:
            if isinstance(row.data, MalformedRowError):
                raise row.data
            yield benchmark.read_item(row.data, index, _make_rng(benchmark, index, seed))
        except MalformedRowError as bad:
            if bad.reason == NO_ANSWER and benchmark.skips_unanswered:
                continue
            raise InputError(
                f"{source}, row {row.line}, is no problem of {benchmark.name}: {bad.detail.rstrip('.')}.",
                f"It needs {benchmark.required_fields}.",
            ) from bad


def _make_rng(benchmark: Benchmark, index: int, seed: int) -> random.Random:
    # Seeds are strings: random.Random hashes those with SHA-512, the same on every machine.
    return random.Random(f"{seed}-{benchmark.name}-{index}")
