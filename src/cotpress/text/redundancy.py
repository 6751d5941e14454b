"""Which steps of a trace say again what an earlier step said."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from cotpress.types import BoolArray

# Two steps that share this much of their word pairs are near-duplicates. Numbers are words: the same
# sentence about another number is not the same step.
NEAR_DUPLICATE_THRESHOLD = 0.7
_WORD = re.compile(r"\w+")


def find_near_duplicates(steps: Sequence[str], threshold: float = NEAR_DUPLICATE_THRESHOLD) -> BoolArray:
    """Mark each step whose word pairs overlap an earlier step's with Jaccard >= `threshold`, shape [steps]."""
    marked = np.zeros(len(steps), dtype=bool)
    sizes: list[int] = []
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    seen: set[frozenset[tuple[str, ...]]] = set()
    for number, step in enumerate(steps):
        pairs = _collect_word_pairs(step)
        if pairs in seen:  # a loop of one sentence is common, and must not cost its length squared
            marked[number] = True
            sizes.append(0)
            continue
        seen.add(pairs)
        shared = Counter(earlier for pair in pairs for earlier in holders[pair])
        marked[number] = any(count >= threshold * (sizes[at] + len(pairs) - count) for at, count in shared.items())
        sizes.append(len(pairs))
        for pair in pairs:
            holders[pair].append(number)
    return marked


def _collect_word_pairs(step: str) -> frozenset[tuple[str, ...]]:
    words = _WORD.findall(step.lower())
    return frozenset(pairwise(words)) if len(words) > 1 else frozenset((word,) for word in words)
