"""What each student got right, at what length, and what it cost to train and to serve."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from cotpress.analysis.bootstrap_draws import compute_intervals, quotient
from cotpress.analysis.evaluation_groups import TREATMENT_COLUMNS, EvaluationGroup, build_evaluation_groups
from cotpress.analysis.frames import DataFrame, build_frame
from cotpress.tables import StudyTables
from cotpress.types import FloatArray

COLUMNS = (
    *("condition", "domain", "regime", "student", "benchmark", "kind", "method", "granularity", "symbols", "target"),
    *("realized", "traces", "rejected", "seeds", "problems", "accuracy", "low", "high", "spread"),
    *("retention", "retention_low", "retention_high", "tokens", "inference", "inference_low", "inference_high"),
    *("truncated", "tokens_per_correct", "reflective", "trained_tokens", "train_flops", "serve_flops"),
)
SERVED_ANSWERS = 1000  # answers


def tabulate_accuracy(tables: StudyTables) -> DataFrame:
    """One row for each condition, student, benchmark and way to shorten, seeds pooled; intervals resample problems.

    spread: standard deviation of accuracy over seeds. retention: accuracy / the uncompressed student's. tokens: mean
    reasoning tokens a reply; inference: the inference ratio, the same / the uncompressed student's. train_flops: 6 x
    parameters x tokens seen; serve_flops: 2 x parameters x tokens written in 1000 answers (Kaplan et al. 2020, arXiv
    2001.08361). Fields that need an uncompressed student are NaN without one.

    >>> from cotpress.tables import build_study_tables
    >>> list(tabulate_accuracy(build_study_tables({})).columns)[-4:]
    ['reflective', 'trained_tokens', 'train_flops', 'serve_flops']
    """
    return build_frame((row for panel in build_evaluation_groups(tables) for row in _build_rows(panel)), COLUMNS)


def compute_seed_deviation(values: FloatArray) -> float:
    """Standard deviation over seeds (of a sample); NaN for one seed."""
    return float(values.std(ddof=1)) if len(values) > 1 else float("nan")


def _build_rows(panel: EvaluationGroup) -> Iterator[dict[str, Any]]:
    names = ("accuracy", "low", "high")
    columns = _compute_interval_columns(panel.accuracy, *names)
    columns |= _compute_interval_columns(
        panel.divide_by_baseline(panel.accuracy), "retention", "retention_low", "retention_high"
    )
    columns |= _compute_interval_columns(panel.inference_ratio, "inference", "inference_low", "inference_high")
    columns |= _compute_mean_columns(panel)
    columns["serve_flops"] = 2.0 * panel.parameters * SERVED_ANSWERS * columns.pop("written")
    for at, treatment in enumerate(panel.treatments):
        labels = {name: value for name, value in treatment.labels.items() if name in TREATMENT_COLUMNS[:4]}
        yield {
            **panel.labels,
            **labels,
            "target": treatment.keep,
            "realized": treatment.realized,
            "problems": panel.problems,
            "traces": treatment.traces,
            "rejected": treatment.rejected,
            "seeds": len(treatment.accuracies),
            **{name: float(values[at]) for name, values in columns.items()},
            "spread": compute_seed_deviation(treatment.accuracies),
            "trained_tokens": treatment.trained_tokens,
            "train_flops": 6.0 * panel.parameters * treatment.trained_tokens,
        }


def _compute_interval_columns(drawn: FloatArray, *names: str) -> dict[str, FloatArray]:
    return dict(zip(names, compute_intervals(drawn), strict=True))


def _compute_mean_columns(panel: EvaluationGroup) -> dict[str, FloatArray]:
    """Figures without an interval, [treatments]."""
    whole = {name: drawn[:, 0] for name, drawn in panel.sum_draws.items()}
    return {
        "tokens": quotient(whole["reasoning"], whole["replies"]),
        "written": quotient(whole["generated"], whole["replies"]),
        "truncated": quotient(whole["truncated"], whole["samples"]),
        "tokens_per_correct": np.where(whole["right"] > 0, quotient(whole["generated"], whole["right"]), np.inf),
        "reflective": quotient(whole["reflective"], whole["steps"]),
    }
