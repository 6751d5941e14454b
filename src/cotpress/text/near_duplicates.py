"""Which steps of a trace say again what an earlier step said."""

from __future__ import annotations

import math
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
    pairs_of = [_collect_word_pairs(step) for step in steps]
    counts = Counter(pair for pairs in pairs_of for pair in pairs)
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    seen: set[frozenset[tuple[str, ...]]] = set()
    for number, pairs in enumerate(pairs_of):
        if pairs in seen:  # a loop of one sentence is common, and must not cost its length squared
            marked[number] = True
            continue
        seen.add(pairs)
        telling = _list_telling_pairs(pairs, counts, threshold)
        alike = {earlier for pair in telling for earlier in holders[pair]}
        marked[number] = any(_are_alike(pairs, pairs_of[earlier], threshold) for earlier in alike)
        for pair in telling:
            holders[pair].append(number)
    return marked


def _list_telling_pairs(
    pairs: frozenset[tuple[str, ...]], counts: Counter[tuple[str, ...]], threshold: float
) -> list[tuple[str, ...]]:
    """The rarest pairs of a step, of which each step that is alike has one at least: two steps that share less than all
    the others share too little."""
    ranked = sorted(pairs, key=lambda pair: (counts[pair], pair))
    return ranked[: len(pairs) - math.ceil(threshold * len(pairs) - 1e-9) + 1]


def _are_alike(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]], threshold: float) -> bool:
    shared = len(one & other)
    return shared >= threshold * (len(one) + len(other) - shared)


def _collect_word_pairs(step: str) -> frozenset[tuple[str, ...]]:
    words = _WORD.findall(step.lower())
    return frozenset(pairwise(words)) if len(words) > 1 else frozenset((word,) for word in words)
