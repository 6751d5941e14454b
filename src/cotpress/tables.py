"""The tables that a study leaves behind: what the sweep writes, and analysis, report and advice read.

Six tables, one Parquet file each. A *condition* is a source of traces with its domain and regime; a *compression* is
a condition with one way to shorten its traces; a *cell* is a compression with a student and a seed, trained and
evaluated. All ratios are fractions kept.

A *unit* is a word, a number, a LaTeX command or an operator: what granularity "token" deletes. Columns of *tokens*
count with the tokenizer that `counted_with` names; without a tokenizer that is "units", and a token is a unit. Columns
that count what a student reads or writes say so.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from cotpress.errors import InputError, import_optional
from cotpress.notebook_view import NotebookView
from cotpress.storage import write_atomically

_TEXT, _COUNT, _FIGURE, _FLAG = pa.string(), pa.int64(), pa.float64(), pa.bool_()

TRACES_TABLE_SCHEMA: Final = pa.schema(
    {
        "condition": _TEXT,
        "domain": _TEXT,
        "regime": _TEXT,
        "trace": _TEXT,  # its id, unique within a condition
        "question": _TEXT,
        "reasoning": _TEXT,
        "answer": _TEXT,
        "counted_with": _TEXT,  # the tokenizer, or "units"
        "tokens": _COUNT,  # of the reasoning, counted with counted_with
        "step_ends": pa.list_(pa.int32()),  # characters; step i is reasoning[step_ends[i - 1]:step_ends[i]]
        "step_reflective": pa.list_(_FLAG),
        "step_duplicate": pa.list_(_FLAG),  # nearly repeats an earlier step
        "unit_ends": pa.list_(pa.int32()),  # characters, as above
        "unit_step": pa.list_(pa.int32()),  # the step that a unit is in
        "unit_tokens": pa.list_(pa.int32()),  # tokens of a unit, counted with counted_with; 1 each with "units"
        "unit_class": pa.list_(_TEXT),  # "symbol", "stopword" or "other"
        "unit_essential": pa.list_(_FLAG),  # the truth, in the micro world; null elsewhere
        "unit_telling": pa.list_(
            pa.int32()
        ),  # the telling of a fact that a unit is part of, -1 for none; null elsewhere
        "telling_fact": pa.list_(pa.int32()),  # of each telling, in order, the number of the fact in the trace
    }
)
"""One row a trace."""

RANKINGS_TABLE_SCHEMA: Final = pa.schema(
    {
        "condition": _TEXT,
        "trace": _TEXT,
        "criterion": _TEXT,  # "nll"; "nll/sum" with a reduction that is not the criterion's own
        "granularity": _TEXT,  # "step", or "token" where units are deleted
        "symbols": _FLAG,  # whether symbols were protected
        "seed": _COUNT,
        "importance": pa.list_(pa.float32()),  # a unit's, or that of its step; higher = keep
        "kept_from": pa.list_(pa.float32()),  # a unit stays at keep ratio k where kept_from <= k; 0 = protected
    }
)
"""One row a trace and method: what every keep ratio does to it, as a smaller ratio keeps a part of a larger one's."""

REWRITES_TABLE_SCHEMA: Final = pa.schema(
    {
        "compression": _TEXT,
        "condition": _TEXT,
        "trace": _TEXT,
        "level": _TEXT,
        "text": _TEXT,  # null where the trace was rejected
        "reason": _TEXT,  # of a rejection, else null
        "tokens_original": _COUNT,  # of the reasoning, counted with counted_with of its trace
        "tokens_kept": _COUNT,
        "restructuring": _FIGURE,  # 0 (all steps kept) .. 1
    }
)
"""One row a trace and rewriting."""

COMPRESSIONS_TABLE_SCHEMA: Final = pa.schema(
    {
        "compression": _TEXT,
        "condition": _TEXT,
        "domain": _TEXT,
        "regime": _TEXT,
        "kind": _TEXT,  # "criterion", "level" or "baseline"
        "method": _TEXT,  # a criterion as in rankings, or a control of it: "nll without restatements"; a level's name;
        # "uncompressed", "no-reasoning" or "native-short"
        "granularity": _TEXT,  # "" where there is none
        "symbols": _FLAG,
        "keep": _FIGURE,  # the target ratio; null where there is none: of a criterion, "auto" was asked for
        "seed": _COUNT,
        "traces": _COUNT,  # kept ones
        "rejected": _COUNT,
        "tokens_original": _COUNT,  # of the reasoning of the kept traces, counted with counted_with
        "tokens_kept": _COUNT,
        "reflective": _FIGURE,  # share of the steps that are left, 0..1
        "duplicate": _FIGURE,
        "restructuring": _FIGURE,  # mean; null for pruning
        "cost": _FIGURE,  # US dollars paid to a rewriter; null where unknown
        "gauges": pa.map_(_TEXT, _FIGURE),  # means of the gauges of the text, by name; null for baselines
        "error": _TEXT,  # null unless it failed; then all figures are null
    }
)
"""One row a way to shorten a condition's traces. Random pruning has one compression a seed, others are shared."""

CELLS_TABLE_SCHEMA: Final = pa.schema(
    {
        "cell": _TEXT,
        "compression": _TEXT,
        "student": _TEXT,
        "seed": _COUNT,
        "state": _TEXT,  # "done", "failed", or "open" where time was up before it
        "error": _TEXT,  # null unless it failed
        "parameters": _COUNT,  # of the student
        "trained_tokens": _COUNT,  # of the student's tokenizer, seen in training, prompts included
        "loss": _FIGURE,  # the last one, nats a token
    }
)
"""One row a trained student."""

ANSWERS_TABLE_SCHEMA: Final = pa.schema(
    {
        "cell": _TEXT,
        "benchmark": _TEXT,
        "problem": _TEXT,
        "sample": _COUNT,
        "outcome": _TEXT,  # one of cotpress.evaluation.EVALUATION_OUTCOMES: "right", "wrong", ...
        "reasoning_tokens": _COUNT,  # of the student's own tokenizer, where it runs here
        "generated_tokens": _COUNT,  # so counted, the answer included
        "steps": _COUNT,
        "reflective_steps": _COUNT,
    }
)
"""One row a problem that a student was asked."""

STUDY_TABLE_SCHEMAS: Final[Mapping[str, pa.Schema]] = {
    "traces": TRACES_TABLE_SCHEMA,
    "rankings": RANKINGS_TABLE_SCHEMA,
    "rewrites": REWRITES_TABLE_SCHEMA,
    "compressions": COMPRESSIONS_TABLE_SCHEMA,
    "cells": CELLS_TABLE_SCHEMA,
    "answers": ANSWERS_TABLE_SCHEMA,
}


_CONTROL_SUFFIX: Final = " without restatements"


def format_method(criterion: str, drop_restatements: bool) -> str:
    """How the column `method` names a criterion, or its control without restatements of the answer.

    >>> format_method("nll/sum", True)
    'nll/sum without restatements'
    """
    return criterion + _CONTROL_SUFFIX if drop_restatements else criterion


def is_control(method: str) -> bool:
    """Whether a name of the column `method` is that of a control: it shows what another cell is worth.

    >>> is_control("nll"), is_control("nll/sum without restatements")
    (False, True)
    """
    return method.endswith(_CONTROL_SUFFIX)


def split_reduction(method: str) -> tuple[str, str]:
    """The criterion and the reduction, "" for the criterion's own, of a name of the column `method`.

    >>> split_reduction("nll/sum"), split_reduction("entropy")
    (('nll', 'sum'), ('entropy', ''))
    """
    criterion, _, reduction = method.partition("/")
    return criterion, reduction


@dataclass(frozen=True, slots=True, eq=False)
class StudyTables(NotebookView):
    """A study's tables as pandas data frames, columns as in `STUDY_TABLE_SCHEMAS`; a table that nothing was written
    to is empty."""

    traces: Any
    rankings: Any
    rewrites: Any
    compressions: Any
    cells: Any
    answers: Any

    def list_frames(self) -> list[tuple[str, Any]]:
        """Each table's name with its data frame."""
        return [(name, getattr(self, name)) for name in STUDY_TABLE_SCHEMAS]

    def __repr__(self) -> str:
        return f"StudyTables({', '.join(f'{name}: {len(frame):,} rows' for name, frame in self.list_frames())})"


def build_study_tables(rows: Mapping[str, Iterable[Mapping[str, Any]]]) -> StudyTables:
    """Tables from rows by the table's name; names left out become empty tables.

    Raises:
        MissingExtraError: pandas is not installed.
    """
    import_optional("pandas", "study")
    tables = {
        name: pa.Table.from_pylist(list(rows.get(name, ())), schema) for name, schema in STUDY_TABLE_SCHEMAS.items()
    }
    return StudyTables(**{name: table.to_pandas() for name, table in tables.items()})


def write_study_table(folder: Path, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write one of the tables as a Parquet file, in one step.

    Raises:
        OutputError: the folder cannot be written.
    """
    with write_atomically(folder / f"{name}.parquet") as path:
        pq.write_table(pa.Table.from_pylist(list(rows), STUDY_TABLE_SCHEMAS[name]), path)


def read_study_tables(folder: Path) -> StudyTables:
    """Read a study's tables from the folder that they were written to, or from that of the run.

    Raises:
        InputError: there are none, one is missing, or one cannot be read.
        MissingExtraError: pandas is not installed.
    """
    import_optional("pandas", "study")
    if folder.parent.is_file():  # the study file in place of the folder of its run
        hint = f"Give the folder of its run: cotpress sweep {folder.parent} -o FOLDER writes it."
        raise InputError(f"{folder.parent} is a file, and no folder of study tables.", hint)
    if (folder / "tables" / "compressions.parquet").is_file():
        folder = folder / "tables"
    if not any((folder / f"{name}.parquet").is_file() for name in STUDY_TABLE_SCHEMAS):
        raise InputError(f"There are no study tables in {folder}.", "Run: cotpress sweep STUDY.yaml -o FOLDER")
    return StudyTables(
        **{
            name: _read_table(folder / f"{name}.parquet", schema).to_pandas()
            for name, schema in STUDY_TABLE_SCHEMAS.items()
        }
    )


def read_study_name(run: Path) -> str:
    """The name that a study's file gives it, as the run in that folder noted it; else the folder's name.

    >>> read_study_name(Path("runs/mine"))
    'mine'
    """
    try:
        name = json.loads((run / "study.json").read_text(encoding="utf-8"))["name"]
    except (OSError, ValueError, KeyError, TypeError):  # tables alone are enough for a report
        name = ""
    return str(name) or run.resolve().name


def _read_table(path: Path, schema: pa.Schema) -> pa.Table:
    if not path.is_file():
        raise InputError(f"The study's table {path} is missing.", "Run the sweep again: it writes tables anew.")
    try:
        return pq.read_table(path).select(schema.names).cast(schema)
    except (OSError, KeyError, pa.ArrowException) as error:
        raise InputError(f"{path} cannot be read: {error}", "Run the sweep again: it writes tables anew.") from error


def __getattr__(name: str) -> Any:
    if name != "read_tables":
        raise AttributeError(f"module 'cotpress.tables' has no attribute '{name}'")
    # a name of earlier versions: it works, with a warning, until the next one
    warnings.warn("cotpress.tables.read_tables is now read_study_tables.", DeprecationWarning, stacklevel=2)
    return read_study_tables
