"""Counting with a named tokenizer, and laying its tokens over segments.

Without a named tokenizer cotpress counts its own units (words, numbers, symbols); that needs no file
and is what `counted_with: units` means. With one, every count is of that tokenizer's tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from cotpress.types import IntArray

UNIT_COUNTER_NAME = "units"


class TokenCounter(Protocol):
    """Counts tokens and says where they lie."""

    @property
    def name(self) -> str:
        """What an artifact records as `counted_with`."""

    def count(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, special tokens left out."""

    def find_offsets(self, text: str) -> IntArray:
        """Shape [tokens, 2]: the [start, end) characters of each token."""


@dataclass(frozen=True, eq=False)
class TokenizerCounter:
    """A `tokenizers` tokenizer behind the counting protocol."""

    name: str
    backend: Any = field(repr=False)

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(encoding) for encoding in self.backend.encode_batch(list(texts), add_special_tokens=False)]

    def find_offsets(self, text: str) -> IntArray:
        encoding = self.backend.encode(text, add_special_tokens=False)
        return np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)


def count_tokens_per_segment(offsets: IntArray, bounds: IntArray) -> IntArray:
    """How many tokens begin in each segment: shape [segments], summing to the number of tokens.

    A merged token that straddles a boundary counts where it begins, so that nothing counts twice.
    """
    segments = len(bounds) - 1
    home = np.searchsorted(bounds, offsets[:, 0], side="right") - 1
    return np.bincount(np.clip(home, 0, segments - 1), minlength=segments).astype(np.int64)
