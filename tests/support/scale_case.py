"""Inputs of several shards with every kind of trouble, and a run over them beside the same run in one process."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cotpress.pipeline import ClientConfig, CompressionSpec, RewriteSpec, RunPaths, run_pruning, run_rewriting
from cotpress.progress import Silent
from cotpress.scale import ScaleConfig, ScalePlan, ShardedInput, StorageFolder, find_shards, limit_inputs, run_shards
from cotpress.traces import RowSelection, read
from cotpress.world import sample_embedded

ONE = ScaleConfig("local", workers=1)


def write_shards(folder: Path, shards: int = 3, each: int = 1) -> list[str]:
    """Files of good traces; the second repeats an id of the first, the third has rows that are no traces, the last is
    empty."""
    traces = sample_embedded(n_each=each * shards)
    paths = []
    for number in range(shards):
        rows = [_row(f"{number}-{at}", trace) for at, trace in enumerate(traces[number::shards])]
        if number == 1:
            rows.insert(1, _row("0-0", traces[3]))
        lines = [json.dumps(row) for row in rows]
        if number == 2:
            lines.insert(1, "{ this is no JSON")
            lines.append(json.dumps({"id": "none", "question": "q", "reasoning": "", "answer": "a"}))
        paths.append(folder / f"part{number}.jsonl")
        paths[-1].write_text("".join(line + "\n" for line in lines))
    (folder / f"part{shards}.jsonl").write_text("")
    return [*map(str, paths), str(folder / f"part{shards}.jsonl")]


def _row(name: str, trace: Any) -> dict[str, Any]:
    return {"id": name, "question": trace.question, "reasoning": trace.reasoning, "answer": trace.answer}


@cache
def _apart() -> Path:
    """A store for outputs that are no folders, gone with the process."""
    folder = tempfile.mkdtemp(prefix="cotpress-store-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def plan_of(given: Sequence[str], job: CompressionSpec | RewriteSpec, output: Path | str, split: int = 1) -> ScalePlan:
    """A plan whose store is beside the output."""
    store = _apart() if "://" in str(output) else Path(output).parent / "store"
    return ScalePlan(
        job,
        ShardedInput(find_shards(given, split)[0]),
        StorageFolder.from_name(str(output)),
        store.absolute(),
        ClientConfig(),
    )


def scaled(
    given: Sequence[str],
    job: CompressionSpec | RewriteSpec,
    output: Path | str,
    engine: ScaleConfig = ONE,
    split: int = 1,
    limit: int | None = None,
) -> dict[str, Any]:
    """Run it over shards, `split` of each file, or those of its first rows."""
    plan = plan_of(given, job, output, split)
    plan = replace(plan, inputs=limit_inputs(plan.inputs, limit)) if limit else plan
    summary = run_shards(plan, engine, Silent())
    assert summary is not None
    return summary


def plain(
    given: Sequence[str], job: CompressionSpec | RewriteSpec, output: Path, limit: int | None = None
) -> dict[str, Any]:
    """Run it in one process."""
    place = RunPaths(output, output.parent / "plain-store")
    if isinstance(job, CompressionSpec):
        return run_pruning(read(list(given), select=RowSelection(limit)), job, place, Silent())
    return run_rewriting(read(list(given)), job, ClientConfig(), place, Silent())


def tables_of(folder: Path) -> dict[str, Any]:
    """All that an output holds, sorted: traces by id, lines of the training set and of the rejections as they are."""
    sharded = (folder / "sft").is_dir()
    parts = sorted(folder.glob("traces/*.parquet")) if sharded else [folder / "traces.parquet"]
    lines = {
        name: sorted(line for path in _files(folder, name, sharded) for line in path.open())
        for name in ("sft", "rejected")
    }
    table = pa.concat_tables([pq.read_table(path) for path in parts]).sort_by("id")
    return {"traces": table.to_pylist(), **lines}


def _files(folder: Path, name: str, sharded: bool) -> list[Path]:
    return list((folder / name).iterdir()) if sharded else [folder / f"{name}.jsonl"]


def counting(monkeypatch: Any, name: str = "process_shard") -> list[str]:
    """The passes over shards from now on, as "pass stem"."""
    from cotpress.scale import tasks

    done: list[str] = []
    original: Callable[..., None] = tasks.process_shard

    def counted(plan: ScalePlan, known: Any, which: str, shard: Any) -> None:
        original(plan, known, which, shard)
        done.append(f"{which} {shard.stem}")

    monkeypatch.setattr(tasks, name, counted)
    return done
