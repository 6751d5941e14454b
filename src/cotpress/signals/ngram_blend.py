"""The blend of the corpus with what the trace has said so far: NLL and entropy of one distribution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cotpress.signals.ngram_corpus import Corpus, xlogx
from cotpress.signals.ngram_counts import Latest, Prior, prior_counts, ranges
from cotpress.types import FloatArray, IntArray

# Weight of the shorter context, in tokens. Plain frequency in the trace: a constant (a Dirichlet prior). A
# context seen before: the square of its distinct continuations, so that one which has always gone on in the
# same way is trusted. Method C of PPM (Moffat, 1990) has the first power; the square follows a language
# model's ranking of steps better.
ESCAPE_PLAIN = 270.0
ESCAPE_CONTEXT = 4.0
CELLS = 1 << 18  # probabilities held at once


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """p(w) = base * corpus(w) + sum over k of weight[k] * (how often w followed the context of length k).

    `base` is [n], `weight` [orders, n], by position: the recursion p_k = (count + escape p_(k-1)) / (total + escape),
    multiplied out.
    """

    base: FloatArray
    weight: FloatArray

    @classmethod
    def of(cls, priors: Sequence[Prior]) -> Mixture:
        """The weights that the counts before each position give."""
        base = np.ones(len(priors[0].seen))
        weight = np.empty((len(priors), len(base)))
        for k in reversed(range(len(priors))):
            total, distinct = priors[k].total, priors[k].distinct
            escape = ESCAPE_CONTEXT * distinct.astype(np.float64) ** 2 if k else np.full(len(base), ESCAPE_PLAIN)
            whole = np.where(total > 0, total + escape, 1.0)
            weight[k] = base / whole
            base = base * np.where(total > 0, escape / whole, 1.0)
        return cls(base, weight)


@dataclass(frozen=True)
class Window:
    """A stretch of a trace: tokens that are only read, then those from `start` on, which are scored.

    `ids` [n] are the corpus's ids, `frequency` the corpus's p(w) of each id. 1 <= start.
    """

    corpus: Corpus
    ids: IntArray
    frequency: FloatArray
    start: int
    orders: int

    @cached_property
    def _types(self) -> tuple[IntArray, IntArray]:
        """Distinct ids, sorted; and each position's place among them."""
        types, local = np.unique(self.ids, return_inverse=True)
        return types, local

    @cached_property
    def _priors(self) -> list[Prior]:
        return prior_counts(self._types[1], self.orders)

    @cached_property
    def _mixture(self) -> Mixture:
        return Mixture.of(self._priors)

    def nll(self) -> FloatArray:
        """[n - start], nats."""
        before, ids, mixture = self.ids[self.start - 1 : -1], self.ids[self.start :], self._mixture
        weight = self.corpus.weights(before)
        corpus = (1 - weight) * self.frequency[ids] + weight * self.corpus.pair_frequency(before, ids)
        probability = mixture.base[self.start :] * corpus
        for prior, share in zip(self._priors, mixture.weight, strict=True):
            probability += share[self.start :] * prior.seen[self.start :]
        return -np.log(probability)

    def entropy(self) -> FloatArray:
        """[n - start], nats, of the whole distribution at each position.

        The window's own tokens are summed one by one. All other strings have the corpus's probability times
        the base weight, so their sum follows from the corpus's own, less the window's tokens.
        """
        rows = max(CELLS // len(self._types[0]), 1)
        plain = np.bincount(self._types[1][: self.start], minlength=len(self._types[0])).astype(np.float64)
        entropy = np.empty(len(self.ids) - self.start)
        for begin in range(self.start, len(self.ids), rows):
            end = min(begin + rows, len(self.ids))
            entropy[begin - self.start : end - self.start] = self._block(begin, end, plain)
            plain += np.bincount(self._types[1][begin:end], minlength=len(plain))
        return entropy

    def _block(self, begin: int, end: int, plain: FloatArray) -> FloatArray:
        """Entropy of positions begin .. end - 1; `plain` counts each type before them."""
        local, base = self._types[1], self._mixture.base[begin:end]
        before, place = np.unique(local[begin - 1 : end - 1], return_inverse=True)
        corpus = self._after(before)
        plain_sum, pair_sum = self.corpus.order
        ids = self._types[0][before]
        order = np.append(pair_sum, plain_sum)[np.minimum(ids, len(pair_sum))] - xlogx(corpus).sum(axis=1)
        mass = np.maximum(1.0 - corpus.sum(axis=1), 0.0)
        own = base[:, None] * corpus[place] + self._adaptive(begin, end, plain)
        return -(xlogx(own).sum(axis=1) + base * order[place] + xlogx(base) * mass[place])

    def _after(self, before: IntArray) -> FloatArray:
        """[before, types]: the corpus's probability of each of the window's types after some of them."""
        types, corpus = self._types[0], self.corpus
        weight = corpus.weights(types[before])
        probability = (1 - weight)[:, None] * self.frequency[types]
        (known,) = np.nonzero(weight)
        ids = types[before[known]]
        count = corpus.starts[ids + 1] - corpus.starts[ids]
        pairs = ranges(corpus.starts[ids], count)
        row, column = np.repeat(known, count), self._columns[corpus.followers[pairs]]
        here = column >= 0
        row, pairs = row[here], pairs[here]
        share = weight[row] * corpus.counts[pairs] / corpus.totals[types[before[row]]]
        probability[row, column[here]] += share
        return probability

    @cached_property
    def _columns(self) -> IntArray:
        """Each corpus id's place among the window's types, -1 where it is not there."""
        types = self._types[0]
        columns = np.full(len(self.corpus.frequency), -1)
        known = types < len(columns)
        columns[types[known]] = np.flatnonzero(known)
        return columns

    def _adaptive(self, begin: int, end: int, plain: FloatArray) -> FloatArray:
        """[end - begin, types]: what the trace's own counts add to each type's probability."""
        local, shape = self._types[1], (end - begin, len(plain))
        counts = np.zeros(shape)
        counts[0] = plain
        counts[np.arange(1, end - begin), local[begin : end - 1]] = 1.0
        added = np.cumsum(counts, axis=0) * self._mixture.weight[0, begin:end, None]
        for prior, latest, weight in zip(self._priors[1:], self._latest, self._mixture.weight[1:], strict=True):
            position, source = latest.between(begin, end)
            added[position - begin, local[source]] += weight[position] * (prior.seen[source] + 1)
        return added

    @cached_property
    def _latest(self) -> list[Latest]:
        return [Latest(prior) for prior in self._priors[1:]]
