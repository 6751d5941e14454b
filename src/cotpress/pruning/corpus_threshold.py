"""One threshold for a whole corpus: traces that are easy by the criterion shrink more than others.

A first pass lays every block's tokens into a histogram over importance; its memory does not grow with
the corpus. The threshold is then the bin in which the corpus-wide budget runs out. Of that bin each
trace keeps the same fraction, rounded down, so ties are shared evenly and the budget is never exceeded.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from cotpress.pruning.budget import KeepRatio
from cotpress.pruning.ranking import Ranking
from cotpress.types import FloatArray, IntArray

# The leading 20 bits of a float32: sign, exponent and 11 bits of mantissa, bins 0.05% wide.
_BIN_BITS = 20


@dataclass(frozen=True, slots=True)
class ImportanceThreshold:
    """A budget: every block above `bin`, and `share` of the tokens of blocks within it."""

    bin: int
    share: Fraction
    ratio: None = None  # what one trace gets depends on the others

    def compute_target(self, ranking: Ranking) -> int:
        """The most tokens that the ranked trace may keep; depends on its importance, not only its size."""
        bins = bin_importance(ranking.importance)
        costs = ranking.costs
        within = int(costs[bins == self.bin].sum())
        return int(costs[bins > self.bin].sum()) + within * self.share.numerator // self.share.denominator

    compute_limit = compute_target


class ImportanceHistogram:
    """Collects the importance of a corpus's blocks, weighted by their tokens."""

    def __init__(self) -> None:
        self._bin_tokens: IntArray = np.zeros(1 << _BIN_BITS, dtype=np.int64)

    def add(self, ranking: Ranking) -> None:
        """Count one trace in."""
        costs = ranking.costs
        np.add.at(self._bin_tokens, bin_importance(ranking.importance), costs)

    def list_bins(self) -> tuple[IntArray, IntArray]:
        """The bins that hold tokens, and how many each: what the histogram of other traces can be merged from."""
        bins = np.flatnonzero(self._bin_tokens)
        return bins, self._bin_tokens[bins]

    def merge(self, bins: IntArray, tokens: IntArray) -> None:
        """Add the bins and tokens that `list_bins` of another histogram gave."""
        self._bin_tokens[bins] += tokens

    def find_threshold(self, keep: KeepRatio) -> ImportanceThreshold:
        """The threshold at which the corpus keeps at most `keep` of its tokens."""
        budget = keep.apply_to(int(self._bin_tokens.sum()))
        above = np.cumsum(self._bin_tokens[::-1])[::-1] - self._bin_tokens
        bin_ = int(np.argmax(above <= budget))
        share = Fraction(budget - int(above[bin_]), max(int(self._bin_tokens[bin_]), 1))
        return ImportanceThreshold(bin_, min(share, Fraction(1)))


def bin_importance(importance: FloatArray) -> IntArray:
    """Bin numbers that rise with importance, shape [n], in 0..2**20-1."""
    raw = (importance.astype(np.float32) + np.float32(0)).view(np.uint32)  # -0.0 becomes 0.0
    negative = raw >> 31 == 1
    return (np.where(negative, ~raw, raw | np.uint32(0x80000000)) >> (32 - _BIN_BITS)).astype(np.int64)
