"""The tables that a study leaves behind: what the sweep writes, and analysis, report and advice read.

Six tables, one Parquet file each. A *condition* is a source of traces with its domain and regime; a *compression* is
a condition with one way to shorten its traces; a *cell* is a compression with a student and a seed, trained and
evaluated. All ratios are fractions kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from cotpress.errors import InputError, require
from cotpress.store import writing

_TEXT, _COUNT, _FIGURE, _FLAG = pa.string(), pa.int64(), pa.float64(), pa.bool_()

TRACES: Final = pa.schema(
    {
        "condition": _TEXT,
        "domain": _TEXT,
        "regime": _TEXT,
        "trace": _TEXT,  # its id, unique within a condition
        "question": _TEXT,
        "reasoning": _TEXT,
        "answer": _TEXT,
        "counted_with": _TEXT,  # the tokenizer, or "units"
        "tokens": _COUNT,  # of the reasoning
        "step_ends": pa.list_(pa.int32()),  # characters; step i is reasoning[step_ends[i - 1]:step_ends[i]]
        "step_reflective": pa.list_(_FLAG),
        "step_duplicate": pa.list_(_FLAG),  # nearly repeats an earlier step
        "unit_ends": pa.list_(pa.int32()),  # characters, as above
        "unit_step": pa.list_(pa.int32()),  # the step that a unit is in
        "unit_tokens": pa.list_(pa.int32()),
        "unit_class": pa.list_(_TEXT),  # "symbol", "stopword" or "other"
        "unit_essential": pa.list_(_FLAG),  # the truth, in the micro world; null elsewhere
    }
)
"""One row a trace."""

RANKINGS: Final = pa.schema(
    {
        "condition": _TEXT,
        "trace": _TEXT,
        "criterion": _TEXT,
        "granularity": _TEXT,  # "step" or "token"
        "symbols": _FLAG,  # whether symbols were protected
        "seed": _COUNT,
        "importance": pa.list_(pa.float32()),  # a unit's, or that of its step; higher = keep
        "kept_from": pa.list_(pa.float32()),  # a unit stays at keep ratio k where kept_from <= k; 0 = protected
    }
)
"""One row a trace and method: what every keep ratio does to it, as a smaller ratio keeps a part of a larger one's."""

REWRITES: Final = pa.schema(
    {
        "compression": _TEXT,
        "condition": _TEXT,
        "trace": _TEXT,
        "level": _TEXT,
        "text": _TEXT,  # null where the trace was rejected
        "reason": _TEXT,  # of a rejection, else null
        "tokens_original": _COUNT,
        "tokens_kept": _COUNT,
        "restructuring": _FIGURE,  # 0 (all steps kept) .. 1
    }
)
"""One row a trace and rewriting."""

COMPRESSIONS: Final = pa.schema(
    {
        "compression": _TEXT,
        "condition": _TEXT,
        "domain": _TEXT,
        "regime": _TEXT,
        "kind": _TEXT,  # "criterion", "level" or "baseline"
        "method": _TEXT,  # a criterion's or level's name; "uncompressed", "no-reasoning" or "native-short"
        "granularity": _TEXT,  # "" where there is none
        "symbols": _FLAG,
        "keep": _FIGURE,  # the target ratio; null where there is none
        "seed": _COUNT,
        "traces": _COUNT,  # kept ones
        "rejected": _COUNT,
        "tokens_original": _COUNT,  # of the reasoning of the kept traces
        "tokens_kept": _COUNT,
        "reflective": _FIGURE,  # share of the steps that are left, 0..1
        "duplicate": _FIGURE,
        "restructuring": _FIGURE,  # mean; null for pruning
        "cost": _FIGURE,  # US dollars paid to a rewriter; null where unknown
        "error": _TEXT,  # null unless it failed; then all figures are null
    }
)
"""One row a way to shorten a condition's traces. Random pruning has one compression a seed, others are shared."""

CELLS: Final = pa.schema(
    {
        "cell": _TEXT,
        "compression": _TEXT,
        "student": _TEXT,
        "seed": _COUNT,
        "state": _TEXT,  # "done", "failed", or "open" where time was up before it
        "error": _TEXT,  # null unless it failed
        "parameters": _COUNT,  # of the student
        "trained_tokens": _COUNT,  # seen in training, prompts included
        "loss": _FIGURE,  # the last one, nats a token
    }
)
"""One row a trained student."""

ANSWERS: Final = pa.schema(
    {
        "cell": _TEXT,
        "benchmark": _TEXT,
        "problem": _TEXT,
        "sample": _COUNT,
        "outcome": _TEXT,  # one of evaluate.row.OUTCOMES: "right", "wrong", "truncated", "unparsed", ...
        "reasoning_tokens": _COUNT,
        "generated_tokens": _COUNT,
        "steps": _COUNT,
        "reflective_steps": _COUNT,
    }
)
"""One row a problem that a student was asked."""

SCHEMAS: Final[Mapping[str, pa.Schema]] = {
    "traces": TRACES,
    "rankings": RANKINGS,
    "rewrites": REWRITES,
    "compressions": COMPRESSIONS,
    "cells": CELLS,
    "answers": ANSWERS,
}


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """A study's tables as pandas data frames, columns as in `SCHEMAS`; a table that nothing was written to is empty."""

    traces: Any
    rankings: Any
    rewrites: Any
    compressions: Any
    cells: Any
    answers: Any


def tables_of(rows: Mapping[str, Iterable[Mapping[str, Any]]]) -> Tables:
    """Tables from rows by the table's name; names left out become empty tables.

    Raises:
        MissingExtra: pandas is not installed.
    """
    require("pandas", "study")
    made = {name: pa.Table.from_pylist(list(rows.get(name, ())), schema) for name, schema in SCHEMAS.items()}
    return Tables(**{name: table.to_pandas() for name, table in made.items()})


def write_table(folder: Path, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write one of the tables as a Parquet file, in one step.

    Raises:
        OutputError: the folder cannot be written.
    """
    with writing(folder / f"{name}.parquet") as path:
        pq.write_table(pa.Table.from_pylist(list(rows), SCHEMAS[name]), path)


def read_tables(folder: Path) -> Tables:
    """Read a study's tables from the folder that they were written to, or from that of the run.

    Raises:
        InputError: there are none, one is missing, or one cannot be read.
        MissingExtra: pandas is not installed.
    """
    require("pandas", "study")
    if (folder / "tables" / "compressions.parquet").is_file():
        folder = folder / "tables"
    if not any((folder / f"{name}.parquet").is_file() for name in SCHEMAS):
        raise InputError(f"There are no study tables in {folder}.", "Run: cotpress sweep STUDY.yaml -o FOLDER")
    return Tables(**{name: _read(folder / f"{name}.parquet", schema).to_pandas() for name, schema in SCHEMAS.items()})


def _read(path: Path, schema: pa.Schema) -> pa.Table:
    if not path.is_file():
        raise InputError(f"The study's table {path} is missing.", "Run the sweep again: it writes tables anew.")
    try:
        return pq.read_table(path).select(schema.names).cast(schema)
    except (OSError, KeyError, pa.ArrowException) as error:
        raise InputError(f"{path} cannot be read: {error}", "Run the sweep again: it writes tables anew.") from error
