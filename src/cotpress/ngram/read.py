"""Traces in, signals out: tokens, stretches of long traces, batches of short ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cotpress.ngram.blend import Batch
from cotpress.ngram.corpus import Corpus, prompt_tokens
from cotpress.ngram.entropy import entropies
from cotpress.ngram.tokens import offsets_of, tokenize
from cotpress.types import FloatArray, Signals, Trace

STRIDE = 4096  # a long trace is scored in stretches of this many tokens, each after as many read before
QUESTION = 2048  # tokens of the question, its end, that are read before the reasoning
BATCH = 1024  # short traces are read together until they have this many tokens


@dataclass(frozen=True, slots=True)
class Stretch:
    """Tokens of one trace, those from `start` on to be scored."""

    owner: int
    tokens: list[str]
    start: int


def read_traces(corpus: Corpus, traces: Sequence[Trace], orders: int, entropy: bool) -> list[Signals]:
    """One `Signals` a trace, none of which the corpus was counted on."""
    names = ("nll", "entropy") if entropy else ("nll",)
    texts = [tokenize(trace.reasoning) for trace in traces]
    parts: list[list[FloatArray]] = [[np.empty((len(names), 0))] for _ in traces]
    size = BATCH if entropy else 16 * BATCH  # entropies take a batch's tokens times its types
    for batch in _batches(_stretches(traces, texts), size):
        for stretch, values in zip(batch, _values(corpus, batch, orders, entropy), strict=True):
            parts[stretch.owner].append(values)
    return [
        Signals(offsets_of(tokens), dict(zip(names, np.concatenate(values, axis=1), strict=True)))
        for tokens, values in zip(texts, parts, strict=True)
    ]


def _stretches(traces: Sequence[Trace], texts: Sequence[list[str]]) -> Iterator[Stretch]:
    """Of each trace: the question, tokens that an earlier stretch scored, and new ones."""
    for owner, (trace, tokens) in enumerate(zip(traces, texts, strict=True)):
        prompt = prompt_tokens(trace.question)[-QUESTION:]
        begin = 0
        while begin < len(tokens):
            end, read = begin + (STRIDE if begin else 2 * STRIDE), max(begin - STRIDE, 0)
            yield Stretch(owner, prompt + tokens[read:end], len(prompt) + begin - read)
            begin = end


def _batches(stretches: Iterator[Stretch], size: int) -> Iterator[list[Stretch]]:
    """Lists of stretches that have `size` tokens or, the last one, fewer."""
    batch, tokens = [], 0
    for stretch in stretches:
        batch.append(stretch)
        tokens += len(stretch.tokens)
        if tokens >= size:
            yield batch
            batch, tokens = [], 0
    if batch:
        yield batch


def _values(corpus: Corpus, stretches: Sequence[Stretch], orders: int, entropy: bool) -> list[FloatArray]:
    """[signals, scored tokens] of each stretch."""
    ids = corpus.encode([token for stretch in stretches for token in stretch.tokens])
    ends = np.cumsum([len(stretch.tokens) for stretch in stretches])
    starts, first = np.append(0, ends[:-1]), stretches[0].start
    batch = Batch(corpus, ids, starts, orders)
    values = np.stack([batch.nll()[first:], entropies(batch, first)] if entropy else [batch.nll()[first:]])
    begins = [start + stretch.start - first for start, stretch in zip(starts, stretches, strict=True)]
    return [values[:, begin : end - first] for begin, end in zip(begins, ends, strict=True)]
