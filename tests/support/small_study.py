"""Tables made by hand: a few runs with given answers, a few traces with given rankings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cotpress.tables import StudyTables, build_study_tables

Row = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """A trained student: how its traces were shortened and what it answered, problem by problem."""

    method: str
    realized: float
    right: Sequence[bool]
    tokens: Sequence[int] | int = 100
    kind: str = "criterion"
    granularity: str = "step"
    keep: float | None = None
    seed: int = 0
    outcomes: Mapping[int, str] | None = None  # of single problems, instead of right and wrong
    condition: str = "math-long"
    restructuring: float | None = None


def whole(right: Sequence[bool], tokens: Sequence[int] | int = 100, seed: int = 0, condition: str = "math-long") -> Run:
    """The uncompressed student."""
    return Run("uncompressed", 1.0, right, tokens, "baseline", "", seed=seed, condition=condition)


def first_right(count: int, problems: int = 100) -> list[bool]:
    """That many right answers, the others wrong."""
    return [at < count for at in range(problems)]


def small_study(runs: Iterable[Run]) -> StudyTables:
    """Tables with these runs of the student "tiny" on the benchmark "bench"."""
    rows: dict[str, list[Row]] = {"compressions": [], "cells": [], "answers": []}
    for number, run in enumerate(runs):
        domain, _, regime = run.condition.partition("-")
        rows["compressions"].append(
            {
                **{name: getattr(run, name) for name in ("condition", "kind", "method", "granularity", "keep", "seed")},
                "compression": f"c{number}",
                "domain": domain,
                "regime": regime,
                "symbols": False,
                "traces": 10,
                "rejected": 1,
                "restructuring": run.restructuring,
                "tokens_original": 10_000,
                "tokens_kept": round(10_000 * run.realized),
            }
        )
        rows["cells"].append(
            {
                "cell": f"r{number}",
                "compression": f"c{number}",
                "student": "tiny",
                "seed": run.seed,
                "state": "done",
                "parameters": 1000,
                "trained_tokens": round(20_000 * run.realized),
            }
        )
        rows["answers"] += _answers(f"r{number}", run)
    return build_study_tables(rows)


def _answers(cell: str, run: Run) -> list[Row]:
    tokens = [run.tokens] * len(run.right) if isinstance(run.tokens, int) else run.tokens
    named = run.outcomes or {}
    return [
        {
            "cell": cell,
            "benchmark": "bench",
            "problem": f"p{at:03d}",
            "sample": 0,
            "outcome": named.get(at, "right" if right else "wrong"),
            "steps": 10,
            "reflective_steps": 2,
            "reasoning_tokens": length,
            "generated_tokens": length + 10,
        }
        for at, (right, length) in enumerate(zip(run.right, tokens, strict=True))
    ]


def ranked_traces(
    worths: Mapping[str, Sequence[Sequence[float]]],
    steps: Sequence[Sequence[int]],
    granularity: str = "token",
    **columns: Sequence[Sequence[Any]],
) -> StudyTables:
    """Traces of one-token units, and rankings by each criterion.

    `steps[trace]` is the step of each unit; `worths[criterion][trace]` the importance of each unit, or step;
    `columns` are columns of the table of traces, such as `unit_class`. An importance of inf protects.
    """
    traces = [_trace(number, unit_step, columns) for number, unit_step in enumerate(steps)]
    rankings = [
        {
            "condition": "math-long",
            "trace": f"t{number}",
            "criterion": criterion,
            "granularity": granularity,
            "symbols": False,
            "seed": 0,
            "kept_from": _kept_from(worth, unit_step, granularity),
            "importance": [0.0] * len(unit_step),
        }
        for criterion, of_traces in worths.items()
        for number, (worth, unit_step) in enumerate(zip(of_traces, steps, strict=True))
    ]
    return build_study_tables({"traces": traces, "rankings": rankings})


def _trace(number: int, unit_step: Sequence[int], columns: Mapping[str, Sequence[Sequence[Any]]]) -> Row:
    units, count = len(unit_step), max(unit_step) + 1
    defaults = {
        "step_reflective": [False] * count,
        "step_duplicate": [False] * count,
        "unit_class": ["other"] * units,
        "unit_essential": None,
        "unit_telling": None,
        "telling_fact": None,
    }
    return {
        "condition": "math-long",
        "domain": "math",
        "regime": "long",
        "trace": f"t{number}",
        "tokens": units,
        "question": "?",
        "reasoning": "a" * units,
        "answer": "",
        "counted_with": "units",
        "unit_ends": list(range(1, units + 1)),
        "unit_step": list(unit_step),
        "unit_tokens": [1] * units,
        "step_ends": [at + 1 for at in range(units) if at + 1 == units or unit_step[at + 1] != unit_step[at]],
        **defaults,
        **{name: values[number] for name, values in columns.items()},
    }


def _kept_from(worth: Sequence[float], unit_step: Sequence[int], granularity: str) -> Any:
    places = np.array(unit_step) if granularity == "step" else np.arange(len(unit_step))
    costs, values = np.bincount(places), np.array(worth, dtype=float)
    order = np.argsort(-values, kind="stable")
    kept_from = np.empty(len(values))
    kept_from[order] = np.cumsum(costs[order]) / costs.sum()
    kept_from[np.isinf(values)] = 0.0
    return kept_from[places].astype(np.float32)
