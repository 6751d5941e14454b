"""The blend of the corpus with what the trace has said so far: the weights, and each token's NLL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cotpress.signals.ngram_corpus import Corpus
from cotpress.signals.ngram_counts import Prior, prior_counts
from cotpress.types import FloatArray, IntArray

# Weight of the shorter context, in tokens. Plain frequency in the trace: a constant (a Dirichlet prior). A
# context seen before: the square of its distinct continuations, so that one which has always gone on in the
# same way is trusted. Method C of PPM (Moffat, 1990) has the first power; the square follows a language
# model's ranking of steps better.
ESCAPE_PLAIN = 270.0
ESCAPE_CONTEXT = 4.0


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
    def types(self) -> tuple[IntArray, IntArray]:
        """Distinct ids by first position; and each position's place among them."""
        types, first, place = np.unique(self.ids, return_index=True, return_inverse=True)
        order = np.argsort(first)
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        return types[order], rank[place]

    @cached_property
    def priors(self) -> list[Prior]:
        """What came before, for each context length."""
        return prior_counts(self.types[1], self.starts, self.orders)

    @cached_property
    def mixture(self) -> Mixture:
        """How corpus and trace are weighted at each position."""
        return Mixture.of(self.priors)

    def nll(self) -> FloatArray:
        """[n], nats."""
        corpus = self.corpus.probability(np.roll(self.ids, 1), self.ids)
        counted = (share * prior.seen for share, prior in zip(self.mixture.weight, self.priors, strict=True))
        return -np.log(sum(counted, self.mixture.base * corpus))
