"""Tables of a study whose truth is known, made fast enough to be made a thousand times: for the simulations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from cotpress.tables import StudyTables, build_study_tables
from cotpress.types import FloatArray

EMPTY = build_study_tables({})
SHARED_DIFFICULTY = 0.7  # of the answers of a problem, go by its difficulty, which all students share


@dataclass(frozen=True)
class Way:
    """A way to shorten traces with its true accuracy, and the true length of what its students write (1: as the
    uncompressed ones)."""

    method: str
    accuracy: float
    realized: float
    kind: str = "criterion"
    granularity: str = "step"
    symbols: bool = False
    length: float = 1.0


def whole(accuracy: float) -> Way:
    """The uncompressed students."""
    return Way("uncompressed", accuracy, 1.0, "baseline", "")


def level(name: str, accuracy: float) -> Way:
    """A level of rewriting."""
    return Way(name, accuracy, 0.5, "level", "")


@dataclass(frozen=True)
class Noise:
    """What differs by chance: accuracies (and lengths, as a share of them) of `seeds` students, by a standard deviation
    of `seed_spread`; the truth of each way and comparison, by `comparison_spread`; and the `problems` drawn."""

    seed_spread: float = 0.0
    comparison_spread: float = 0.0
    seeds: int = 3
    problems: int = 100


def simulate_answers(
    conditions: Sequence[tuple[str, str]], students: int, ways: Sequence[Way], noise: Noise, rng: np.random.Generator
) -> StudyTables:
    """Tables of these conditions (domain, regime), with so many students, each way and seed."""
    difficulty, compressions, cells, truths = rng.random(noise.problems), [], [], []
    for domain, regime in conditions:
        for number, way in enumerate(ways):
            name = f"{domain}-{regime}/{number}"
            compressions.append(_describe_compression(name, domain, regime, way))
            for student in range(students):
                truth = way.accuracy + noise.comparison_spread * rng.normal()
                for seed in range(noise.seeds):
                    cells.append(_describe_cell(f"{name}/{student}/{seed}", name, student, seed, way))
                    reached, longer = noise.seed_spread * rng.normal(size=2)
                    truths.append((float(np.clip(truth + reached, 0, 1)), way.length * max(0.05, 1 + longer)))
    tables = build_study_tables({"compressions": compressions, "cells": cells})
    return replace(tables, answers=_answer([cell["cell"] for cell in cells], np.array(truths), difficulty, rng))


def _describe_compression(name: str, domain: str, regime: str, way: Way) -> dict[str, Any]:
    keep = None if way.kind == "baseline" else way.realized
    named = {"kind": way.kind, "method": way.method, "granularity": way.granularity, "symbols": way.symbols}
    counted = {"traces": 100, "rejected": 0, "tokens_original": 10_000, "tokens_kept": round(10_000 * way.realized)}
    condition = {"condition": f"{domain}-{regime}", "domain": domain, "regime": regime}
    return {"compression": name, "keep": keep, "seed": 0, **condition, **named, **counted}


def _describe_cell(cell: str, compression: str, student: int, seed: int, way: Way) -> dict[str, Any]:
    trained = round(30_000 * way.realized) + 10_000
    named = {"cell": cell, "compression": compression, "student": f"s{student}", "seed": seed, "state": "done"}
    return {**named, "parameters": 1000, "trained_tokens": trained}


def _answer(cells: Sequence[str], truths: FloatArray, difficulty: FloatArray, rng: np.random.Generator) -> Any:
    """The answers of cells whose true accuracies and lengths are the two columns of `truths`, to the same problems."""
    shape = len(cells), len(difficulty)
    drawn = np.where(rng.random(shape) < SHARED_DIFFICULTY, difficulty, rng.random(shape))
    tokens = np.rint(200 * truths[:, 1:] * rng.uniform(0.7, 1.3, shape)).astype(np.int64).ravel()
    columns = {
        "cell": np.repeat(np.array(cells, dtype=object), shape[1]),
        "benchmark": "bench",
        "problem": np.tile(np.array([f"p{at:04d}" for at in range(shape[1])], dtype=object), shape[0]),
        "sample": 0,
        "outcome": np.where(drawn < truths[:, :1], "right", "wrong").ravel().astype(object),
        "reasoning_tokens": tokens,
        "generated_tokens": tokens + 5,
        "steps": 5,
        "reflective_steps": 1,
    }
    return pd.DataFrame(columns)


def simulate_rankings(
    conditions: int, traces: int, criteria: Sequence[str], granularity: str, worth: Any, rng: np.random.Generator
) -> StudyTables:
    """Tables of ranked traces: `worth(lengths, symbol, rng)` gives the importance of each item for each criterion.

    Items are steps of 4 to 40 units, or single units of which three in ten are symbols.
    """
    rows: dict[str, list[dict[str, Any]]] = {"traces": [], "rankings": []}
    for condition in range(conditions):
        about = {"condition": f"c{condition}", "domain": "math", "regime": "long"}
        for number in range(traces):
            of_steps = granularity == "step"
            count = int(rng.integers(10, 25) if of_steps else rng.integers(60, 140))
            lengths = rng.integers(4, 41, count) if of_steps else np.ones(count, dtype=int)
            symbol = np.zeros(count, dtype=bool) if of_steps else rng.random(count) < 0.3
            named = {**about, "trace": f"t{number}"}
            rows["traces"].append({**named, **_describe_units(lengths, symbol, of_steps)})
            for criterion, value in zip(criteria, worth(lengths, symbol, rng), strict=True):
                order = np.argsort(-value)
                kept_from = np.empty(count)
                kept_from[order] = np.cumsum(lengths[order]) / lengths.sum()
                ranked = {"criterion": criterion, "granularity": granularity, "symbols": False, "seed": 0}
                rows["rankings"].append({**named, **ranked, "kept_from": np.repeat(kept_from, lengths)})
    return build_study_tables(rows)


def _describe_units(lengths: Any, symbol: Any, of_steps: bool) -> dict[str, Any]:
    units = int(lengths.sum())
    steps = np.repeat(np.arange(len(lengths)), lengths) if of_steps else np.zeros(units, dtype=int)
    ends = np.cumsum(lengths) if of_steps else np.array([units])
    marks = [False] * len(ends)
    return {
        "step_ends": ends,
        "step_reflective": marks,
        "step_duplicate": marks,
        "unit_ends": np.arange(1, units + 1),
        "unit_step": steps,
        "unit_tokens": np.ones(units, dtype=int),
        "unit_class": np.where(np.repeat(symbol, lengths), "symbol", "other"),
        "counted_with": "units",
        "tokens": units,
    }
