"""A study that nobody ran: tables as a sweep would leave them, with every effect set by a knob.

`synthetic_study()` shows the published findings; `synthetic_study(verbosity={"short": 0.0, "long": 0.0})` and the like
turn one of them round. `large_study()` has 1,000 cells. The same knobs give the same tables.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cotpress.tables import StudyTables, build_study_tables

Row = dict[str, Any]
Condition = tuple[str, str, str]  # its name, domain and regime

CONDITIONS: tuple[Condition, ...] = tuple(
    (f"{domain}-{regime}", domain, regime) for domain in ("math", "general") for regime in ("short", "long")
)
LEVELS = ("preserve", "edit", "fuse", "replace")
LEVEL_RATIOS = {"preserve": 0.75, "edit": 0.6, "fuse": 0.5, "replace": 0.4}
RESTRUCTURING = {"preserve": 0.05, "edit": 0.3, "fuse": 0.6, "replace": 0.9}
WORDS = {
    "symbol": ("3", "+", "=", "12", "x", "48", "7", "-"),
    "stopword": ("the", "of", "is", "so", "to", "and", "that"),
    "other": ("apples", "total", "speed", "number", "train", "sum", "gives", "answer"),
}
CLASSES = tuple(WORDS)


@dataclass(frozen=True)
class Knobs:
    """What the study is to show. Effects on accuracy are added to it (0..1)."""

    conditions: Sequence[Condition] = CONDITIONS
    students: Sequence[str] = ("tiny-a",)
    seeds: Sequence[int] = (0, 1)
    traces: int = 16
    problems: int = 60
    benchmarks: Sequence[str] = ("bench",)
    keeps: Sequence[float] = (0.1, 0.3, 0.5, 0.7, 0.9)
    criteria: Sequence[str] = ("nll", "entropy", "saliency", "random", "head", "reflection")
    levels: Sequence[str] = LEVELS
    truth: bool = True  # whether units know if they are essential
    # How much of a criterion's importance is shared, 0 (as random) .. 1 (the same ranking): entropy with NLL, and
    # saliency with both.
    agreement: float = 0.9
    saliency_agreement: float = 0.5
    # Standard deviations added to the importance of symbols, for tokens only.
    symbol_bias: Mapping[str, float] = field(default_factory=lambda: {"nll": -0.3, "entropy": -0.3, "saliency": 0.3})
    stopword_bias: Mapping[str, float] = field(default_factory=lambda: {"saliency": -0.5})
    base: float = 0.8  # the uncompressed student's accuracy
    knee: float = 0.4  # the realized ratio below which accuracy falls,
    floor: float = 0.2  # to this share of the base at 0
    criterion_effects: Mapping[str, float] = field(
        default_factory=lambda: {"random": -0.2, "head": -0.1, "reflection": -0.1}
    )
    symbol_gap: float = -0.12  # of probability criteria on tokens, without protection
    protected_gap: float = -0.02  # the same, with protection
    level_effects: Mapping[str, Sequence[float]] = field(
        default_factory=lambda: {"math": (0.0, -0.08, -0.16, -0.24), "general": (-0.1, -0.05, 0.0, 0.0)}
    )
    level_spreads: Sequence[float] = (0.01, 0.01, 0.01, 0.1)  # over seeds
    # A student writes ratio + verbosity * (1 - ratio) of what the uncompressed one writes.
    verbosity: Mapping[str, float] = field(default_factory=lambda: {"short": 0.02, "long": 0.6})
    noise: float = 0.1  # share of the answers that are drawn afresh, not by the problem's difficulty
    failed: int = 0  # cells that failed


@dataclass(frozen=True)
class Method:
    """One way to prune, for all keep ratios."""

    criterion: str
    granularity: str
    symbols: bool
    seed: int


def synthetic_study(**knobs: Any) -> StudyTables:
    """Tables as `cotpress.tables` describes them; `knobs` are fields of `Knobs`."""
    return build_study_tables(synthetic_rows(Knobs(**knobs)))


def large_study(cells: int = 1000, **knobs: Any) -> StudyTables:
    """A study with that many cells and 100 problems each."""
    seeds = range(-(-cells // 500))
    rows = synthetic_rows(Knobs(**{"students": ("tiny-a", "tiny-b"), "seeds": seeds, "problems": 100, **knobs}))
    rows["cells"] = rows["cells"][:cells]
    kept = {cell["cell"] for cell in rows["cells"]}
    rows["answers"] = [answer for answer in rows["answers"] if answer["cell"] in kept]
    return build_study_tables(rows)


def synthetic_rows(knobs: Knobs) -> dict[str, list[Row]]:
    """The rows of the tables, for tests that change single ones."""
    traces = [_trace(knobs, condition, number) for condition in knobs.conditions for number in range(knobs.traces)]
    rankings = [_ranking(knobs, trace, method) for trace in traces for method in _methods(knobs)]
    rewrites = [_rewrite(trace, level) for trace in traces for level in knobs.levels]
    compressions = [
        row for condition in knobs.conditions for row in _compressions(knobs, condition, traces, rankings, rewrites)
    ]
    cells = [_cell(student, seed, row) for row, student, seed in _grid(knobs, compressions)]
    for cell in cells[len(cells) - knobs.failed :]:
        cell.update(state="failed", error="the loss is not a number", loss=None)
    by_name = {row["compression"]: row for row in compressions}
    answers = [row for cell in cells for row in _answers(knobs, by_name[cell["compression"]], cell)]
    named = {"traces": traces, "rankings": rankings, "rewrites": rewrites}
    return {**named, "compressions": compressions, "cells": cells, "answers": answers}


def _rng(*parts: object) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32("|".join(map(str, parts)).encode()))


def _trace(knobs: Knobs, condition: Condition, number: int) -> Row:
    name, domain, regime = condition
    rng = _rng("trace", name, number)
    steps: list[list[tuple[str, str]]] = []
    duplicate, reflective = [], []
    for at in range(12 if regime == "short" else 24):
        again = at > 2 and rng.random() < 0.15
        turned = not again and rng.random() < (0.02 if regime == "short" else 0.3)
        drawn = [str(cls) for cls in rng.choice(CLASSES, rng.integers(6, 11), p=(0.3, 0.35, 0.35))]
        fresh = [(f" {rng.choice(WORDS[cls])}", cls) for cls in drawn]
        opening = [("\nWait,", "other")] if turned else [("\nNow", "stopword")]  # white space is of what follows
        steps.append(list(steps[-1]) if again else [*opening, *fresh[:-1], (f"{fresh[-1][0]}.", fresh[-1][1])])
        duplicate.append(again)
        reflective.append(reflective[-1] if again else turned)
    units = [unit for step in steps for unit in step]
    units[0] = (units[0][0].lstrip(), units[0][1])
    ends = np.cumsum([len(text) for text, _ in units])
    tokens = [1 + int(len(text) > 6) for text, _ in units]
    last = np.cumsum([len(step) for step in steps]) - 1
    return {
        "condition": name,
        "domain": domain,
        "regime": regime,
        "trace": f"{name}-{number:04d}",
        "question": f"How many apples are there in problem {number}?",
        "reasoning": "".join(text for text, _ in units),
        "answer": f"The answer is {number}.",
        "counted_with": "units",
        "tokens": sum(tokens),
        "step_ends": ends[last].tolist(),
        "step_reflective": reflective,
        "step_duplicate": duplicate,
        "unit_ends": ends.tolist(),
        "unit_step": np.repeat(np.arange(len(steps)), [len(step) for step in steps]).tolist(),
        "unit_tokens": tokens,
        "unit_class": [cls for _, cls in units],
        "unit_essential": (_latent(name, number, len(units)) > 0.5).tolist() if knobs.truth else None,
        "unit_telling": None,
        "telling_fact": None,
    }


def _latent(condition: str, number: int, size: int) -> Any:
    """What good criteria agree on."""
    return _rng("latent", condition, number).normal(size=size)


def _methods(knobs: Knobs) -> Iterator[Method]:
    for criterion in knobs.criteria:
        for seed in knobs.seeds if criterion == "random" else (0,):
            yield Method(criterion, "step", False, seed)
            if criterion != "reflection":
                yield Method(criterion, "token", False, seed)
            if criterion in ("nll", "entropy", "saliency"):
                yield Method(criterion, "token", True, seed)


def _importance(knobs: Knobs, trace: Row, method: Method) -> Any:
    """Of each unit, or each step."""
    name, number = trace["condition"], int(trace["trace"][-4:])
    by_step = method.granularity == "step"
    size = len(trace["step_ends"] if by_step else trace["unit_ends"])
    noise = _rng("noise", trace["trace"], method.criterion, method.granularity, method.seed).normal(size=size)
    if method.criterion == "head":
        return -np.arange(size, dtype=float)
    if method.criterion == "reflection":
        return noise - 10.0 * np.array(trace["step_reflective"])
    if method.criterion == "random":
        return noise
    shared = knobs.saliency_agreement if method.criterion == "saliency" else knobs.agreement
    worth = np.sqrt(shared) * _latent(name, number, size) + np.sqrt(1 - shared) * noise
    if not by_step:
        for cls, biases in (("symbol", knobs.symbol_bias), ("stopword", knobs.stopword_bias)):
            worth += biases.get(method.criterion, 0.0) * (np.array(trace["unit_class"]) == cls)
    return worth


def _ranking(knobs: Knobs, trace: Row, method: Method) -> Row:
    worth, costs = _importance(knobs, trace, method), np.array(trace["unit_tokens"])
    unit_step = np.array(trace["unit_step"])
    held = (np.array(trace["unit_class"]) == "symbol") & method.symbols
    if method.granularity == "step":
        costs, held = np.bincount(unit_step, costs), np.zeros(len(worth), dtype=bool)
    order = np.argsort(-np.where(held, np.inf, worth), kind="stable")
    kept_from = np.empty(len(worth))
    kept_from[order] = np.cumsum(costs[order]) / costs.sum()
    kept_from[held] = 0.0
    if method.granularity == "step":
        worth, kept_from = worth[unit_step], kept_from[unit_step]
    return {
        "condition": trace["condition"],
        "trace": trace["trace"],
        "criterion": method.criterion,
        "granularity": method.granularity,
        "symbols": method.symbols,
        "seed": method.seed,
        "importance": worth.astype(np.float32),
        "kept_from": kept_from.astype(np.float32),
    }


def _rewrite(trace: Row, level: str) -> Row:
    rng = _rng("rewrite", trace["trace"], level)
    rejected = rng.random() < 0.05
    return {
        "compression": f"{trace['condition']}/{level}",
        "condition": trace["condition"],
        "trace": trace["trace"],
        "level": level,
        "text": None if rejected else f"[{level}] {trace['reasoning'][: int(len(trace['reasoning']) * 0.5)]}",
        "reason": "answer-changed" if rejected else None,
        "tokens_original": trace["tokens"],
        "tokens_kept": round(trace["tokens"] * LEVEL_RATIOS[level] * rng.uniform(0.95, 1.05)),
        "restructuring": float(np.clip(RESTRUCTURING[level] + rng.normal(0, 0.03), 0, 1)),
    }


def _compressions(
    knobs: Knobs, condition: Condition, traces: list[Row], rankings: list[Row], rewrites: list[Row]
) -> Iterator[Row]:
    name, domain, regime = condition
    own = [trace for trace in traces if trace["condition"] == name]
    shared = {
        "condition": name,
        "domain": domain,
        "regime": regime,
        "traces": len(own),
        "rejected": 0,
        "symbols": False,
    }
    shared |= {"granularity": "", "keep": None, "seed": 0, "tokens_original": sum(trace["tokens"] for trace in own)}
    shared |= {"reflective": 0.3 if regime == "long" else 0.02, "duplicate": 0.1, "restructuring": None, "cost": None}
    for method, ratio in (("uncompressed", 1.0), ("no-reasoning", 0.0), ("native-short", 0.35)):
        kept = round(ratio * shared["tokens_original"])
        named = {"compression": f"{name}/{method}", "kind": "baseline", "method": method}
        yield {**shared, **named, "tokens_kept": kept}
    costs = np.concatenate([trace["unit_tokens"] for trace in own]) if own else np.zeros(0)
    for method in _methods(knobs):
        rows = [row for row in rankings if row["condition"] == name and _is(row, method)]
        kept_from = np.concatenate([row["kept_from"] for row in rows])
        for keep in knobs.keeps:
            label = f"{method.criterion}-{method.granularity}{'-symbols' * method.symbols}-{keep}-{method.seed}"
            yield {
                **shared,
                **vars(method),
                "compression": f"{name}/{label}",
                "kind": "criterion",
                "method": method.criterion,
                "keep": keep,
                "tokens_kept": int(costs[kept_from <= np.float32(keep)].sum()),
            }
    for level in knobs.levels:
        rows = [row for row in rewrites if row["condition"] == name and row["level"] == level and row["text"]]
        yield {
            **shared,
            "compression": f"{name}/{level}",
            "kind": "level",
            "method": level,
            "keep": 0.5,
            "traces": len(rows),
            "rejected": len(own) - len(rows),
            "tokens_original": sum(row["tokens_original"] for row in rows),
            "tokens_kept": sum(row["tokens_kept"] for row in rows),
            "restructuring": float(np.mean([row["restructuring"] for row in rows])) if rows else None,
            "cost": 0.01 * len(rows),
        }


def _is(row: Row, method: Method) -> bool:
    return all(row[name] == value for name, value in vars(method).items())


def _grid(knobs: Knobs, compressions: list[Row]) -> Iterator[tuple[Row, str, int]]:
    """Cells: random pruning is drawn anew for each seed, everything else is shared by the seeds."""
    for student in knobs.students:
        for seed in knobs.seeds:
            for row in compressions:
                if row["method"] != "random" or row["seed"] == seed:
                    yield row, student, seed


def _cell(student: str, seed: int, row: Row) -> Row:
    return {
        "cell": f"{row['compression']}/{student}/{seed}",
        "compression": row["compression"],
        "student": student,
        "seed": seed,
        "state": "done",
        "error": None,
        "parameters": 1_000_000,
        "trained_tokens": 3 * (row["tokens_kept"] + 50 * row["traces"]),
        "train_seconds": 10.0,
        "evaluate_seconds": 5.0,
        "loss": 0.5,
    }


def _accuracy(knobs: Knobs, row: Row, ratio: float, rng: np.random.Generator) -> float:
    """What a student of this compression gets right; levels are spread over the seeds."""
    if row["kind"] == "baseline":
        return {"uncompressed": knobs.base, "no-reasoning": 0.2, "native-short": knobs.base - 0.1}[row["method"]]
    if row["kind"] == "level":
        at = LEVELS.index(row["method"])
        return float(knobs.base + knobs.level_effects[row["domain"]][at] + knobs.level_spreads[at] * rng.normal())
    shape = 1.0 if ratio >= knobs.knee else knobs.floor + (1 - knobs.floor) * ratio / knobs.knee
    effect = knobs.criterion_effects.get(row["method"], 0.0)
    if row["granularity"] == "token" and row["method"] in ("nll", "entropy"):
        effect += knobs.protected_gap if row["symbols"] else knobs.symbol_gap
    return knobs.base * shape + effect * min(1.0, 2 * (1 - ratio))


def _answers(knobs: Knobs, row: Row, cell: Row) -> Iterator[Row]:
    if cell["state"] == "failed":
        return
    ratio = row["tokens_kept"] / max(1, row["tokens_original"])
    rng = _rng("cell", cell["cell"])
    accuracy = _accuracy(knobs, row, ratio, rng)
    written = 100.0 if row["regime"] == "short" else 400.0
    share = ratio if row["kind"] == "baseline" else ratio + knobs.verbosity[row["regime"]] * (1 - ratio)
    steps = 12 if row["regime"] == "short" else 24
    for benchmark in knobs.benchmarks:
        # A problem's difficulty and length are the same for every student, so that comparisons are paired.
        fixed = _rng("problems", benchmark)
        difficulty, length = fixed.permutation(knobs.problems), fixed.uniform(0.7, 1.3, knobs.problems)
        level = (difficulty + 0.5) / max(1, knobs.problems)
        drawn = np.where(rng.random(knobs.problems) < knobs.noise, rng.random(knobs.problems), level)
        lengths = np.rint(written * share * length * rng.uniform(0.95, 1.05, knobs.problems)).astype(int)
        for at in range(knobs.problems):
            right = bool(drawn[at] < accuracy)
            yield {
                "cell": cell["cell"],
                "benchmark": benchmark,
                "problem": f"{benchmark}-{at:04d}",
                "sample": 0,
                "outcome": "right" if right else ("truncated" if drawn[at] > 0.98 else "wrong"),
                "reasoning_tokens": int(lengths[at]),
                "generated_tokens": int(lengths[at]) + 8,
                "steps": max(1, round(steps * share)),
                "reflective_steps": round(steps * share * row["reflective"]),
            }
