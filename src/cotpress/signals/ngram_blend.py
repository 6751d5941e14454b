"""The blend of the corpus with what the trace has said so far: NLL and entropy of one distribution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np

from cotpress.signals.ngram_corpus import PAIR_WEIGHT, Corpus, xlogx
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
class Batch:
    """One or several traces in a row, each behind its prompt.

    `ids` [n] are the corpus's ids, `starts` the positions where a prompt begins, 0 first; the values of a
    prompt's own tokens mean nothing.
    """

    corpus: Corpus
    ids: IntArray
    starts: IntArray
    orders: int

    @cached_property
    def _types(self) -> tuple[IntArray, IntArray]:
        """Distinct ids by first position; and each position's place among them."""
        types, first, place = np.unique(self.ids, return_index=True, return_inverse=True)
        order = np.argsort(first)
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        return types[order], rank[place]

    @cached_property
    def _priors(self) -> list[Prior]:
        return prior_counts(self._types[1], self.starts, self.orders)

    @cached_property
    def _mixture(self) -> Mixture:
        return Mixture.of(self._priors)

    def nll(self) -> FloatArray:
        """[n], nats."""
        corpus = self.corpus.probability(np.roll(self.ids, 1), self.ids)
        counted = (share * prior.seen for share, prior in zip(self._mixture.weight, self._priors, strict=True))
        return -np.log(sum(counted, self._mixture.base * corpus))

    def entropy(self, first: int) -> FloatArray:
        """[n - first], nats, of the whole distribution at each position from `first` on.

        Tokens that the batch has held so far are summed one by one. All other strings have the corpus's
        probability times the base weight, so their sum follows from the corpus's own, less those tokens.
        """
        size, blocks, begin = len(self.ids), [], first
        counts = np.zeros(len(self._types[0]))
        while begin < size:
            end = min(begin + max(CELLS // self._reach[begin], 16), size)
            plain = self._plain(begin, end, counts, begin == first)
            blocks.append(self._block(begin, end, plain))
            counts[: plain.shape[1]] = plain[-1]
            begin = end
        return np.concatenate(blocks)

    @cached_property
    def _reach(self) -> IntArray:
        """[n]: how many types there are up to each position."""
        return np.maximum.accumulate(self._types[1]) + 1

    def _block(self, begin: int, end: int, plain: FloatArray) -> FloatArray:
        """Entropy of positions begin .. end - 1; `plain` [end - begin, types] counts the trace's tokens before them."""
        types, local = self._types
        base = self._mixture.base[begin:end]
        before, place = np.unique(local[begin - 1 : end - 1], return_inverse=True)
        corpus = self._after(before, plain.shape[1])
        rest = self.corpus.sums[types[before]] - _sums(corpus)
        mass = np.maximum(1.0 - corpus.sum(axis=1), 0.0)
        own = corpus[place]
        own *= base[:, None]
        own += plain * self._mixture.weight[0, begin:end, None]
        for prior, latest, weight in zip(self._priors[1:], self._latest, self._mixture.weight[1:], strict=True):
            position, source = latest.between(begin, end)
            own[position - begin, local[source]] += weight[position] * (prior.seen[source] + 1)
        return -(_sums(own) + base * rest[place] + xlogx(base) * mass[place])

    def _plain(self, begin: int, end: int, counts: FloatArray, initial: bool) -> FloatArray:
        """[end - begin, types]: how often each type came before in the same trace, from `counts` one position earlier."""
        local, width = self._types[1], self._reach[end - 1]
        changes = np.zeros((end - begin, width))
        low = 0 if initial else begin
        for row, change in ((self._enters, 1.0), (self._leaves, -1.0)):
            (here,) = np.nonzero((row >= low) & (row < end))
            np.add.at(changes, (np.maximum(row[here] - begin, 0), local[here]), change)
        changes[0] += counts[:width]
        return running_sums(changes)

    @cached_property
    def _enters(self) -> IntArray:
        """[n]: the position from which a token counts as one that came before."""
        return np.arange(len(self.ids)) + 1

    @cached_property
    def _leaves(self) -> IntArray:
        """[n]: the position from which it no longer does, where its trace has ended."""
        lengths = np.diff(np.append(self.starts, len(self.ids)))
        return np.repeat(self.starts + lengths, lengths)

    def _after(self, before: IntArray, width: int) -> FloatArray:
        """[before, width]: the corpus's probability of each of the first types after some of them."""
        types, corpus = self._types[0], self.corpus
        weight = corpus.weights[types[before]]
        probability = (1 - weight)[:, None] * corpus.frequency[types[:width]]
        (known,) = np.nonzero(weight)
        ids = types[before[known]]
        count = corpus.starts[ids + 1] - corpus.starts[ids]
        pairs = ranges(corpus.starts[ids], count)
        row, column = np.repeat(known, count), self._columns[corpus.followers[pairs]]
        (here,) = np.nonzero(column < width)
        share = corpus.counts[pairs[here]] / np.repeat(corpus.totals[ids], count)[here]
        probability[row[here], column[here]] += PAIR_WEIGHT * share
        return probability

    @cached_property
    def _columns(self) -> IntArray:
        """Each corpus id's place among the batch's types, n where it is not there."""
        types = self._types[0]
        columns = np.full(len(self.corpus.totals), len(self.ids))
        columns[types] = np.arange(len(types))
        return columns

    @cached_property
    def _latest(self) -> list[Latest]:
        return [Latest(prior) for prior in self._priors[1:]]


def _sums(probability: FloatArray) -> FloatArray:
    """[rows]: sums of p log p. The logarithm in single precision is three times faster, and off by 1e-7 of itself."""
    logs = np.log(np.maximum(probability, 1e-37, dtype=np.float32, casting="same_kind"))
    return cast(FloatArray, np.einsum("ij,ij->i", probability, logs))


def running_sums(changes: FloatArray, step: int = 16) -> FloatArray:
    """Sums over the first axis up to each row, as np.cumsum gives, in whole rows at a time: three times faster."""
    full = len(changes) // step * step
    tiles = changes[:full].reshape(-1, step, changes.shape[1])
    for row in range(1, step):
        tiles[:, row] += tiles[:, row - 1]
    carried = np.cumsum(tiles[:, -1], axis=0)
    tiles[1:] += carried[:-1, None]
    rest = np.cumsum(changes[full:], axis=0)
    if full:
        rest += carried[-1]
    changes[full:] = rest
    return changes
