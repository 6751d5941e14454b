"""Chunks and words as the `llmlingua` package makes them from tokens. Pure functions over lists.

Source: llmlingua 0.2.2, `prompt_compressor.py` (`__chunk_context`, `__merge_token_to_word`, `__compress`) and
`utils.py` (`is_begin_of_new_word`, `get_pure_token`), for its default arguments.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float32Array = NDArray[np.float32]
MAX_POSITIONS = 512  # of every sequence, padding included
CHUNK_ENDS = frozenset({".", "\n"})  # "\n" is no token of either family: only full stops end a chunk


@dataclass(frozen=True, slots=True)
class TokenizerFamily:
    """What the package does differently for BERT and for XLM-R. `mark` is what a token says of its place in a word."""

    mark: str
    begins_word: Callable[[str], bool]

    def strip_mark(self, token: str) -> str:
        """A token without its mark; of BERT's also without any other leading '#'."""
        return token.lstrip(self.mark)


def _is_xlmr_word_start(token: str) -> bool:
    return token in string.punctuation or token.startswith("▁")  # `in`: also "./", as it stands in that row of signs


TOKENIZER_FAMILIES = {
    "bert": TokenizerFamily("##", lambda token: not token.startswith("##")),
    "xlm-roberta": TokenizerFamily("▁", _is_xlmr_word_start),
}


def split_chunks(tokens: Sequence[str]) -> Iterator[Sequence[str]]:
    """Tokens in chunks that end at a full stop, else after 511: one more than there is room for."""
    room, start = MAX_POSITIONS - 2, 0
    while start < len(tokens):
        end = start + room
        if end > len(tokens) - 1:
            yield tokens[start:]
            return
        end = next((at for at in range(end, start, -1) if tokens[at] in CHUNK_ENDS), end)
        yield tokens[start : end + 1]
        start = end + 1


def merge_words(
    tokens: Sequence[str], values: Float32Array, special: Collection[str], family: TokenizerFamily
) -> tuple[list[str], list[np.float32]]:
    """The words of a chunk and the mean P(keep) of each, in float32 and summed from the left.

    Raises:
        IndexError: the first token goes on with a word, as in the package.
    """
    words: list[str] = []
    parts: list[list[np.float32]] = []
    for token, value in zip(tokens, values, strict=True):
        if token in special:
            continue
        if family.begins_word(token):
            words.append(token)
            parts.append([value])
        else:
            words[-1] += family.strip_mark(token)
            parts[-1].append(value)
    return words, [np.float32(sum(part) / len(part)) for part in parts]


def select_words(
    words: Sequence[str], values: Sequence[np.float32], rate: float, weigh: Callable[[str], int]
) -> list[bool]:
    """Which words of a chunk stay: those strictly above a percentile of P(keep), in which a word counts `weigh` times.

    Raises:
        ValueError, IndexError: the chunk has no words, or `rate` is below a hundredth, as in the package.
    """
    repeated = np.repeat(np.array(values, np.float32), [weigh(word) for word in words])
    threshold = np.percentile(repeated, int(100 * max(0.0, 1 - rate) + 1))
    return [bool(value > threshold or threshold == 1.0 == value) for value in values]


def list_plain_words(text: str) -> list[str]:
    """The words that the package lists where nothing is to be removed."""
    return re.findall(r'\b\w+\b|[<>=/!@#$%^&*()?":{}|\\`~;_+-]', text)
