"""The answers of one student under one condition, problem by problem, as sums that are resampled together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cotpress.analyze.bootstrap import quotient, weights
from cotpress.analyze.frames import Frame
from cotpress.errors import require
from cotpress.tables import Tables
from cotpress.types import FloatArray, IntArray

ALL = "all"  # the name of all benchmarks together
METHOD = ["kind", "method", "granularity", "symbols", "keep"]
SUMS = ("right", "samples", "reasoning", "generated", "replies", "steps", "reflective", "truncated")


@dataclass(frozen=True, slots=True, eq=False)
class Treatment:
    """One way to shorten the traces, its seeds pooled.

    `realized` is kept / original tokens. `accuracies` and `lengths` (mean reasoning tokens a reply) are [seeds], one
    for each cell; `restructuring` and `keep` are NaN where there is none; `trained_tokens` is the mean over them.
    """

    kind: str
    method: str
    granularity: str
    symbols: bool
    keep: float
    realized: float
    traces: int
    rejected: int
    restructuring: float
    trained_tokens: float
    accuracies: FloatArray
    lengths: FloatArray

    @property
    def labels(self) -> dict[str, Any]:
        """The columns that name it."""
        return {name: getattr(self, name) for name in METHOD}

    @property
    def prunes(self) -> bool:
        """Whether it deletes by a criterion."""
        return self.granularity != ""


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """All treatments of one condition, student (of so many `parameters`) and benchmark (or `ALL`).

    `sums` maps a name to the draws of that sum over problems, [treatments, draws]. All share the problems drawn, so
    that whatever is computed from two treatments is paired.
    """

    condition: str
    domain: str
    regime: str
    student: str
    benchmark: str
    parameters: float
    problems: int
    treatments: tuple[Treatment, ...]
    sums: Mapping[str, FloatArray]

    @property
    def labels(self) -> dict[str, Any]:
        """The columns that name it."""
        return {name: getattr(self, name) for name in ("condition", "domain", "regime", "student", "benchmark")}

    @property
    def accuracy(self) -> FloatArray:
        """Right / all samples, [treatments, draws]."""
        return quotient(self.sums["right"], self.sums["samples"])

    @property
    def inference(self) -> FloatArray:
        """Mean reasoning tokens a reply / those of the uncompressed student, [treatments, draws]."""
        return self.against_baseline(quotient(self.sums["reasoning"], self.sums["replies"]))

    @property
    def baseline(self) -> int | None:
        """Which treatment is the uncompressed student, None where there is none."""
        return next((at for at, one in enumerate(self.treatments) if one.method == "uncompressed"), None)

    def against_baseline(self, figures: FloatArray) -> FloatArray:
        """Figures [treatments, ...] / the uncompressed student's; NaN without one."""
        return np.full_like(figures, np.nan) if self.baseline is None else quotient(figures, figures[self.baseline])


def panels(tables: Tables, pool: bool = False) -> Iterator[Panel]:
    """A condition, student and benchmark at a time, in the order of their names; with `pool` all benchmarks are one.

    Only cells that were done count.
    """
    done = tables.cells[tables.cells["state"] == "done"]
    cells = done.merge(tables.compressions, on="compression", suffixes=("", "_of_compression"))
    cells["granularity"] = cells["granularity"].fillna("")
    cells["symbols"] = cells["symbols"].fillna(False).astype(bool)
    answers = _answers(tables, cells, pool)
    for (condition, student), group in cells.groupby(["condition", "student"], sort=True):
        own = answers[answers["at"].isin(group.index)]
        for benchmark, rows in own.groupby("benchmark", sort=True):
            asked = group[group.index.isin(rows["at"])]
            yield _panel((str(condition), str(student), str(benchmark)), asked, rows)


def _answers(tables: Tables, cells: Frame, pool: bool) -> Frame:
    """The answers of these cells: `at`, the row of the cell, benchmark, problem, and the columns to sum."""
    at = require("pandas", "study").Index(cells["cell"]).get_indexer(tables.answers["cell"])
    told = tables.answers[at >= 0]
    replied, benchmark = told["outcome"] != "failed", told["benchmark"]
    columns = {
        "at": at[at >= 0],
        "benchmark": ALL if pool else benchmark,
        "problem": benchmark + "\n" + told["problem"],
        "right": told["outcome"] == "right",
        "samples": 1,
        "reasoning": told["reasoning_tokens"].fillna(0) * replied,
        "generated": told["generated_tokens"].fillna(0) * replied,
        "replies": replied,
        "steps": told["steps"].fillna(0),
        "reflective": told["reflective_steps"].fillna(0),
        "truncated": told["outcome"] == "truncated",
    }
    return told[[]].assign(**columns)


def _panel(names: tuple[str, str, str], cells: Frame, answers: Frame) -> Panel:
    groups = cells.groupby(METHOD, sort=True, dropna=False)
    of_cell, runs = groups.ngroup().to_numpy(), len(cells)
    problem, problems = _codes(answers["problem"])
    run = require("pandas", "study").Index(cells.index).get_indexer(answers["at"])
    values = answers[list(SUMS)].to_numpy(dtype=float)
    treatment = of_cell[run]
    shape = (groups.ngroups, problems)
    drawn = weights(problems) @ _summed(values, treatment * problems + problem, shape).reshape(problems, -1)
    of_runs = _summed(values, run, (1, runs))[:, 0]
    named = list(cells.assign(**{f"sum {name}": of_runs[:, at] for at, name in enumerate(SUMS)}).to_dict("records"))
    members = [[named[at] for at in np.flatnonzero(of_cell == code)] for code in range(groups.ngroups)]
    return Panel(
        names[0],
        named[0]["domain"],
        named[0]["regime"],
        *names[1:],
        float(named[0]["parameters"]),
        problems,
        tuple(_treatment(one) for one in members),
        {name: drawn.reshape(len(drawn), -1, len(SUMS))[..., at].T for at, name in enumerate(SUMS)},
    )


def _codes(values: Any) -> tuple[IntArray, int]:
    """Numbers of the values in the order of their names, so that panels of the same problems are drawn alike."""
    codes, found = values.factorize(sort=True)
    return codes, len(found)


def _summed(values: FloatArray, place: IntArray, shape: tuple[int, int]) -> FloatArray:
    """Sums of the columns of values [answers, columns] by place in a table [rows, things]: [things, rows, columns]."""
    size = shape[0] * shape[1]
    columns = [np.bincount(place, column, size).reshape(shape).T for column in values.T]
    table: FloatArray = np.stack(columns, axis=-1)
    return table


def _treatment(runs: list[dict[str, Any]]) -> Treatment:
    """One treatment from its runs, a row a seed."""
    first, compressions = runs[0], {run["compression"]: run for run in runs}.values()
    column = {name: np.array([run[f"sum {name}"] for run in runs]) for name in SUMS}
    original = sum(one["tokens_original"] for one in compressions)
    return Treatment(
        first["kind"],
        first["method"],
        first["granularity"],
        first["symbols"],
        float("nan") if first["keep"] is None else float(first["keep"]),
        sum(one["tokens_kept"] for one in compressions) / original if original else float("nan"),
        round(_mean(compressions, "traces")),
        round(_mean(compressions, "rejected")),
        _mean(compressions, "restructuring"),
        _mean(runs, "trained_tokens"),
        quotient(column["right"], column["samples"]),
        quotient(column["reasoning"], column["replies"]),
    )


def _mean(rows: Collection[dict[str, Any]], name: str) -> float:
    told = [float("nan") if row[name] is None else float(row[name]) for row in rows]
    return sum(told) / len(told)
