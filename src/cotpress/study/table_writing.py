"""From finished steps to the study's tables, rows in the order of the plan: the same whatever order they ran in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from cotpress.pruning import prepare_trace
from cotpress.storage import compute_content_key, write_atomically
from cotpress.study.compression_steps import get_texts_artifact
from cotpress.study.context import StudyContext
from cotpress.study.jobs import TrainJob, is_done
from cotpress.study.plan import CRITERION, LEVEL, Cell, Compression, list_cells, list_compressions
from cotpress.study.pruning_steps import RANKINGS_FILE, get_ranking_artifact
from cotpress.study.student_steps import (
    get_evaluation_artifact,
    get_training_artifact,
    read_evaluation_rows,
    read_training_summary,
)
from cotpress.study.text_rows import TextRow, read_texts
from cotpress.tables import STUDY_TABLE_SCHEMAS, write_study_table
from cotpress.text.markers import classify_unit, mark_reflective
from cotpress.text.near_duplicates import find_near_duplicates
from cotpress.token_counting import UNIT_COUNTER_NAME
from cotpress.types import Trace

TableRows = Iterator[Mapping[str, Any]]


def write_tables(context: StudyContext, folder: Path, failed: Mapping[str, str]) -> None:
    """Write all six. `failed` maps the names of compressions and cells to the errors that they ended in."""
    compressions = [compression for compression in list_compressions(context.study) if compression.name not in failed]
    texts = {compression.name: _load_texts(context, compression) for compression in compressions}
    for name, rows in (
        ("traces", _iterate_traces(context)),
        ("rankings", _iterate_rankings(context, compressions)),
        ("rewrites", _iterate_rewrites(compressions, texts)),
        (
            "compressions",
            (
                _build_compression_row(context, compression, texts, failed)
                for compression in list_compressions(context.study)
            ),
        ),
        ("cells", (_build_cell_row(context, cell, failed.get(cell.name)) for cell in list_cells(context.study))),
        ("answers", _iterate_answers(context, [cell for cell in list_cells(context.study) if cell.name not in failed])),
    ):
        write_study_table(folder, name, rows)


def _find_folder(context: StudyContext, step: Any) -> Path:
    folder = context.artifacts.find(step)
    assert folder is not None, step  # the run made it, or recorded why not
    return folder


def _load_texts(context: StudyContext, compression: Compression) -> list[TextRow]:
    return read_texts(_find_folder(context, get_texts_artifact(context, compression)), compression.target)


def _iterate_traces(context: StudyContext) -> TableRows:
    for condition in context.study.conditions:
        try:
            data = context.load_condition(condition)
        except Exception:  # its compressions have failed, and say why
            continue
        for trace, truth in zip(data.traces, data.describe_truth(), strict=True):
            yield {"condition": condition, **build_study_row(context, trace), **truth}


def build_study_row(context: StudyContext, trace: Trace) -> dict[str, Any]:
    """A trace with its steps and units."""
    prepared = prepare_trace(trace, counter=context.counter)
    segmentation = prepared.segmentation
    steps = [trace.reasoning[start:end] for start, end in pairwise(segmentation.steps.tolist())]
    units = [trace.reasoning[start:end] for start, end in pairwise(segmentation.units.tolist())]
    return {
        "domain": trace.domain,
        "regime": trace.regime,
        "trace": trace.id,
        "question": trace.question,
        "reasoning": trace.reasoning,
        "answer": trace.answer,
        "counted_with": context.counter.name if context.counter else UNIT_COUNTER_NAME,
        "tokens": prepared.tokens,
        "step_ends": segmentation.steps[1:],
        "step_reflective": mark_reflective(steps),
        "step_duplicate": find_near_duplicates(steps),
        "unit_ends": segmentation.units[1:],
        "unit_step": np.searchsorted(segmentation.steps, segmentation.units[:-1], side="right") - 1,
        "unit_tokens": prepared.costs,
        "unit_class": [classify_unit(unit) for unit in units],
    }


def _iterate_rankings(context: StudyContext, compressions: Iterable[Compression]) -> TableRows:
    seen = set()
    for compression in compressions:
        if (
            compression.kind != CRITERION
            or (compression.condition, step := get_ranking_artifact(context, compression)) in seen
        ):
            continue
        seen.add((compression.condition, step))
        about = {
            "criterion": compression.ranking_label,
            "granularity": compression.granularity,
            "symbols": compression.symbols,
            "seed": compression.seed or 0,
        }
        for row in pq.read_table(_find_folder(context, step) / RANKINGS_FILE).to_pylist():
            yield {"condition": compression.condition, **about, **row}


def _iterate_rewrites(compressions: Iterable[Compression], texts: Mapping[str, list[TextRow]]) -> TableRows:
    for compression in compressions:
        if compression.kind == LEVEL:
            for row in texts[compression.name]:
                yield {
                    "compression": compression.name,
                    "condition": compression.condition,
                    "level": compression.method,
                    **_select_rewrite_columns(row),
                }


def _select_rewrite_columns(row: TextRow) -> dict[str, Any]:
    names = ("trace", "text", "reason", "tokens_original", "tokens_kept", "restructuring")
    return {name: row[name] for name in names}


def _build_compression_row(
    context: StudyContext, compression: Compression, texts: Mapping[str, list[TextRow]], failed: Mapping[str, str]
) -> dict[str, Any]:
    """What a compression is; and its figures, or the error that it ended in."""
    condition = context.study.conditions[compression.condition]
    about = {
        "compression": compression.name,
        "condition": compression.condition,
        "domain": condition.domain,
        "regime": condition.regime,
        "kind": compression.kind,
        "method": compression.label,
        "granularity": compression.granularity,
        "symbols": compression.symbols,
        "keep": compression.target,
        "seed": compression.seed or 0,
    }
    if compression.name in failed:
        return {**about, "error": failed[compression.name]}
    return {
        **about,
        **_aggregate_rows(texts[compression.name], len(context.load_condition(compression.condition).rejected)),
    }


def _aggregate_rows(rows: list[TextRow], unread: int) -> dict[str, Any]:
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
        "gauges": _average_gauges(kept),
    }


def _average_gauges(rows: list[TextRow]) -> list[tuple[str, float]] | None:
    """The mean of each gauge over the rows that it applies to."""
    values: dict[str, list[float]] = {}
    for name, value in (entry for row in rows for entry in row["gauges"] or ()):
        values.setdefault(name, []).append(value)
    return [(name, sum(given) / len(given)) for name, given in values.items()] or None


def _build_cell_row(context: StudyContext, cell: Cell, error: str | None) -> dict[str, Any]:
    about = {"cell": cell.name, "compression": cell.compression.name, "student": cell.student, "seed": cell.seed}
    if error is not None:
        return {**about, "state": "failed", "error": error}
    if context.artifacts.find(get_evaluation_artifact(context, cell)) is None:
        return {**about, "state": "open"}
    summary = read_training_summary(_find_folder(context, get_training_artifact(context, cell)))
    figures = {"parameters": summary["parameters"], "trained_tokens": summary["tokens"], "loss": summary["final_loss"]}
    return {**about, "state": "done", **figures}


def _iterate_answers(context: StudyContext, done: Iterable[Cell]) -> TableRows:
    names = ("benchmark", "sample", "outcome", "reasoning_tokens", "generated_tokens", "steps", "reflective_steps")
    for cell in done:
        folder = context.artifacts.find(get_evaluation_artifact(context, cell))
        for row in read_evaluation_rows(folder) if folder else ():
            yield {"cell": cell.name, "problem": row.id, **{name: getattr(row, name) for name in names}}


TABLES_VERSION = 1  # of what is written into the tables


def compute_tables_key(context: StudyContext, failed: Mapping[str, str]) -> str:
    """A key of all that the tables hold: the study, its steps, which of them are done, and what failed."""
    traces = [context.load_condition(name).key for name in context.study.conditions]
    texts = [
        None if compression.name in failed else get_texts_artifact(context, compression).key
        for compression in list_compressions(context.study)
    ]
    taught = [
        None if cell.name in failed else (get_evaluation_artifact(context, cell).key, is_done(context, TrainJob(cell)))
        for cell in list_cells(context.study)
    ]
    columns = {name: schema.names for name, schema in STUDY_TABLE_SCHEMAS.items()}
    return compute_content_key(
        "tables", TABLES_VERSION, columns, context.study.model_dump(mode="json"), dict(failed), traces, texts, taught
    )


def has_current_tables(folder: Path, manifest: Path, key: str) -> bool:
    """Whether the tables in `folder` were written under this key and have not changed since."""
    try:
        return bool(json.loads(manifest.read_text(encoding="utf-8")) == {"key": key, "files": _hash_tables(folder)})
    except (OSError, ValueError):
        return False


def write_tables_manifest(folder: Path, manifest: Path, key: str) -> None:
    """Write down that the tables are there and what they are. Raises OSError where that cannot be written."""
    with write_atomically(manifest) as path:
        path.write_text(json.dumps({"key": key, "files": _hash_tables(folder)}) + "\n", encoding="utf-8")


def _hash_tables(folder: Path) -> dict[str, str]:
    paths = [folder / f"{name}.parquet" for name in STUDY_TABLE_SCHEMAS]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
