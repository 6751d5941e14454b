"""What half of the corpus says about the next token, before anything of the trace at hand is read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat

import numpy as np

from cotpress.signals.ngram_spelling import Spelling
from cotpress.signals.ngram_tokens import tokenize
from cotpress.types import FloatArray, IntArray

PAIR_WEIGHT = 0.34  # of the token before, where it was seen; the rest is plain frequency
BREAK = "\n\n"  # stands between the question and the reasoning


@dataclass(frozen=True, eq=False)
class Corpus:
    """Token and token-pair frequencies, interpolated (Jelinek and Mercer, 1980), over all strings.

    A token w after v has probability (1 - weight) p(w) + weight count(v, w) / total(v), and
    p(w) = (1 - novelty) count(w) / tokens + novelty spelling(w), which any string has.

    `vocabulary` maps a token to its id below V; `frequency` [V] is p(w). Pairs are sorted by (v, w):
    those of v are `starts[v]:starts[v + 1]` of `followers` and `counts` [pairs]; `totals` [V] sums them.
    """

    vocabulary: Mapping[str, int]
    spelling: Spelling
    novelty: float
    frequency: FloatArray
    followers: IntArray
    counts: IntArray
    starts: IntArray

    @classmethod
    def fit(cls, texts: Iterable[tuple[str, str]]) -> Corpus:
        """Count (question, reasoning) texts; only tokens of the reasoning are counted as outcomes."""
        vocabulary: dict[str, int] = {}
        sequences, outcomes = [np.empty(0, np.int64)], [np.empty(0, np.bool_)]
        for question, reasoning in texts:
            prompt, tokens = prompt_tokens(question), tokenize(reasoning)
            sequences.append(known_ids([*prompt, *tokens], vocabulary, grow=True))
            outcomes.append(np.arange(len(prompt) + len(tokens)) >= len(prompt))
        ids, outcome = np.concatenate(sequences), np.concatenate(outcomes)
        size, words, (after,) = len(vocabulary), list(vocabulary), np.nonzero(outcome)
        pairs, counts = np.unique(ids[after - 1] * size + ids[after], return_counts=True)
        single = np.bincount(ids[after], minlength=size)
        novelty = (int(np.sum(single == 1)) + 1) / (len(after) + 1)  # Good (1953): tokens seen once stand for unseen ones
        spelling = Spelling.fit(words)
        known = (1 - novelty) * single / max(len(after), 1)
        frequency = known + novelty * np.exp(spelling.log_probabilities(words))
        starts = np.searchsorted(pairs, np.arange(size + 1) * size)
        return cls(vocabulary, spelling, novelty, frequency, pairs % max(size, 1), counts, starts)

    @cached_property
    def totals(self) -> IntArray:
        """[V]: how often each token was followed by another."""
        return np.diff(np.concatenate([[0], np.cumsum(self.counts)])[self.starts])

    @cached_property
    def _pairs(self) -> IntArray:
        size = len(self.frequency)
        return np.repeat(np.arange(size), np.diff(self.starts)) * size + self.followers

    def encode(self, tokens: Sequence[str]) -> tuple[IntArray, FloatArray]:
        """Ids of tokens [n], and p(w) [V + new] of all ids; new tokens get ids from V on."""
        ids, size = known_ids(tokens, self.vocabulary), len(self.frequency)
        (unknown,) = np.nonzero(ids < 0)
        new: dict[str, int] = {}
        ids[unknown] = [new.setdefault(tokens[place], size + len(new)) for place in unknown]
        spelled = self.novelty * np.exp(self.spelling.log_probabilities(list(new)))
        return ids, np.concatenate([self.frequency, spelled])

    def weights(self, before: IntArray) -> FloatArray:
        """[n]: the weight that pairs have after each token."""
        seen = np.append(self.totals, 0)[np.minimum(before, len(self.totals))] > 0
        return np.where(seen, PAIR_WEIGHT, 0.0)

    def pair_frequency(self, before: IntArray, ids: IntArray) -> FloatArray:
        """[n]: count(v, w) / total(v), 0 for pairs not seen."""
        size = len(self.frequency)
        if not len(self._pairs):
            return np.zeros(len(ids))
        wanted = before * size + ids
        place = np.minimum(np.searchsorted(self._pairs, wanted), len(self._pairs) - 1)
        seen = (self._pairs[place] == wanted) & (before < size) & (ids < size)
        return np.where(seen, self.counts[place], 0) / np.where(seen, self.totals[np.minimum(before, size - 1)], 1)

    @cached_property
    def sums(self) -> tuple[float, FloatArray]:
        """Sums of p log p over all strings: for plain frequency, and [V] after each token."""
        spelled = self.novelty * np.exp(self.spelling.log_probabilities(list(self.vocabulary)))
        unseen = self.novelty * (math.log(self.novelty) - self.spelling.entropy) - np.sum(xlogx(spelled))
        plain = float(np.sum(xlogx(self.frequency)) + unseen)
        before = np.repeat(np.arange(len(self.frequency)), np.diff(self.starts))
        without = (1 - PAIR_WEIGHT) * self.frequency[self.followers]
        gained = xlogx(without + PAIR_WEIGHT * self.counts / self.totals[before]) - xlogx(without)
        rest = (1 - PAIR_WEIGHT) * (plain + math.log(1 - PAIR_WEIGHT))
        after = rest + np.bincount(before, gained, len(self.frequency))
        return plain, np.where(self.totals > 0, after, plain)


def prompt_tokens(question: str) -> list[str]:
    """Tokens that come before the reasoning."""
    return tokenize(question.strip() + BREAK)


def known_ids(tokens: Sequence[str], vocabulary: Mapping[str, int], grow: bool = False) -> IntArray:
    """[n]: ids of tokens, -1 for one outside the vocabulary."""
    if grow and isinstance(vocabulary, dict):
        for token in dict.fromkeys(tokens):
            vocabulary.setdefault(token, len(vocabulary))
    return np.fromiter(map(vocabulary.get, tokens, repeat(-1)), np.int64, len(tokens))


def xlogx(values: FloatArray) -> FloatArray:
    """values * log(values), of positive values."""
    return values * np.log(values)
