"""How unseen tokens are spelled: a character chain whose entropy over all strings has a closed form."""

from __future__ import annotations

import math
import string
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np

from cotpress.types import FloatArray, IntArray

CODE_POINTS = 0x110000
ALPHABET = 256  # characters with a row of their own; all others share one
PRIOR = 4.0  # weight, in characters, of the plain character frequencies in each row


@dataclass(frozen=True)
class Spelling:
    """A distribution over all non-empty strings: a first-order Markov chain that ends a word at any point.

    `alphabet` holds sorted code points; `steps` [A + 2, A + 2] the probabilities of the next class after
    each class. Class 0 is the boundary of a word, class A + 1 any character outside the alphabet, each
    equally likely.
    """

    alphabet: IntArray
    steps: FloatArray

    @classmethod
    def fit(cls, words: Sequence[str]) -> Spelling:
        """Count characters after characters over distinct words; printable ASCII is always known."""
        common = Counter("".join(words)).most_common(ALPHABET - len(string.printable))
        letters = {*string.printable, *(letter for letter, _ in common)}
        alphabet = np.array(sorted(map(ord, letters)), dtype=np.int64)
        classes, size = _classes(words, alphabet), len(alphabet) + 2
        counts = np.bincount(classes[:-1] * size + classes[1:], minlength=size * size).reshape(size, size)
        plain = np.tile(counts.sum(axis=0) + 1.0, (size, 1))
        plain[0, 0] = 0.0  # no word is empty
        smooth = counts + PRIOR * plain / plain.sum(axis=1, keepdims=True)
        return cls(alphabet, smooth / smooth.sum(axis=1, keepdims=True))

    @property
    def others(self) -> int:
        """How many code points share the last class."""
        return CODE_POINTS - len(self.alphabet)

    def log_probabilities(self, words: Sequence[str]) -> FloatArray:
        """[words]: log of the probability of each non-empty string, in nats."""
        if not words:
            return np.empty(0)
        classes = _classes(words, self.alphabet)
        spelled = np.log(self.steps[classes[:-1], classes[1:]])
        spelled -= np.where(classes[1:] == len(self.alphabet) + 1, math.log(self.others), 0.0)
        return cast(FloatArray, np.add.reduceat(spelled, np.flatnonzero(classes[:-1] == 0)))

    @cached_property
    def entropy(self) -> float:
        """Nats, over all strings: each class's entropy times how often a word is expected to visit it.

        Expected visits before absorption: Kemeny and Snell, Finite Markov Chains, 1960, chapter 3.
        """
        visits = np.linalg.solve(np.eye(len(self.steps) - 1) - self.steps[1:, 1:].T, self.steps[0, 1:])
        surprise = -self.steps * np.log(np.where(self.steps > 0, self.steps, 1.0))
        chain = np.concatenate([[1.0], visits]) @ surprise.sum(axis=1)
        return float(chain + visits[-1] * math.log(self.others))


def _classes(words: Iterable[str], alphabet: IntArray) -> IntArray:
    """The classes of all words in a row, a 0 before each word and after the last."""
    words = list(words)
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    codes = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    places = np.minimum(np.searchsorted(alphabet, codes), len(alphabet) - 1)
    classes = np.zeros(len(codes) + len(words) + 1, np.int64)
    after = np.arange(len(codes)) + np.repeat(np.arange(len(words)), lengths) + 1
    classes[after] = np.where(alphabet[places] == codes, places + 1, len(alphabet) + 1)
    return classes
