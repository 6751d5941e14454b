"""A finished evaluation: its settings, its rows, and what they come to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from cotpress._version import __version__
from cotpress.errors import InputError, OptionError
from cotpress.evaluation.bootstrap import CONFIDENCE_LEVEL, RESAMPLES, SEED
from cotpress.evaluation.log import ROWS_FILE, SUMMARY_FILE
from cotpress.evaluation.metrics import compare_runs, compute_metrics
from cotpress.evaluation.problem_sums import ProblemSums, sum_by_problem
from cotpress.evaluation.row import EvaluationRow, read_rows
from cotpress.notebook_view import NotebookView
from cotpress.storage import compute_content_key

VERSIONED_LIBRARIES = ("torch", "transformers", "peft", "vllm", "openai", "math-verify")
MAX_NAMED_PROBLEMS = 20  # problems without a counterpart that are named


@dataclass(frozen=True, slots=True)
class EvaluationResult(NotebookView):
    """`settings` are all that the rows depend on; `seconds` is how long the run took that finished it."""

    settings: Mapping[str, Any]
    rows: tuple[EvaluationRow, ...]
    seconds: float = 0.0

    def __repr__(self) -> str:
        benchmarks = ", ".join(sorted({row.benchmark for row in self.rows}))
        return f"EvaluationResult({len(self.rows):,} replies to {benchmarks or 'nothing'}, {self.seconds:.1f} s)"

    @property
    def key(self) -> str:
        """The content key of settings and version: what a resumed run must have in common."""
        return compute_content_key("evaluate", __version__, dict(self.settings))

    def summarize(self, baseline: EvaluationResult | None = None) -> dict[str, Any]:
        """Every figure, for each benchmark and over all problems together, ready for JSON."""
        problems = sum_by_problem(self.rows)
        summary: dict[str, Any] = {
            "key": self.key,
            "settings": dict(self.settings),
            "versions": collect_evaluation_versions(),
            "seconds": round(self.seconds, 3),
            "bootstrap": {"resamples": RESAMPLES, "level": CONFIDENCE_LEVEL, "seed": SEED},
            "overall": compute_metrics(problems),
            "benchmarks": {name: compute_metrics(part) for name, part in _split_by_benchmark(problems).items()},
        }
        if baseline is not None:
            summary["comparison"] = self._compare_with(problems, baseline)
        return summary

    def _compare_with(self, problems: ProblemSums, baseline: EvaluationResult) -> dict[str, Any]:
        theirs = sum_by_problem(baseline.rows)
        same = self.settings["counted_with"] == baseline.settings["counted_with"]
        comparison: dict[str, Any] = {
            "baseline": baseline.settings["student"],
            "baseline_max_new_tokens": baseline.settings["max_new_tokens"],
            "overall": compare_runs(problems, theirs, same),
            "benchmarks": {
                name: compare_runs(part, _split_by_benchmark(theirs).get(name, theirs.select(())), same)
                for name, part in _split_by_benchmark(problems).items()
            },
            "not_in_baseline": _list_missing(problems, theirs),
            "only_in_baseline": _list_missing(theirs, problems),
        }
        if not same:
            tokens = f"{self.settings['counted_with']} here, {baseline.settings['counted_with']} there"
            comparison["not_comparable"] = f"Lengths are counted differently: {tokens}."
        return comparison


def check_same_token_limit(settings: Mapping[str, Any], baseline: EvaluationResult) -> None:
    """Two students are compared under one generation budget, or truncation passes for compression.

    Raises:
        OptionError: the budgets differ.
    """
    here, there = settings["max_new_tokens"], baseline.settings["max_new_tokens"]
    if here != there:
        raise OptionError(
            f"The baseline had a generation budget of {there} tokens, this run has {here}.",
            f"Give --max-new-tokens {there}, or --other-budget to compare nevertheless.",
        )


def read_evaluation_result(folder: str | Path) -> EvaluationResult:
    """Read the folder of a finished evaluation.

    Raises:
        InputError: there is none, it is unfinished, or its files cannot be read.

    >>> from cotpress import evaluate
    >>> _ = evaluate("world-llama", ["world_math"], output="evaluated", limit=1)
    >>> len(read_evaluation_result("evaluated").rows)
    1
    """
    place = Path(folder)
    if not (place / SUMMARY_FILE).is_file():
        raise InputError(f"{place} holds no finished evaluation.", "Give a folder written by cotpress evaluate -o.")
    try:
        summary = json.loads((place / SUMMARY_FILE).read_text(encoding="utf-8"))
        settings = summary["settings"]
        for name in ("student", "max_new_tokens", "counted_with"):
            settings[name]
        return EvaluationResult(settings, read_rows(place / ROWS_FILE), float(summary["seconds"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"The evaluation in {place} cannot be read: {error}.", "Evaluate again.") from error


def collect_evaluation_versions() -> dict[str, str]:
    """The libraries that replies and grades depend on, those that are installed."""
    versions = {"cotpress": __version__}
    for name in VERSIONED_LIBRARIES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions


def _split_by_benchmark(problems: ProblemSums) -> dict[str, ProblemSums]:
    names = dict.fromkeys(benchmark for benchmark, _ in problems.keys)
    return {name: problems.select(key for key in problems.keys if key[0] == name) for name in names}


def _list_missing(problems: ProblemSums, others: ProblemSums) -> list[str]:
    """The first of the problems that the others do not have."""
    missing = [key for key in problems.keys if key not in set(others.keys)]
    return ["/".join(key) for key in missing[:MAX_NAMED_PROBLEMS]]
