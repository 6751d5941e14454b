"""Finding the words of a shortened text in the original, in order. Pure functions over words as offsets."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cotpress.types import IntArray

# A word, a LaTeX command, a run of digits or one symbol; scripts without spaces give one word a character.
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\\?[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+|\d+|\S"
)
_ENDING = re.compile(r"(?<=[a-z]{3})(?:ing|ed|es|s|e)$")
_PAIR_BITS = 26  # bits for the number of a pair of equal words
MAX_PAIRS, MAX_WORDS = 1 << _PAIR_BITS, 1 << 17


@dataclass(frozen=True, slots=True, eq=False)
class TextWords:
    """The words of a text: `spans` [n, 2] are their characters, `keys` [n] what they are compared by."""

    spans: IntArray
    keys: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.keys)


def split_words(text: str) -> TextWords:
    """Cut a text into words. Keys ignore case and the commonest English endings ("Adding" meets "adds")."""
    words = list(_WORD.finditer(text))
    spans = np.array([word.span() for word in words], dtype=np.int64).reshape(-1, 2)
    return TextWords(spans, tuple(_ENDING.sub("", word.group().casefold()) for word in words))


def align_words(original: Sequence[str], shortened: Sequence[str]) -> IntArray | None:
    """For each word of `shortened` its place in `original`, -1 where it has none; places ascend strictly.

    The words found are as many as can be; among such alignments, the one in which most follow their neighbour
    directly. So words come from the sentence that was kept, not from an earlier one that happens to share them.
    None where more than 2^26 pairs of words are equal, or a text has more than 2^17 words.
    """
    places = _index_words(original)
    nowhere = np.zeros(0, dtype=np.int64)
    columns = [places.get(word, nowhere) for word in shortened]
    ends = np.cumsum([0, *map(len, columns)])
    if ends[-1] >= MAX_PAIRS or max(len(original), len(shortened)) > MAX_WORDS:
        return None
    last, before = _find_best_chain(len(original), columns)
    return _trace_back(last, before, columns, ends.tolist())


def _index_words(words: Sequence[str]) -> dict[str, IntArray]:
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        places.setdefault(word, []).append(place)
    return {word: np.array(places, dtype=np.int64) for word, places in places.items()}


def _find_best_chain(length: int, columns: Sequence[IntArray]) -> tuple[int, list[IntArray]]:
    """The last pair of the best chain of pairs, and for each column the pair before each of its own (0: none).

    Pairs (shortened word, place) are numbered from 1 in order. Dynamic programming, one shortened word at a time
    for all its places at once. A chain is worth `weight` a pair, and 1 for each that follows its neighbour directly;
    its worth and the number of its last pair share one integer, so that one maximum carries both.
    """
    weight = len(columns) + 1
    best = np.zeros(length + 1, dtype=np.int64)  # best[i]: of the chains within the first i original words
    touching = np.full(length + 1, -1, dtype=np.int64)  # touching[i]: of those that end at the last pair's word i - 1
    before: list[IntArray] = []
    first, touched = 1, np.zeros(0, dtype=np.int64)
    for column in columns:
        apart, joined = best[column] + (weight << _PAIR_BITS), touching[column]
        chain = np.maximum(apart, np.where(joined >= 0, joined + ((weight + 1) << _PAIR_BITS), -1))
        before.append((chain & (MAX_PAIRS - 1)).astype(np.int32))
        touching[touched] = -1
        if len(column):
            numbered = (chain >> _PAIR_BITS << _PAIR_BITS) | np.arange(first, first + len(column))
            touched = column + 1
            touching[touched] = numbered
            best[touched] = np.maximum(best[touched], numbered)
            rest = best[column[0] :]
            np.maximum.accumulate(rest, out=rest)
        first += len(column)
    return int(best[-1]) & (MAX_PAIRS - 1), before


def _trace_back(last: int, before: Sequence[IntArray], columns: Sequence[IntArray], ends: list[int]) -> IntArray:
    """Follow a chain back from its last pair."""
    aligned = np.full(len(columns), -1, dtype=np.int64)
    while last:
        word = bisect_left(ends, last) - 1
        place = last - ends[word] - 1
        aligned[word] = columns[word][place]
        last = int(before[word][place])
    return aligned
