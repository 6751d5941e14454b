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
from cotpress.evaluate.bootstrap import LEVEL, RESAMPLES, SEED
from cotpress.evaluate.figures import compare, figures
from cotpress.evaluate.log import ROWS, SUMMARY
from cotpress.evaluate.problems import Problems, by_problem
from cotpress.evaluate.row import Row, read_rows
from cotpress.store import content_key

LIBRARIES = ("torch", "transformers", "peft", "vllm", "openai", "math-verify")
NAMED = 20  # problems without a counterpart that are named


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`settings` are all that the rows depend on; `seconds` is how long the run took that finished it."""

    settings: Mapping[str, Any]
    rows: tuple[Row, ...]
    seconds: float = 0.0

    @property
    def key(self) -> str:
        """The content key of settings and version: what a resumed run must have in common."""
        return content_key("evaluate", __version__, dict(self.settings))

    def summary(self, baseline: Evaluation | None = None) -> dict[str, Any]:
        """Every figure, for each benchmark and over all problems together, ready for JSON.

        Raises:
        """
        problems = by_problem(self.rows)
        found: dict[str, Any] = {
            "key": self.key,
            "settings": dict(self.settings),
            "versions": versions(),
            "seconds": round(self.seconds, 3),
            "bootstrap": {"resamples": RESAMPLES, "level": LEVEL, "seed": SEED},
            "overall": figures(problems),
            "benchmarks": {name: figures(part) for name, part in _parts(problems).items()},
        }
        if baseline is not None:
            found["comparison"] = self._compared(problems, baseline)
        return found

    def _compared(self, problems: Problems, baseline: Evaluation) -> dict[str, Any]:
        theirs = by_problem(baseline.rows)
        same = self.settings["counted_with"] == baseline.settings["counted_with"]
        found: dict[str, Any] = {
            "baseline": baseline.settings["student"],
            "baseline_max_new_tokens": baseline.settings["max_new_tokens"],
            "overall": compare(problems, theirs, same),
            "benchmarks": {
                name: compare(part, _parts(theirs).get(name, theirs.only(())), same)
                for name, part in _parts(problems).items()
            },
            "not_in_baseline": _names(problems, theirs),
            "only_in_baseline": _names(theirs, problems),
        }
        if not same:
            tokens = f"{self.settings['counted_with']} here, {baseline.settings['counted_with']} there"
            found["not_comparable"] = f"Lengths are counted differently: {tokens}."
        return found


def refuse_other_budget(settings: Mapping[str, Any], baseline: Evaluation) -> None:
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


def read_evaluation(folder: str | Path) -> Evaluation:
    """Read the folder of a finished evaluation.

    Raises:
        InputError: there is none, it is unfinished, or its files cannot be read.
    """
    place = Path(folder)
    if not (place / SUMMARY).is_file():
        raise InputError(f"{place} holds no finished evaluation.", "Give a folder written by cotpress evaluate -o.")
    try:
        summary = json.loads((place / SUMMARY).read_text(encoding="utf-8"))
        settings = summary["settings"]
        for name in ("student", "max_new_tokens", "counted_with"):
            settings[name]
        return Evaluation(settings, read_rows(place / ROWS), float(summary["seconds"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"The evaluation in {place} cannot be read: {error}.", "Evaluate again.") from error


def versions() -> dict[str, str]:
    """The libraries that replies and grades depend on, those that are installed."""
    found = {"cotpress": __version__}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _parts(problems: Problems) -> dict[str, Problems]:
    names = dict.fromkeys(benchmark for benchmark, _ in problems.keys)
    return {name: problems.only(key for key in problems.keys if key[0] == name) for name in names}


def _names(problems: Problems, others: Problems) -> list[str]:
    """The first of the problems that the others do not have."""
    missing = [key for key in problems.keys if key not in set(others.keys)]
    return ["/".join(key) for key in missing[:NAMED]]
