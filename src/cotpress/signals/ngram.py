"""NLL and entropy of each token under an n-gram model that adapts to the trace while reading it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cotpress.errors import OptionError
from cotpress.signals.ngram_blend import Batch
from cotpress.signals.ngram_corpus import Corpus, prompt_tokens
from cotpress.signals.ngram_sample import Sample, digest
from cotpress.signals.ngram_tokens import offsets_of, tokenize
from cotpress.types import FloatArray, Signals, Trace

VERSION = "1"  # raised whenever the numbers change for the same corpus and trace
STRIDE = 4096  # a long trace is scored in stretches of this many tokens, each after as many read before
BATCH = 1024  # short traces are read together until they have this many tokens
QUESTION = 2048  # tokens of the question, its end, that are read before the reasoning


class NGram:
    """Corpus frequencies blended, PPM-style, with what the question and the trace itself have said so far.

    Restatement is cheap and new content dear, as for a large model. The corpus is split in halves by
    content, and each trace is scored with the half that it isn't in, so no trace predicts itself.
    Nothing is downloaded. Counting is put off until something is scored.
    """

    def __init__(self, sample: Sample, *, trace_orders: int = 5, entropy: bool = True) -> None:
        if trace_orders < 1:
            raise OptionError(f"trace_orders is {trace_orders}.", "Give 1 or more context lengths, 5 by default.")
        self._texts = sample.sorted()
        self._orders, self._entropy = trace_orders, entropy
        self.provides = frozenset({"nll", "entropy"} if entropy else {"nll"})

    @classmethod
    def fit(
        cls, traces: Iterable[Trace], *, trace_orders: int = 5, entropy: bool = True, max_chars: int = 4_000_000
    ) -> NGram:
        """Fit on traces in one pass, in bounded memory.

        `trace_orders` is how many context lengths are followed within a trace: 0 .. trace_orders - 1
        tokens. Without `entropy` only the NLL is computed, several times faster. The corpus is the
        sample of traces with the smallest content hashes that together hold `max_chars` characters
        of reasoning, whatever the order of the rows.

        Raises:
            OptionError: trace_orders or max_chars below 1.
        """
        if max_chars < 1:
            raise OptionError(f"max_chars is {max_chars}.", "Give 1 or more characters, 4000000 by default.")
        sample = Sample(max_chars)
        sample.add(traces)
        return cls(sample, trace_orders=trace_orders, entropy=entropy)

    @cached_property
    def identity(self) -> Mapping[str, str]:
        """The settings, and a hash of the sampled corpus."""
        content = hashlib.blake2b(b"".join(number.to_bytes(8, "big") for number, _, _ in self._texts), digest_size=16)
        return {
            "source": "ngram",
            "version": VERSION,
            "trace_orders": str(self._orders),
            "signals": " ".join(sorted(self.provides)),
            "corpus": content.hexdigest(),
        }

    def score(self, traces: Sequence[Trace]) -> list[Signals]:
        """One `Signals` a trace with "nll" and, unless it was left out, "entropy", both in nats."""
        texts = [tokenize(trace.reasoning) for trace in traces]
        parts: list[list[FloatArray]] = [[np.empty((len(self.provides), 0))] for _ in traces]
        for upper, pieces in self._batches(traces, texts):
            for piece, values in zip(pieces, self._values(upper, pieces), strict=True):
                parts[piece.owner].append(values)
        return [
            Signals(offsets_of(tokens), dict(zip(("nll", "entropy"), np.concatenate(values, axis=1), strict=False)))
            for tokens, values in zip(texts, parts, strict=True)
        ]

    @cached_property
    def _halves(self) -> tuple[int, tuple[Corpus, Corpus]]:
        """The digest at which the upper half begins; the lower and the upper half."""
        middle = len(self._texts) // 2
        border = self._texts[middle][0] if self._texts else 0
        lower, upper = (
            Corpus.fit((question, reasoning) for _, question, reasoning in half)
            for half in (self._texts[:middle], self._texts[middle:])
        )
        return border, (lower, upper)

    def _batches(self, traces: Sequence[Trace], texts: Sequence[list[str]]) -> Iterator[tuple[bool, list[_Piece]]]:
        """Pieces scored together, and whether with the upper half."""
        border, _ = self._halves
        size = BATCH if self._entropy else 16 * BATCH
        waiting: dict[bool, list[_Piece]] = {False: [], True: []}
        for owner, (trace, tokens) in enumerate(zip(traces, texts, strict=True)):
            upper = digest(trace) < border
            for piece in _pieces(owner, prompt_tokens(trace.question)[-QUESTION:], tokens):
                waiting[upper].append(piece)
                if sum(len(one.tokens) for one in waiting[upper]) >= size:
                    yield upper, waiting.pop(upper)
                    waiting[upper] = []
        yield from ((upper, pieces) for upper, pieces in waiting.items() if pieces)

    def _values(self, upper: bool, pieces: Sequence[_Piece]) -> list[FloatArray]:
        """[signals, scored tokens] of each piece."""
        corpus = self._halves[1][upper]
        ids, frequency = corpus.encode([token for piece in pieces for token in piece.tokens])
        ends = np.cumsum([len(piece.tokens) for piece in pieces])
        starts = np.append(0, ends[:-1])
        batch = Batch(corpus, ids, frequency, starts, self._orders)
        first = pieces[0].start
        values = batch.nll()[None, first:]
        if self._entropy:
            values = np.concatenate([values, batch.entropy(first)[None]])
        spans = zip(starts, ends, pieces, strict=True)
        return [values[:, start + piece.start - first : end - first] for start, end, piece in spans]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Tokens of one trace, those from `start` on to be scored."""

    owner: int
    tokens: list[str]
    start: int


def _pieces(owner: int, prompt: list[str], tokens: list[str]) -> Iterator[_Piece]:
    """The prompt, tokens that an earlier piece scored, and new ones."""
    begin = 0
    while begin < len(tokens):
        end, read = begin + (STRIDE if begin else 2 * STRIDE), max(begin - STRIDE, 0)
        yield _Piece(owner, prompt + tokens[read:end], len(prompt) + begin - read)
        begin = end
