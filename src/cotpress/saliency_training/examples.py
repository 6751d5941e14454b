"""Labelled pairs as windows of token ids: cut exactly as scoring cuts them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cotpress.saliency_training.labels import UNLABELLED, blanks, token_labels
from cotpress.saliency_training.pairs import Pair
from cotpress.signals import Classifier, encode_texts
from cotpress.store import content_key
from cotpress.types import IntArray

_TEXTS = 64  # tokenized at a time
_POOL = 50  # batches that are sorted by length together


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One window: its token ids without special tokens, and a label for each, [tokens] both.

    Where windows overlap, a token has its label in the one that scoring takes its value from, and
    UNLABELLED in the other; so every token counts once.
    """

    ids: IntArray
    labels: IntArray


def examples_of(pairs: Sequence[Pair], tokenizer: Any, classifier: Classifier) -> list[Example]:
    """The windows of the pairs, in order.

    Raises:
        ModelError: the tokenizer's offsets mismatch the text.
    """
    return [
        example
        for start in range(0, len(pairs), _TEXTS)
        for example in _cut(pairs[start : start + _TEXTS], tokenizer, classifier)
    ]


def _cut(pairs: Sequence[Pair], tokenizer: Any, classifier: Classifier) -> Iterator[Example]:
    encoded = encode_texts(tokenizer, [pair.original for pair in pairs])
    for pair, (ids, offsets) in zip(pairs, encoded, strict=True):
        labels = token_labels(pair.labels.kept, blanks(pair.original), offsets)
        for window in classifier.windows(len(ids)):
            own = np.full(window.end - window.begin, UNLABELLED)
            own[window.first - window.begin : window.last - window.begin] = labels[window.first : window.last]
            yield Example(np.array(ids[window.begin : window.end], dtype=np.int32), own.astype(np.int8))


def split(pairs: Sequence[Pair], share: float, seed: int) -> tuple[list[Pair], list[Pair]]:
    """Pairs to train on and pairs held out: a share of the *originals*, so that no text is on both sides.

    At least one original is held out where there are two; which ones depends on texts and seed alone.
    """
    keys = {pair.original: content_key(seed, pair.original) for pair in pairs}
    ranked = sorted(keys, key=keys.__getitem__)
    count = min(max(1, round(share * len(ranked))), len(ranked) - 1) if share else 0
    out = frozenset(ranked[:count])
    return [p for p in pairs if p.original not in out], [p for p in pairs if p.original in out]


def batches(examples: Sequence[Example], size: int, seed: int) -> list[list[Example]]:
    """All examples once, in batches of random order; neighbours in length share a batch, to spare padding."""
    rng = random.Random(seed)
    order = rng.sample(examples, len(examples))
    pool = size * _POOL
    found: list[list[Example]] = []
    for start in range(0, len(order), pool):
        near = sorted(order[start : start + pool], key=lambda one: len(one.ids))
        found += [near[first : first + size] for first in range(0, len(near), size)]
    rng.shuffle(found)
    return found
