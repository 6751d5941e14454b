"""The blend of the corpus with what the trace has said so far: the weights, and each token's NLL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cotpress.signals.ngram.bigram_model import BigramModel
from cotpress.signals.ngram.context_counts import ContextCounts, count_contexts, count_recent
from cotpress.types import FloatArray, IntArray

# What the blend has so far is worth as many tokens of the count that comes next. Plain frequency in the trace,
# then in its last RECENT tokens: a constant (a Dirichlet prior). A longer context: the square of its distinct
# continuations, so that one which has always gone on in the same way is trusted. Method C of PPM (Moffat,
# 1990) has the first power; the square follows a language model's ranking of steps better.
ESCAPE_PLAIN = 500.0
ESCAPE_RECENT = 100.0
ESCAPE_CONTEXT = 6.0
RECENT_TOKENS = 100


@dataclass(frozen=True, slots=True, eq=False)
class MixtureComponent:
    """One kind of count, by position: `seen` of this token, `total` of all, `escape_weight` the worth of the levels
    before."""

    seen: IntArray
    total: IntArray
    escape_weight: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class MixtureWeights:
    """p(w) = base * corpus(w) + sum over levels of weight * (how often w was seen).

    `corpus_weight` is [n], `component_weights` [levels, n], by position: the recursion p = (seen + escape p') /
    (total + escape), p' being the level before, multiplied out.
    """

    corpus_weight: FloatArray
    component_weights: FloatArray

    @classmethod
    def from_components(cls, levels: Sequence[MixtureComponent]) -> MixtureWeights:
        """The weights that the counts before each position give."""
        base = np.ones(len(levels[0].seen))
        weight = np.empty((len(levels), len(base)))
        for number in reversed(range(len(levels))):
            level = levels[number]
            some = level.total > 0
            whole = np.where(some, level.total + level.escape_weight, 1.0)
            weight[number] = base / whole
            base = base * np.where(some, level.escape_weight / whole, 1.0)
        return cls(base, weight)


@dataclass(frozen=True)
class TokenBatch:
    """One or several traces in a row, each behind its prompt.

    `ids` [n] are the corpus's ids, `starts` the positions where a prompt begins, 0 first; the values of a
    prompt's own tokens mean nothing. `orders` is how many context lengths are followed: 0 .. orders - 1.
    """

    corpus: BigramModel
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
    def context_counts(self) -> list[ContextCounts]:
        """What came before, for each context length."""
        return count_contexts(self.types[1], self.starts, self.orders)

    @cached_property
    def components(self) -> list[MixtureComponent]:
        """Plain, recent, then a level for each longer context."""
        plain, *contexts = self.context_counts
        recent = count_recent(self.types[1], self.starts, RECENT_TOKENS)
        flat = np.ones(len(self.ids))
        return [
            MixtureComponent(plain.seen, plain.total, ESCAPE_PLAIN * flat),
            MixtureComponent(recent, np.minimum(plain.total, RECENT_TOKENS), ESCAPE_RECENT * flat),
            *(
                MixtureComponent(one.seen, one.total, ESCAPE_CONTEXT * one.distinct.astype(np.float64) ** 2)
                for one in contexts
            ),
        ]

    @cached_property
    def mixture(self) -> MixtureWeights:
        """How corpus and trace are weighted at each position."""
        return MixtureWeights.from_components(self.components)

    def compute_nll(self) -> FloatArray:
        """[n], nats."""
        corpus = self.corpus.compute_probability(np.roll(self.ids, 1), self.ids)
        counted = (
            share * level.seen for share, level in zip(self.mixture.component_weights, self.components, strict=True)
        )
        return -np.log(sum(counted, self.mixture.corpus_weight * corpus))
