"""Traces in, signals out: tokens, stretches of long traces, batches of short ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cotpress.signals.ngram.bigram_model import BigramModel, tokenize_prompt
from cotpress.signals.ngram.entropy import compute_entropies
from cotpress.signals.ngram.mixture import TokenBatch
from cotpress.signals.ngram.tokenizer import compute_offsets, tokenize
from cotpress.types import FloatArray, Signals, Trace

WINDOW_STRIDE = 4096  # a long trace is scored in stretches of this many tokens, each after as many read before
MAX_QUESTION_TOKENS = 2048  # tokens of the question, its end, that are read before the reasoning
BATCH_TOKENS = 1024  # short traces are read together until they have this many tokens


@dataclass(frozen=True, slots=True)
class TraceWindow:
    """Tokens of one trace, those from `first_scored` on to be scored."""

    trace_index: int
    tokens: list[str]
    first_scored: int


def score_traces(corpus: BigramModel, traces: Sequence[Trace], orders: int, entropy: bool) -> list[Signals]:
    """One `Signals` a trace, none of which the corpus was counted on."""
    names = ("nll", "entropy") if entropy else ("nll",)
    texts = [tokenize(trace.reasoning) for trace in traces]
    parts: list[list[FloatArray]] = [[np.empty((len(names), 0))] for _ in traces]
    size = BATCH_TOKENS if entropy else 16 * BATCH_TOKENS  # entropies take a batch's tokens times its types
    for batch in _group_windows(_split_windows(traces, texts), size):
        for stretch, values in zip(batch, _compute_values(corpus, batch, orders, entropy), strict=True):
            parts[stretch.trace_index].append(values)
    return [
        Signals(compute_offsets(tokens), dict(zip(names, np.concatenate(values, axis=1), strict=True)))
        for tokens, values in zip(texts, parts, strict=True)
    ]


def _split_windows(traces: Sequence[Trace], texts: Sequence[list[str]]) -> Iterator[TraceWindow]:
    """Of each trace: the question, tokens that an earlier stretch scored, and new ones."""
    for owner, (trace, tokens) in enumerate(zip(traces, texts, strict=True)):
        prompt = tokenize_prompt(trace.question)[-MAX_QUESTION_TOKENS:]
        begin = 0
        while begin < len(tokens):
            end, read = begin + (WINDOW_STRIDE if begin else 2 * WINDOW_STRIDE), max(begin - WINDOW_STRIDE, 0)
            yield TraceWindow(owner, prompt + tokens[read:end], len(prompt) + begin - read)
            begin = end


def _group_windows(stretches: Iterator[TraceWindow], size: int) -> Iterator[list[TraceWindow]]:
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


def _compute_values(
    corpus: BigramModel, stretches: Sequence[TraceWindow], orders: int, entropy: bool
) -> list[FloatArray]:
    """[signals, scored tokens] of each stretch."""
    ids = corpus.encode([token for stretch in stretches for token in stretch.tokens])
    ends = np.cumsum([len(stretch.tokens) for stretch in stretches])
    starts, first = np.append(0, ends[:-1]), stretches[0].first_scored
    batch = TokenBatch(corpus, ids, starts, orders)
    values = np.stack(
        [batch.compute_nll()[first:], compute_entropies(batch, first)] if entropy else [batch.compute_nll()[first:]]
    )
    begins = [start + stretch.first_scored - first for start, stretch in zip(starts, stretches, strict=True)]
    return [values[:, begin : end - first] for begin, end in zip(begins, ends, strict=True)]
