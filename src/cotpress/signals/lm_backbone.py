"""Hidden states of a causal LM, a long sequence piece by piece, so that memory stays level."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cotpress.errors import import_optional

if TYPE_CHECKING:
    from torch import Tensor

MAX_PIECE_TOKENS = 4096  # tokens of a row run at once
MAX_MASK_ENTRIES = 1 << 21  # entries of an attention mask: a piece gets shorter the more it looks back on


@dataclass(frozen=True, slots=True, eq=False)
class LMBackbone:
    """A causal LM without its head. `supports_cache` says whether it can be run piece by piece with a cache.

    `max_piece_tokens` caps a piece; None is `MAX_PIECE_TOKENS`.

    Attention is the library's own fused kernel, which never builds a [tokens, tokens] matrix; a piece
    that looks back on a cache needs a mask, which is why pieces shrink as the cache grows.
    """

    model: Any
    supports_cache: bool = True
    max_piece_tokens: int | None = None

    def compute_hidden_states(self, ids: Tensor) -> Iterator[tuple[int, Tensor]]:
        """Pairs of a position and the hidden states from there on; `ids` has shape [rows, tokens].

        Rows may be padded on the right with anything: no token looks to its right.
        """
        tokens, longest = ids.shape[1], self.max_piece_tokens or MAX_PIECE_TOKENS
        if not self.supports_cache or tokens <= longest:
            yield 0, self.model(input_ids=ids, use_cache=False).last_hidden_state
            return
        cache, at = import_optional("transformers", "lm").DynamicCache(config=self.model.config), 0
        while at < tokens:
            piece = ids[:, at : at + compute_piece_length(at, longest)]
            yield at, self.model(input_ids=piece, past_key_values=cache, use_cache=True).last_hidden_state
            at += piece.shape[1]


def compute_piece_length(seen: int, longest: int) -> int:
    """The most tokens n, up to `max_piece_tokens` and at least 32, for which a mask of n x (seen + n) stays within
    `MAX_MASK_ENTRIES`.

    The first piece looks back on nothing and needs no mask.
    """
    if not seen:
        return longest
    return min(longest, max(32, int((math.sqrt(seen * seen + 4 * MAX_MASK_ENTRIES) - seen) / 2)))
