"""The figures of one run and of two runs compared, as functions of problems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cotpress.evaluation.bootstrap import IntervalEstimate, Statistic, estimate_median, estimate_statistics
from cotpress.evaluation.problem_sums import ProblemSums
from cotpress.evaluation.row import EVALUATION_OUTCOMES
from cotpress.types import FloatArray

RUN_METRICS: Mapping[str, Statistic] = {
    "accuracy": lambda sums: sums["right"] / sums["samples"],
    "generated_tokens": lambda sums: sums["generated"] / sums["answered"],
    "reasoning_tokens": lambda sums: sums["reasoning"] / sums["answered"],
    "tokens_per_correct": lambda sums: sums["generated"] / sums["right"],
    "reflective_steps": lambda sums: sums["reflective"] / sums["steps"],
}
PAIRED_METRICS: Mapping[str, Statistic] = {
    "accuracy_difference": lambda sums: sums["right"] / sums["samples"] - sums["base right"] / sums["base samples"],
    "accuracy_retention": lambda sums: sums["right"] / sums["samples"] / (sums["base right"] / sums["base samples"]),
}
PAIRED_LENGTH_METRICS: Mapping[str, Statistic] = {
    "inference_ratio": lambda sums: _compute_reply_ratio(sums, "reasoning"),
    "total_token_ratio": lambda sums: _compute_reply_ratio(sums, "generated"),
}


def compute_metrics(problems: ProblemSums) -> dict[str, Any]:
    """What one run achieved on these problems, ready for JSON.

    accuracy: right / all samples, truncated and failed ones included. Lengths: means over replies, and the median
    over problems of a problem's mean. tokens_per_correct: all tokens written / right answers. reflective_steps: share
    of all steps. outcomes: shares of the classes, which sum to 1.
    """
    columns = problems.columns
    figures = {name: estimate.to_dict() for name, estimate in estimate_statistics(columns, RUN_METRICS).items()}
    samples = int(columns["samples"].max(initial=0))
    answered = columns["answered"] > 0
    for name in ("generated", "reasoning"):
        means = columns[name][answered] / columns["answered"][answered]
        figures[f"median_{name}_tokens"] = estimate_median(means).to_dict()
    total = columns["samples"].sum()
    return {
        "problems": len(problems),
        "samples": samples,
        **figures,
        "pass_at": {str(k): _estimate_pass_at_k(problems, k).to_dict() for k in _list_powers_of_two(samples)},
        "outcomes": {name: float(columns[name].sum() / total) for name in EVALUATION_OUTCOMES},
        "truncated_with_answer": int(columns["cut_with_answer"].sum()),
    }


def compare_runs(run: ProblemSums, baseline: ProblemSums, same_tokens: bool = True) -> dict[str, Any]:
    """A run against a baseline on the problems that both have, the same question with the same gold answer.

    inference_ratio: mean reasoning tokens of the run / of the baseline; total_token_ratio likewise for all tokens
    written. Both need the same tokens (`same_tokens`), else they are None. The problems not in common are counted.
    A study computes the inference ratio of its cells in `analysis/evaluation_groups.py`.
    """
    golds = dict(zip(baseline.keys, baseline.golds, strict=True))
    shared = [key for key, gold in zip(run.keys, run.golds, strict=True) if golds.get(key) == gold]
    both = set(run.keys) & set(baseline.keys)
    ours, theirs = run.select(shared).columns, baseline.select(shared).columns
    columns = {**ours, **{f"base {name}": column for name, column in theirs.items()}}
    estimates = estimate_statistics(columns, {**PAIRED_METRICS, **PAIRED_LENGTH_METRICS}) if shared else {}
    undefined = IntervalEstimate(np.nan, np.nan, np.nan)
    usable = {name: estimates.get(name, undefined) for name in (*PAIRED_METRICS, *PAIRED_LENGTH_METRICS)}
    if not same_tokens:
        usable |= dict.fromkeys(PAIRED_LENGTH_METRICS, undefined)
    return {
        "problems": len(shared),
        **{name: estimate.to_dict() for name, estimate in usable.items()},
        "only_in_run": len(set(run.keys) - both),
        "only_in_baseline": len(set(baseline.keys) - both),
        "other_gold": len(both) - len(shared),
    }


def pass_at_k(samples: FloatArray, right: FloatArray, k: int) -> FloatArray:
    """The unbiased estimate of the chance that one of k samples is right, 1 - C(n - c, k) / C(n, k), for each problem
    with n samples of which c are right (Chen et al. 2021, arXiv 2107.03374)."""
    misses = samples - right
    steps = np.arange(k, dtype=np.float64)
    factors = np.clip(misses[:, None] - steps, 0, None) / (samples[:, None] - steps)
    chance: FloatArray = 1.0 - factors.prod(axis=1)
    return chance


def _estimate_pass_at_k(problems: ProblemSums, k: int) -> IntervalEstimate:
    passed = pass_at_k(problems.columns["samples"], problems.columns["right"], k)
    columns = {"passed": passed, "one": np.ones(len(passed))}
    return estimate_statistics(columns, {"pass": lambda sums: sums["passed"] / sums["one"]})["pass"]


def _list_powers_of_two(samples: int) -> list[int]:
    """1, 2, 4 and so on, and the number of samples itself."""
    return sorted({1 << at for at in range(samples.bit_length()) if 1 << at <= samples} | ({samples} - {0}))


def _compute_reply_ratio(sums: Mapping[str, FloatArray], name: str) -> FloatArray:
    return sums[name] / sums["answered"] / (sums[f"base {name}"] / sums["base answered"])
