"""Tokens of the n-gram model: they tile the text, in pieces about as large as a language model's."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from cotpress.types import IntArray

# Scripts written with spaces between words; any other letter is a token by itself.
_LETTERS = r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u024F\u0370-\u1FFF"
# Each alternative is bounded, so that no text makes a token without end: line breaks, one digit, a word,
# a clitic or a symbol (each with the space before it), other white space. The last one catches the rest.
_TOKEN_PATTERN = re.compile(
    rf"\n{{1,3}}|\d| ?(?:[{_LETTERS}]{{1,16}}|'(?:s|t|re|ve|m|ll|d)\b|[^\s\d])|[^\S\n]{{1,16}}",
)


def tokenize(text: str) -> list[str]:
    """Tokens in text order; joined, they are the text again. A space goes with the word or symbol after it.

    Digits are single tokens and a command like `\\frac` is two, as in the vocabularies of recent
    language models, whose ranking of steps this model is to resemble.
    """
    return _TOKEN_PATTERN.findall(text)


def compute_offsets(tokens: Sequence[str]) -> IntArray:
    """[tokens, 2]: the [start, end) characters of each token."""
    ends = np.cumsum(np.fromiter(map(len, tokens), np.int64, len(tokens)))
    return np.stack([np.concatenate([[0], ends[:-1]]), ends], axis=1) if len(ends) else np.empty((0, 2), np.int64)
