"""From finished steps to the study's tables, rows in the order of the plan: the same whatever order they ran in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from cotpress.markers import is_reflective, symbol_class
from cotpress.prune import prepare
from cotpress.redundancy import near_duplicates
from cotpress.study.desk import Desk
from cotpress.study.plan import CRITERION, LEVEL, Cell, Compression, cells, compressions
from cotpress.study.pruning import RANKINGS, ranking_step
from cotpress.study.schooling import evaluation_step, rows_of, told, training_step
from cotpress.study.shortening import texts_step
from cotpress.study.texts import Row, read_texts
from cotpress.tables import write_table
from cotpress.tokens import UNITS
from cotpress.types import Trace

Rows = Iterator[Mapping[str, Any]]


def write_tables(desk: Desk, folder: Path, failed: Mapping[str, str]) -> None:
    """Write all six. `failed` maps the names of compressions and cells to the errors that they ended in."""
    ways = [way for way in compressions(desk.study) if way.name not in failed]
    texts = {way.name: _texts(desk, way) for way in ways}
    for name, rows in (
        ("traces", _traces(desk)),
        ("rankings", _rankings(desk, ways)),
        ("rewrites", _rewrites(ways, texts)),
        ("compressions", (_compression_row(desk, way, texts, failed) for way in compressions(desk.study))),
        ("cells", (_cell(desk, cell, failed.get(cell.name)) for cell in cells(desk.study))),
        ("answers", _answers(desk, [cell for cell in cells(desk.study) if cell.name not in failed])),
    ):
        write_table(folder, name, rows)


def _made(desk: Desk, step: Any) -> Path:
    folder = desk.artifacts.find(step)
    assert folder is not None, step  # the run made it, or recorded why not
    return folder


def _texts(desk: Desk, way: Compression) -> list[Row]:
    return read_texts(_made(desk, texts_step(desk, way)), way.keep)


def _traces(desk: Desk) -> Rows:
    for condition in desk.study.conditions:
        try:
            material = desk.material(condition)
        except Exception:  # its compressions have failed, and say why
            continue
        for trace, essential in zip(material.traces, material.essential(), strict=True):
            yield {"condition": condition, **trace_row(desk, trace), "unit_essential": essential}


def trace_row(desk: Desk, trace: Trace) -> dict[str, Any]:
    """A trace with its steps and units."""
    sheet = prepare(trace, counter=desk.counter)
    cut = sheet.segmentation
    steps = [trace.reasoning[start:end] for start, end in pairwise(cut.steps.tolist())]
    units = [trace.reasoning[start:end] for start, end in pairwise(cut.units.tolist())]
    return {
        "domain": trace.domain,
        "regime": trace.regime,
        "trace": trace.id,
        "question": trace.question,
        "reasoning": trace.reasoning,
        "answer": trace.answer,
        "counted_with": desk.counter.name if desk.counter else UNITS,
        "tokens": sheet.tokens,
        "step_ends": cut.steps[1:],
        "step_reflective": [is_reflective(step) for step in steps],
        "step_duplicate": near_duplicates(steps),
        "unit_ends": cut.units[1:],
        "unit_step": np.searchsorted(cut.steps, cut.units[:-1], side="right") - 1,
        "unit_tokens": sheet.costs,
        "unit_class": [symbol_class(unit) for unit in units],
    }


def _rankings(desk: Desk, ways: Iterable[Compression]) -> Rows:
    seen = set()
    for way in ways:
        if way.kind != CRITERION or (way.condition, step := ranking_step(desk, way)) in seen:
            continue
        seen.add((way.condition, step))
        about = {"criterion": way.method, "granularity": way.granularity, "symbols": way.symbols, "seed": way.seed or 0}
        for row in pq.read_table(_made(desk, step) / RANKINGS).to_pylist():
            yield {"condition": way.condition, **about, **row}


def _rewrites(ways: Iterable[Compression], texts: Mapping[str, list[Row]]) -> Rows:
    for way in ways:
        if way.kind == LEVEL:
            for row in texts[way.name]:
                yield {"compression": way.name, "condition": way.condition, "level": way.method, **_known(row)}


def _known(row: Row) -> dict[str, Any]:
    names = ("trace", "text", "reason", "tokens_original", "tokens_kept", "restructuring")
    return {name: row[name] for name in names}


def _compression_row(
    desk: Desk, way: Compression, texts: Mapping[str, list[Row]], failed: Mapping[str, str]
) -> dict[str, Any]:
    """What the way is; and what it came to, or the error that it ended in."""
    condition = desk.study.conditions[way.condition]
    about = {
        "compression": way.name,
        "condition": way.condition,
        "domain": condition.domain,
        "regime": condition.regime,
        "kind": way.kind,
        "method": way.method,
        "granularity": way.granularity,
        "symbols": way.symbols,
        "keep": way.keep,
        "seed": way.seed or 0,
    }
    if way.name in failed:
        return {**about, "error": failed[way.name]}
    return {**about, **_figures(texts[way.name], len(desk.material(way.condition).rejected))}


def _figures(rows: list[Row], unread: int) -> dict[str, Any]:
    """Counts and shares over the rows; `unread` are source rows that were rejected before."""
    kept = [row for row in rows if row["text"] is not None]
    steps = sum(row["steps"] for row in kept)
    lost = [row["restructuring"] for row in kept if row["restructuring"] is not None]
    costs = [row["cost"] for row in rows if row["cost"] is not None]
    return {
        "traces": len(kept),
        "rejected": len(rows) - len(kept) + unread,
        "tokens_original": sum(row["tokens_original"] for row in kept),
        "tokens_kept": sum(row["tokens_kept"] for row in kept),
        "reflective": sum(row["reflective_steps"] for row in kept) / steps if steps else None,
        "duplicate": sum(row["duplicate_steps"] for row in kept) / steps if steps else None,
        "restructuring": sum(lost) / len(lost) if lost else None,
        "cost": sum(costs) if costs else None,
    }


def _cell(desk: Desk, cell: Cell, error: str | None) -> dict[str, Any]:
    about = {"cell": cell.name, "compression": cell.compression.name, "student": cell.student, "seed": cell.seed}
    if error is not None:
        return {**about, "state": "failed", "error": error}
    if desk.artifacts.find(evaluation_step(desk, cell)) is None:
        return {**about, "state": "open"}
    found = told(_made(desk, training_step(desk, cell)))
    figures = {"parameters": found["parameters"], "trained_tokens": found["tokens"], "loss": found["final_loss"]}
    return {**about, "state": "done", **figures}


def _answers(desk: Desk, done: Iterable[Cell]) -> Rows:
    names = ("benchmark", "sample", "outcome", "reasoning_tokens", "generated_tokens", "steps", "reflective_steps")
    for cell in done:
        folder = desk.artifacts.find(evaluation_step(desk, cell))
        for row in rows_of(folder) if folder else ():
            yield {"cell": cell.name, "problem": row.id, **{name: getattr(row, name) for name in names}}
