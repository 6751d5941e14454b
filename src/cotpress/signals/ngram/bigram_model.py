"""What half of the corpus says about the next token, before anything of the trace at hand is read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from zlib import crc32

import numpy as np

from cotpress.signals.ngram.tokenizer import tokenize
from cotpress.types import FloatArray, IntArray

PAIR_WEIGHT = 0.34  # of the token before, where it was seen; the rest is plain frequency
UNKNOWN_IDS = 1 << 13  # ids for tokens that the corpus lacks, told apart by a hash of their text
PROMPT_BREAK = "\n\n"  # stands between the question and the reasoning


@dataclass(frozen=True, eq=False)
class BigramModel:
    """Token and token-pair frequencies, interpolated (Jelinek and Mercer, 1980), over a closed set of ids.

    A token w after v has probability (1 - weight) p(w) + weight count(v, w) / total(v), where p(w) is
    (1 - novelty) count(w) / tokens for a token of the corpus and novelty / UNLISTED for each other id.

    `vocabulary` maps the corpus's tokens to ids below V; the A = V + UNLISTED ids are all that can come.
    `frequency` [A] is p(w). `pairs` are v * A + w of the pairs seen, sorted, and `counts` how often.
    """

    vocabulary: Mapping[str, int]
    frequency: FloatArray
    pairs: IntArray
    counts: IntArray

    @classmethod
    def fit(cls, texts: Iterable[str]) -> BigramModel:
        """Count the tokens of reasonings, none empty, each after the break that ends its prompt."""
        vocabulary: dict[str, int] = {}
        parts, begins = [np.empty(0, np.int64)], [0]
        for tokens in map(tokenize, texts):
            for token in dict.fromkeys(tokens):
                vocabulary.setdefault(token, len(vocabulary))
            parts.append(encode_tokens(tokens, vocabulary))
            begins.append(begins[-1] + len(tokens))
        after, size = np.concatenate(parts), len(vocabulary) + UNKNOWN_IDS
        before = np.roll(after, 1)
        before[begins[:-1]] = encode_tokens([PROMPT_BREAK], vocabulary)
        pairs, counts = np.unique(before * size + after, return_counts=True)
        return cls(vocabulary, _estimate_frequency(np.bincount(after, minlength=size)), pairs, counts)

    @cached_property
    def pair_starts(self) -> IntArray:
        """[A + 1]: the pairs of each v are `starts[v]:starts[v + 1]`."""
        return np.searchsorted(self.pairs, np.arange(len(self.frequency) + 1) * len(self.frequency))

    @cached_property
    def followers(self) -> IntArray:
        """[pairs]: the second token of each."""
        return self.pairs % len(self.frequency)

    @cached_property
    def totals(self) -> IntArray:
        """[A]: how often each token was followed by another."""
        return np.diff(np.append(0, np.cumsum(self.counts))[self.pair_starts])

    @cached_property
    def pair_weights(self) -> FloatArray:
        """[A]: the weight that pairs have after each token."""
        return np.where(self.totals > 0, PAIR_WEIGHT, 0.0)

    @cached_property
    def plogp_sums(self) -> FloatArray:
        """[A]: the sum of p log p over all ids, after each token."""
        plain = float(np.sum(xlogx(self.frequency)))
        before = np.repeat(np.arange(len(self.totals)), np.diff(self.pair_starts))
        without = (1 - PAIR_WEIGHT) * self.frequency[self.followers]
        gained = xlogx(without + PAIR_WEIGHT * self.counts / self.totals[before]) - xlogx(without)
        rest = (1 - PAIR_WEIGHT) * (plain + math.log(1 - PAIR_WEIGHT))
        return np.where(self.totals > 0, rest + np.bincount(before, gained, len(self.totals)), plain)

    def encode(self, tokens: Sequence[str]) -> IntArray:
        """[n]: ids of tokens."""
        return encode_tokens(tokens, self.vocabulary)

    def compute_probability(self, before: IntArray, ids: IntArray) -> FloatArray:
        """[n]: of each id after the one before it."""
        weight, plain = self.pair_weights[before], self.frequency[ids]
        if not len(self.pairs):
            return plain
        wanted = before * len(self.frequency) + ids
        place = np.minimum(np.searchsorted(self.pairs, wanted), len(self.pairs) - 1)
        count = np.where(self.pairs[place] == wanted, self.counts[place], 0)
        return (1 - weight) * plain + weight * count / np.maximum(self.totals[before], 1)


def _estimate_frequency(counts: IntArray) -> FloatArray:
    """[A]: p(w). As many tokens as were seen once are to be expected among the unseen (Good, 1953)."""
    total = int(counts.sum())
    novelty = (int(np.sum(counts == 1)) + 1) / (total + 2) if total else 1.0
    frequency = (1 - novelty) * counts / max(total, 1)
    frequency[-UNKNOWN_IDS:] = novelty / UNKNOWN_IDS
    return frequency


def tokenize_prompt(question: str) -> list[str]:
    """Tokens that come before the reasoning; the last one is the break."""
    return tokenize(question.strip() + PROMPT_BREAK)


def encode_tokens(tokens: Sequence[str], vocabulary: Mapping[str, int]) -> IntArray:
    """[n]: ids of tokens; one outside the vocabulary gets one of the ids after it."""
    ids = np.fromiter(map(vocabulary.get, tokens, repeat(-1)), np.int64, len(tokens))
    (unknown,) = np.nonzero(ids < 0)
    texts = [tokens[int(place)].encode("utf-8", "surrogatepass") for place in unknown]
    ids[unknown] = [len(vocabulary) + crc32(text) % UNKNOWN_IDS for text in texts]
    return ids


def xlogx(values: FloatArray) -> FloatArray:
    """values * log(values), of positive values."""
    return values * np.log(values)
