"""What each student got right, at what length, and what it cost to train and to serve."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from cotpress.analyze.bootstrap import interval, quotient
from cotpress.analyze.frames import Frame, frame
from cotpress.analyze.panel import METHOD, Panel, panels
from cotpress.tables import Tables
from cotpress.types import FloatArray

COLUMNS = (
    *("condition", "domain", "regime", "student", "benchmark", "kind", "method", "granularity", "symbols", "target"),
    *("realized", "traces", "rejected", "seeds", "problems", "accuracy", "low", "high", "spread"),
    *("retention", "retention_low", "retention_high", "tokens", "inference", "inference_low", "inference_high"),
    *("truncated", "tokens_per_correct", "reflective", "trained_tokens", "train_flops", "serve_flops"),
)
SERVED = 1000  # answers


def accuracy(tables: Tables) -> Frame:
    """One row for each condition, student, benchmark and way to shorten, seeds pooled; intervals resample problems.

    spread: standard deviation of accuracy over seeds. retention: accuracy / the uncompressed student's. tokens: mean
    reasoning tokens a reply; inference: the same / the uncompressed student's. train_flops: 6 x parameters x tokens
    seen; serve_flops: 2 x parameters x tokens written in 1000 answers (Kaplan et al. 2020, arXiv 2001.08361). Fields
    that need an uncompressed student are NaN without one.
    """
    return frame((row for panel in panels(tables) for row in _rows(panel)), COLUMNS)


def spread(values: FloatArray) -> float:
    """Standard deviation over seeds (of a sample); NaN for one seed."""
    return float(values.std(ddof=1)) if len(values) > 1 else float("nan")


def _rows(panel: Panel) -> Iterator[dict[str, Any]]:
    names = ("accuracy", "low", "high")
    columns = _intervals(panel.accuracy, *names)
    columns |= _intervals(panel.against_baseline(panel.accuracy), "retention", "retention_low", "retention_high")
    columns |= _intervals(panel.inference, "inference", "inference_low", "inference_high")
    columns |= _means(panel)
    columns["serve_flops"] = 2.0 * panel.parameters * SERVED * columns.pop("written")
    for at, one in enumerate(panel.treatments):
        labels = {name: value for name, value in one.labels.items() if name in METHOD[:4]}
        yield {
            **panel.labels,
            **labels,
            "target": one.keep,
            "realized": one.realized,
            "problems": panel.problems,
            "traces": one.traces,
            "rejected": one.rejected,
            "seeds": len(one.accuracies),
            **{name: float(values[at]) for name, values in columns.items()},
            "spread": spread(one.accuracies),
            "trained_tokens": one.trained_tokens,
            "train_flops": 6.0 * panel.parameters * one.trained_tokens,
        }


def _intervals(drawn: FloatArray, *names: str) -> dict[str, FloatArray]:
    return dict(zip(names, interval(drawn), strict=True))


def _means(panel: Panel) -> dict[str, FloatArray]:
    """Figures without an interval, [treatments]."""
    whole = {name: drawn[:, 0] for name, drawn in panel.sums.items()}
    return {
        "tokens": quotient(whole["reasoning"], whole["replies"]),
        "written": quotient(whole["generated"], whole["replies"]),
        "truncated": quotient(whole["truncated"], whole["samples"]),
        "tokens_per_correct": np.where(whole["right"] > 0, quotient(whole["generated"], whole["right"]), np.inf),
        "reflective": quotient(whole["reflective"], whole["steps"]),
    }
