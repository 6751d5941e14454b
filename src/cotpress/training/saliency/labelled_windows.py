"""Labelled pairs as windows of token ids: cut exactly as scoring cuts them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cotpress.signals import TokenClassifier, encode_texts
from cotpress.storage import compute_content_key
from cotpress.training.saliency.labels import IGNORED_LABEL, label_tokens, mark_whitespace
from cotpress.training.saliency.pairs import LabelledPair
from cotpress.types import IntArray

_TOKENIZER_BATCH = 64  # tokenized at a time
_POOL_BATCHES = 50  # batches that are sorted by length together


@dataclass(frozen=True, slots=True, eq=False)
class LabelledWindow:
    """One window: its token ids without special tokens, and a label for each, [tokens] both.

    Where windows overlap, a token has its label in the one that scoring takes its value from, and
    UNLABELLED in the other; so every token counts once.
    """

    ids: IntArray
    labels: IntArray


def make_windows(pairs: Sequence[LabelledPair], tokenizer: Any, classifier: TokenClassifier) -> list[LabelledWindow]:
    """The windows of the pairs, in order.

    Raises:
        ModelError: the tokenizer's offsets mismatch the text.
    """
    return [
        example
        for start in range(0, len(pairs), _TOKENIZER_BATCH)
        for example in _cut_windows(pairs[start : start + _TOKENIZER_BATCH], tokenizer, classifier)
    ]


def _cut_windows(
    pairs: Sequence[LabelledPair], tokenizer: Any, classifier: TokenClassifier
) -> Iterator[LabelledWindow]:
    encoded = encode_texts(tokenizer, [pair.original for pair in pairs])
    for pair, (ids, offsets) in zip(pairs, encoded, strict=True):
        labels = label_tokens(pair.labels.kept, mark_whitespace(pair.original), offsets)
        for window in classifier.plan_windows(len(ids)):
            own = np.full(window.end - window.begin, IGNORED_LABEL)
            own[window.first - window.begin : window.last - window.begin] = labels[window.first : window.last]
            yield LabelledWindow(np.array(ids[window.begin : window.end], dtype=np.int32), own.astype(np.int8))


def split_pairs(
    pairs: Sequence[LabelledPair], share: float, seed: int
) -> tuple[list[LabelledPair], list[LabelledPair]]:
    """Pairs to train on and pairs held out: a share of the *originals*, so that no text is on both sides.

    At least one original is held out where there are two; which ones depends on texts and seed alone.
    """
    keys = {pair.original: compute_content_key(seed, pair.original) for pair in pairs}
    ranked = sorted(keys, key=keys.__getitem__)
    count = min(max(1, round(share * len(ranked))), len(ranked) - 1) if share else 0
    out = frozenset(ranked[:count])
    return [p for p in pairs if p.original not in out], [p for p in pairs if p.original in out]


def make_batches(examples: Sequence[LabelledWindow], size: int, seed: int) -> list[list[LabelledWindow]]:
    """All examples once, in batches of random order; neighbours in length share a batch, to spare padding."""
    rng = random.Random(seed)
    order = rng.sample(examples, len(examples))
    pool = size * _POOL_BATCHES
    batches: list[list[LabelledWindow]] = []
    for start in range(0, len(order), pool):
        near = sorted(order[start : start + pool], key=lambda window: len(window.ids))
        batches += [near[first : first + size] for first in range(0, len(near), size)]
    rng.shuffle(batches)
    return batches
