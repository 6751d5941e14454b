"""The figures of one run and of two runs compared, as functions of problems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cotpress.evaluate.bootstrap import Estimate, Statistic, of_median, of_sums
from cotpress.evaluate.problems import Problems
from cotpress.evaluate.row import OUTCOMES
from cotpress.types import FloatArray

SINGLE: Mapping[str, Statistic] = {
    "accuracy": lambda sums: sums["right"] / sums["samples"],
    "generated_tokens": lambda sums: sums["generated"] / sums["answered"],
    "reasoning_tokens": lambda sums: sums["reasoning"] / sums["answered"],
    "tokens_per_correct": lambda sums: sums["generated"] / sums["right"],
    "reflective_steps": lambda sums: sums["reflective"] / sums["steps"],
}
PAIRED: Mapping[str, Statistic] = {
    "accuracy_difference": lambda sums: sums["right"] / sums["samples"] - sums["base right"] / sums["base samples"],
    "accuracy_retention": lambda sums: sums["right"] / sums["samples"] / (sums["base right"] / sums["base samples"]),
}
PAIRED_LENGTHS: Mapping[str, Statistic] = {
    "inference_ratio": lambda sums: _per_reply(sums, "reasoning"),
    "total_token_ratio": lambda sums: _per_reply(sums, "generated"),
}


def figures(problems: Problems) -> dict[str, Any]:
    """What one run achieved on these problems, ready for JSON.

    accuracy: right / all samples, truncated and failed ones included. Lengths: means over replies, and the median
    over problems of a problem's mean. tokens_per_correct: all tokens written / right answers. reflective_steps: share
    of all steps. outcomes: shares of the classes, which sum to 1.
    """
    columns = problems.columns
    found = {name: one.as_dict() for name, one in of_sums(columns, SINGLE).items()}
    samples = int(columns["samples"].max(initial=0))
    answered = columns["answered"] > 0
    for name in ("generated", "reasoning"):
        means = columns[name][answered] / columns["answered"][answered]
        found[f"median_{name}_tokens"] = of_median(means).as_dict()
    total = columns["samples"].sum()
    return {
        "problems": len(problems),
        "samples": samples,
        **found,
        "pass_at": {str(k): _pass_at(problems, k).as_dict() for k in _powers(samples)},
        "outcomes": {name: float(columns[name].sum() / total) for name in OUTCOMES},
        "truncated_with_answer": int(columns["cut_with_answer"].sum()),
    }


def compare(run: Problems, baseline: Problems, same_tokens: bool = True) -> dict[str, Any]:
    """A run against a baseline on the problems that both have, the same question with the same gold answer.

    inference_ratio: mean reasoning tokens of the run / of the baseline; total_token_ratio likewise for all tokens
    written. Both need the same tokens (`same_tokens`), else they are None. The problems not in common are counted.
    """
    golds = dict(zip(baseline.keys, baseline.golds, strict=True))
    shared = [key for key, gold in zip(run.keys, run.golds, strict=True) if golds.get(key) == gold]
    both = set(run.keys) & set(baseline.keys)
    ours, theirs = run.only(shared).columns, baseline.only(shared).columns
    columns = {**ours, **{f"base {name}": column for name, column in theirs.items()}}
    found = of_sums(columns, {**PAIRED, **PAIRED_LENGTHS}) if shared else {}
    undefined = Estimate(np.nan, np.nan, np.nan)
    usable = {name: found.get(name, undefined) for name in (*PAIRED, *PAIRED_LENGTHS)}
    if not same_tokens:
        usable |= dict.fromkeys(PAIRED_LENGTHS, undefined)
    return {
        "problems": len(shared),
        **{name: one.as_dict() for name, one in usable.items()},
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


def _pass_at(problems: Problems, k: int) -> Estimate:
    passed = pass_at_k(problems.columns["samples"], problems.columns["right"], k)
    columns = {"passed": passed, "one": np.ones(len(passed))}
    return of_sums(columns, {"pass": lambda sums: sums["passed"] / sums["one"]})["pass"]


def _powers(samples: int) -> list[int]:
    """1, 2, 4 and so on, and the number of samples itself."""
    return sorted({1 << at for at in range(samples.bit_length()) if 1 << at <= samples} | ({samples} - {0}))


def _per_reply(sums: Mapping[str, FloatArray], name: str) -> FloatArray:
    return sums[name] / sums["answered"] / (sums[f"base {name}"] / sums["base answered"])
