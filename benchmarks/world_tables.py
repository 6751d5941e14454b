"""Tables of the world's study: accuracy, realized ratio and inference ratio, means over seeds with their spread."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from world_cells import CONDITIONS, CRITERIA, KEEPS, LEVELS

Result = dict[str, Any]


def print_tables(place: Path) -> None:
    results = [json.loads(path.read_text()) for path in sorted((place / "results").glob("*.json"))]
    _add_figures(results)
    families = sorted({one["family"] for one in results})
    seeds = sorted({one["seed"] for one in results})
    print(f"{len(results)} cells, families {', '.join(families)}, seeds {', '.join(map(str, seeds))}.")
    print("Each entry: accuracy ± its standard deviation over seeds and families (realized ratio; inference ratio).")
    for domain, regime in CONDITIONS:
        here = [one for one in results if (one["domain"], one["regime"]) == (domain, regime)]
        if here:
            _print_condition(f"{domain}, {regime}", here)


def _add_figures(results: list[Result]) -> None:
    """Accuracy, tokens, and the inference ratio against the uncompressed student of the same condition and seed."""
    for one in results:
        one["accuracy"] = mean(row[1] == "right" for row in one["problems"])
        one["truncated"] = mean(row[1] == "truncated" for row in one["problems"])
        one["tokens"] = mean(row[2] for row in one["problems"])
    baselines = {_where(one): one["tokens"] for one in results if one["method"] == "uncompressed"}
    for one in results:
        baseline = baselines.get(_where(one))
        one["inference"] = one["tokens"] / baseline if baseline else float("nan")


def _where(one: Result) -> tuple[Any, ...]:
    return one["family"], one["domain"], one["regime"], one["seed"]


def _print_condition(title: str, here: list[Result]) -> None:
    groups: dict[tuple[Any, ...], list[Result]] = defaultdict(list)
    for one in here:
        groups[one["method"], one["granularity"], one["symbols"], one["keep"]].append(one)
    print(f"\n### {title}\n\n| method | accuracy | realized | reasoning tokens | inference | truncated | cells |")
    print("|---|---|---|---|---|---|---|")
    for method in ("uncompressed", "answers-only", *LEVELS):
        if found := groups.get((method, "", False, 1.0)):
            figures = (_spread(found), _mean(found, "realized"), _mean(found, "tokens", 0), _mean(found, "inference"))
            print(f"| {method} | {' | '.join(figures)} | {_mean(found, 'truncated')} | {len(found)} |")
    keeps = [keep for keep in KEEPS if any(one["keep"] == keep for one in here)]
    if keeps:
        print(f"\n| criterion | granularity | {' | '.join(f'keep {keep}' for keep in keeps)} |")
        print(f"|---|---|{'---|' * len(keeps)}")
    for granularity, symbols in (("step", False), ("token", False), ("token", True)):
        for criterion in CRITERIA:
            found_at = [groups.get((criterion, granularity, symbols, keep), []) for keep in keeps]
            if any(found_at):
                label = f"{granularity}{', symbols kept' if symbols else ''}"
                print(f"| {criterion} | {label} | {' | '.join(map(_entry, found_at))} |")


def _entry(found: list[Result]) -> str:
    return f"{_spread(found)} ({_mean(found, 'realized')}; {_mean(found, 'inference')})" if found else "-"


def _spread(found: list[Result]) -> str:
    values = [one["accuracy"] for one in found]
    return f"{mean(values):.2f}" + (f" ± {stdev(values):.2f}" if len(values) > 1 else "")


def _mean(found: Iterable[Result], name: str, digits: int = 2) -> str:
    return f"{mean(one[name] for one in found):.{digits}f}"
