"""A study whose traces two embedded models score, and what its store then holds."""

from __future__ import annotations

from pathlib import Path

from cotpress.signals.shards import read_keys

STUDY = """
name: scored
conditions:
  m: {traces: world, domain: math, regime: short, limit: 7}
  g: {traces: world, domain: general, regime: short, limit: 5}
scorer: world-llama
saliency: world-saliency
pruning: {criteria: [nll, entropy, saliency, random], granularities: [token], keep: [0.5]}
"""


def stored(store: Path) -> list[int]:
    """How many traces each model's shelf holds; none of them twice."""
    shelves = {path.parent for path in store.glob("signals-of-traces/signals/*/*.parquet")}
    keys = [[key for path in shelf.glob("*.parquet") for key in read_keys(path)] for shelf in shelves]
    assert all(len(some) == len(set(some)) for some in keys)
    return sorted(map(len, keys))
