"""The answers of one student under one condition, problem by problem, as sums that are resampled together.

The resampling has two levels. Problems are drawn for all treatments alike, training seeds for each treatment by itself,
since each was trained by itself. Of one seed nothing can be drawn: its intervals know the problems alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cotpress.analysis.bootstrap_draws import draw_seed_weights, draw_weights, quotient
from cotpress.analysis.frames import DataFrame
from cotpress.errors import import_optional
from cotpress.tables import StudyTables
from cotpress.types import FloatArray, IntArray

ALL_BENCHMARKS = "all"  # the name of all benchmarks together
TREATMENT_COLUMNS = ["kind", "method", "granularity", "symbols", "keep"]
COMPLETE_OUTCOMES = ("right", "wrong")  # of replies that came to an end and state an answer
SUM_COLUMNS = (
    *("right", "samples", "reasoning", "generated", "replies", "steps", "reflective", "truncated"),
    *("complete", "complete_reasoning"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Treatment:
    """One way to shorten the traces, its seeds pooled.

    `realized` is kept / original tokens, `taught` the mean tokens of the reasoning kept. `accuracies` and `lengths`
    (mean reasoning tokens a reply) are [seeds], one for each cell; `restructuring` and `keep` are NaN where there is
    none; `trained_tokens` is the mean over them.
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
    taught: float = float("nan")

    @property
    def seeds(self) -> int:
        """How many students were trained."""
        return len(self.accuracies)

    @property
    def labels(self) -> dict[str, Any]:
        """The columns that name it."""
        return {name: getattr(self, name) for name in TREATMENT_COLUMNS}

    @property
    def is_pruning(self) -> bool:
        """Whether it deletes by a criterion."""
        return self.granularity != ""


@dataclass(frozen=True, slots=True, eq=False)
class EvaluationGroup:
    """All treatments of one condition, student (of so many `parameters`) and benchmark (or `ALL_BENCHMARKS`).

    `sum_draws` maps a name to the draws of that sum over problems and seeds, [treatments, draws]. All share the
    problems drawn, so that whatever is computed from two treatments is paired.
    """

    condition: str
    domain: str
    regime: str
    student: str
    benchmark: str
    parameters: float
    problems: int
    treatments: tuple[Treatment, ...]
    sum_draws: Mapping[str, FloatArray]

    @property
    def labels(self) -> dict[str, Any]:
        """The columns that name it."""
        return {name: getattr(self, name) for name in ("condition", "domain", "regime", "student", "benchmark")}

    @property
    def accuracy(self) -> FloatArray:
        """Right / all samples, [treatments, draws]."""
        return quotient(self.sum_draws["right"], self.sum_draws["samples"])

    @property
    def inference_ratio(self) -> FloatArray:
        """Mean reasoning tokens a reply / those of the uncompressed student, [treatments, draws].

        `cotpress evaluate --baseline` has the same of two runs (`evaluation/metrics.py`).
        """
        return self.divide_by_baseline(quotient(self.sum_draws["reasoning"], self.sum_draws["replies"]))

    @property
    def complete_length(self) -> FloatArray:
        """Mean reasoning tokens of the replies that came to an end and state an answer, [treatments, draws]."""
        return quotient(self.sum_draws["complete_reasoning"], self.sum_draws["complete"])

    @property
    def complete_share(self) -> FloatArray:
        """Share of the samples that such replies are, [treatments, draws]."""
        return quotient(self.sum_draws["complete"], self.sum_draws["samples"])

    def select_seeds(self, least: int) -> EvaluationGroup:
        """The same with the treatments alone that have so many seeds or more."""
        chosen = [at for at, treatment in enumerate(self.treatments) if treatment.seeds >= least]
        treatments = tuple(self.treatments[at] for at in chosen)
        return replace(
            self, treatments=treatments, sum_draws={name: drawn[chosen] for name, drawn in self.sum_draws.items()}
        )

    @property
    def baseline_index(self) -> int | None:
        """Which treatment is the uncompressed student, None where there is none."""
        return next((at for at, treatment in enumerate(self.treatments) if treatment.method == "uncompressed"), None)

    def divide_by_baseline(self, figures: FloatArray) -> FloatArray:
        """Figures [treatments, ...] / the uncompressed student's; NaN without one."""
        return (
            np.full_like(figures, np.nan)
            if self.baseline_index is None
            else quotient(figures, figures[self.baseline_index])
        )


def build_evaluation_groups(tables: StudyTables, pool: bool = False) -> Iterator[EvaluationGroup]:
    """A condition, student and benchmark at a time, in the order of their names; with `pool` all benchmarks are one.

    Only cells that were done count.
    """
    done = tables.cells[tables.cells["state"] == "done"]
    cells = done.merge(tables.compressions, on="compression", suffixes=("", "_of_compression"))
    cells["granularity"] = cells["granularity"].fillna("")
    cells["symbols"] = cells["symbols"].fillna(False).astype(bool)
    answers = _select_answers(tables, cells, pool)
    for (condition, student), group in cells.groupby(["condition", "student"], sort=True):
        own = answers[answers["at"].isin(group.index)]
        for benchmark, rows in own.groupby("benchmark", sort=True):
            asked = group[group.index.isin(rows["at"])]
            yield _build_group((str(condition), str(student), str(benchmark)), asked, rows)


def _select_answers(tables: StudyTables, cells: DataFrame, pool: bool) -> DataFrame:
    """The answers of these cells: `at`, the row of the cell, benchmark, problem, and the columns to sum."""
    at = import_optional("pandas", "study").Index(cells["cell"]).get_indexer(tables.answers["cell"])
    answers = tables.answers[at >= 0]
    replied, benchmark = answers["outcome"] != "failed", answers["benchmark"]
    complete = answers["outcome"].isin(COMPLETE_OUTCOMES)
    columns = {
        "at": at[at >= 0],
        "benchmark": ALL_BENCHMARKS if pool else benchmark,
        "problem": benchmark + "\n" + answers["problem"],
        "right": answers["outcome"] == "right",
        "samples": 1,
        "reasoning": answers["reasoning_tokens"].fillna(0) * replied,
        "generated": answers["generated_tokens"].fillna(0) * replied,
        "replies": replied,
        "steps": answers["steps"].fillna(0),
        "reflective": answers["reflective_steps"].fillna(0),
        "truncated": answers["outcome"] == "truncated",
        "complete": complete,
        "complete_reasoning": answers["reasoning_tokens"].fillna(0) * complete,
    }
    return answers[[]].assign(**columns)


def _build_group(names: tuple[str, str, str], cells: DataFrame, answers: DataFrame) -> EvaluationGroup:
    groups = cells.groupby(TREATMENT_COLUMNS, sort=True, dropna=False)
    of_cell, runs = groups.ngroup().to_numpy(), len(cells)
    members = [np.flatnonzero(of_cell == code) for code in range(groups.ngroups)]
    problem, problems = _encode_values(answers["problem"])
    run = import_optional("pandas", "study").Index(cells.index).get_indexer(answers["at"])
    values = answers[list(SUM_COLUMNS)].to_numpy(dtype=float)
    of_runs = _sum_by_place(values, run, (1, runs))[:, 0]
    named = list(
        cells.assign(**{f"sum {name}": of_runs[:, at] for at, name in enumerate(SUM_COLUMNS)}).to_dict("records")
    )
    treatments = tuple(_build_treatment([named[at] for at in own]) for own in members)
    summed = _sum_by_place(values, run * problems + problem, (runs, problems))
    drawn = _draw_sums(summed, members, [f"{names[:2]} {treatment.labels}" for treatment in treatments])
    return EvaluationGroup(
        names[0],
        named[0]["domain"],
        named[0]["regime"],
        *names[1:],
        float(named[0]["parameters"]),
        problems,
        treatments,
        {name: drawn[..., at] for at, name in enumerate(SUM_COLUMNS)},
    )


def _draw_sums(summed: FloatArray, members: Sequence[IntArray], names: Sequence[str]) -> FloatArray:
    """Draws of the sums of each treatment, [treatments, draws, columns], from those of each run [problems, runs, ...].

    `members` are the runs of each treatment; `names` say whose seeds are drawn alike: those of one training, whatever
    the student was then asked.
    """
    problems, columns = draw_weights(len(summed)), summed.shape[-1]
    of_runs = (problems @ summed.reshape(len(summed), -1)).reshape(len(problems), -1, columns)
    drawn = [
        np.einsum("ds,dsc->dc", draw_seed_weights(name, len(own)), of_runs[:, own])
        for own, name in zip(members, names, strict=True)
    ]
    return np.stack(drawn)


def _encode_values(values: Any) -> tuple[IntArray, int]:
    """Numbers of the values in the order of their names, so that panels of the same problems are drawn alike."""
    codes, distinct = values.factorize(sort=True)
    return codes, len(distinct)


def _sum_by_place(values: FloatArray, place: IntArray, shape: tuple[int, int]) -> FloatArray:
    """Sums of the columns of values [answers, columns] by place in a table [rows, things]: [things, rows, columns]."""
    size = shape[0] * shape[1]
    columns = [np.bincount(place, column, size).reshape(shape).T for column in values.T]
    table: FloatArray = np.stack(columns, axis=-1)
    return table


def _build_treatment(runs: list[dict[str, Any]]) -> Treatment:
    """One treatment from its runs, a row a seed."""
    first, compressions = runs[0], {run["compression"]: run for run in runs}.values()
    column = {name: np.array([run[f"sum {name}"] for run in runs]) for name in SUM_COLUMNS}
    original = sum(compression["tokens_original"] for compression in compressions)
    return Treatment(
        first["kind"],
        first["method"],
        first["granularity"],
        first["symbols"],
        float("nan") if first["keep"] is None else float(first["keep"]),
        sum(compression["tokens_kept"] for compression in compressions) / original if original else float("nan"),
        round(_average_column(compressions, "traces")),
        round(_average_column(compressions, "rejected")),
        _average_column(compressions, "restructuring"),
        _average_column(runs, "trained_tokens"),
        quotient(column["right"], column["samples"]),
        quotient(column["reasoning"], column["replies"]),
        sum(compression["tokens_kept"] for compression in compressions)
        / max(1, sum(compression["traces"] for compression in compressions)),
    )


def _average_column(rows: Collection[dict[str, Any]], name: str) -> float:
    values = [float("nan") if row[name] is None else float(row[name]) for row in rows]
    return sum(values) / len(values)
