"""A benchmark that brings its rows along."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from cotpress.evaluation.benchmarks import Benchmark, BenchmarkItem

_CAPITALS = {"France": "Paris", "Japan": "Tokyo", "Kenya": "Nairobi", "Peru": "Lima"}


def read_capital(row: Mapping[str, Any], index: int, rng: random.Random) -> BenchmarkItem:
    """One question from a row with a country and its capital."""
    return BenchmarkItem(str(index), f"What is the capital of {row['country']}?", row["capital"], "text")


CAPITALS = Benchmark(
    "capitals",
    "general",
    None,
    read_capital,
    "cotpress-example",
    "capitals of four countries",
    load_rows=lambda: [{"country": country, "capital": capital} for country, capital in _CAPITALS.items()],
)
