"""The n-gram source against a slow, plain reference of its one distribution, and how it behaves on traces."""

from __future__ import annotations

import math
import random
from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cotpress.errors import OptionError
from cotpress.signals import NGram, ngram
from cotpress.signals.ngram_blend import ESCAPE_CONTEXT, ESCAPE_PLAIN
from cotpress.signals.ngram_corpus import PAIR_WEIGHT, Corpus, prompt_tokens
from cotpress.signals.ngram_sample import Sample, digest
from cotpress.signals.ngram_spelling import CODE_POINTS, Spelling
from cotpress.signals.ngram_tokens import offsets_of, tokenize
from cotpress.types import Signals, SignalSource, Trace

WORDS = ["so", "then", "x", "y", "=", "+", "1", "2", "wait", ",", ".", "\n\n", "sum"]


def made(number: int, seed: int = 0, length: int = 60) -> list[Trace]:
    """Small traces of a small vocabulary, with a few words of their own."""
    random_ = random.Random(seed)
    traces = []
    for index in range(number):
        words = [*WORDS, f"w{index}", f"novel{'abc'[index % 3]}"]
        text = " ".join(random_.choices(words, k=length))
        traces.append(Trace(str(index), f"What is w{index} + x?", text))
    return traces


class Reference:
    """The distribution at one position, written down as the formulas say it, for a dictionary of tokens."""

    def __init__(self, corpus: list[Trace], orders: int) -> None:
        self.orders = orders
        self.single: Counter[str] = Counter()
        self.pairs: Counter[tuple[str, str]] = Counter()
        self.total: Counter[str] = Counter()
        words = set()
        for trace in corpus:
            prompt, tokens = prompt_tokens(trace.question), tokenize(trace.reasoning)
            words |= {*prompt, *tokens}
            self.single.update(tokens)
            for before, token in zip([prompt[-1], *tokens], tokens, strict=False):
                self.pairs[before, token] += 1
                self.total[before] += 1
        self.words = sorted(words)
        self.tokens = sum(self.single.values())
        self.novelty = (sum(count == 1 for count in self.single.values()) + 1) / (self.tokens + 1)
        self.spelling = Spelling.fit(self.words)

    def spelled(self, word: str) -> float:
        return self.novelty * math.exp(self.spelling.log_probabilities([word])[0])

    def corpus(self, before: str, word: str) -> float:
        plain = (1 - self.novelty) * self.single[word] / max(self.tokens, 1) + self.spelled(word)
        if not self.total[before]:
            return plain
        return (1 - PAIR_WEIGHT) * plain + PAIR_WEIGHT * self.pairs[before, word] / self.total[before]

    def at(self, history: list[str], word: str) -> float:
        """p(word | history), by the recursion over context lengths."""
        probability = self.corpus(history[-1], word)
        for order in range(self.orders):
            after = self.after(history, order)
            if after:
                escape = ESCAPE_CONTEXT * len(set(after)) ** 2 if order else ESCAPE_PLAIN
                probability = (after.count(word) + escape * probability) / (len(after) + escape)
        return probability

    def after(self, history: list[str], order: int) -> list[str]:
        context = history[len(history) - order :]
        return [
            history[i] for i in range(order, len(history)) if history[i - order : i] == context and order < len(history)
        ]

    def base(self, history: list[str]) -> float:
        """What a string that neither corpus nor trace holds is worth, over its spelling's worth."""
        return self.at(history, "\0never") / self.spelled("\0never")

    def entropy(self, history: list[str]) -> tuple[float, float]:
        """Entropy, and the sum of all probabilities: the known strings one by one, the rest in closed form."""
        explicit = sorted({*self.words, *history})
        values = [self.at(history, word) for word in explicit]
        base, spelled = self.base(history), [self.spelled(word) for word in explicit]
        rest = base * (self.novelty - sum(spelled))
        # Sum of q log q over strings outside `explicit`, q = base * novelty * spelling.
        whole = base * self.novelty * (math.log(base * self.novelty) - self.spelling.entropy)
        unseen = whole - sum(base * p * math.log(base * p) for p in spelled)
        return -sum(p * math.log(p) for p in values) - unseen, sum(values) + rest


def halves(traces: list[Trace]) -> tuple[list[Trace], list[Trace]]:
    ordered = sorted(traces, key=digest)
    return ordered[: len(traces) // 2], ordered[len(traces) // 2 :]


@pytest.mark.parametrize(("number", "orders"), [(1, 5), (2, 3), (7, 5), (8, 1)])
def test_nll_and_entropy_are_those_of_one_distribution_that_sums_to_one(number: int, orders: int) -> None:
    traces = made(number)
    lower, upper = halves(traces)
    for trace, signals in zip(traces, NGram.fit(traces, trace_orders=orders).score(traces), strict=True):
        reference = Reference(lower if trace in upper else upper, orders)
        history, tokens = prompt_tokens(trace.question), tokenize(trace.reasoning)
        for place in sorted({0, 1, 2, *range(3, len(tokens), 7), len(tokens) - 1}):
            before = history + tokens[:place]
            entropy, whole = reference.entropy(before)
            assert whole == pytest.approx(1.0, abs=1e-9)
            assert signals.values["nll"][place] == pytest.approx(
                -math.log(reference.at(before, tokens[place])), abs=1e-6
            )
            assert signals.values["entropy"][place] == pytest.approx(entropy, abs=1e-6)
