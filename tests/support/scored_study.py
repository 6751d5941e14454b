"""Studies whose traces models score, and what their stores then hold."""

from __future__ import annotations

from pathlib import Path

from cotpress.signals.shard_file import read_keys

STUDY = """
name: scored
conditions:
  m: {traces: world, domain: math, regime: short, limit: 7}
  g: {traces: world, domain: general, regime: short, limit: 5}
scorer: world-llama
saliency: world-saliency
pruning: {criteria: [nll, entropy, saliency, random], granularities: [token], keep: [0.5]}
"""
# The same traces, scored in no time: by one source that is as good as a model.
QUICK_STUDY = """
name: quick
conditions:
  m: {traces: world, domain: math, regime: short, limit: 7}
  g: {traces: world, domain: general, regime: short, limit: 5}
sources: [{source: "two_signals:MODEL_LENGTHS", model: any}]
pruning: {criteria: ["two_signals:LONG_WORDS"], granularities: [token], keep: [0.5]}
"""


def stored(store: Path) -> list[int]:
    """How many traces each model's shelf holds; none of them twice."""
    shelves = {path.parent for path in store.glob("signals-of-traces/signals/*/*.parquet")}
    keys = [[key for path in shelf.glob("*.parquet") for key in read_keys(path)] for shelf in shelves]
    assert all(len(some) == len(set(some)) for some in keys)
    return sorted(map(len, keys))
