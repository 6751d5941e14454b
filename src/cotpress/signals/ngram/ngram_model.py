"""NLL and entropy of each token under an n-gram model that adapts to the trace while reading it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from cotpress.errors import OptionError
from cotpress.signals.ngram.bigram_model import BigramModel
from cotpress.signals.ngram.corpus_sample import CorpusSample, compute_digest
from cotpress.signals.ngram.trace_scoring import score_traces
from cotpress.types import Signals, Trace

MAX_SAMPLE_CHARS = 4_000_000  # of reasoning that is sampled
NGRAM_VERSION = "1"  # raised whenever the numbers change for the same corpus and trace


class NGram:
    """Corpus frequencies blended, PPM-style, with what the question and the trace itself have said so far.

    Restatement is cheap and new content dear, as for a large model. The corpus is split in halves by
    content, and each trace is scored with the half that it isn't in, so no trace predicts itself.
    Nothing is downloaded. Counting is put off until something is scored.
    """

    def __init__(self, sample: CorpusSample, *, trace_orders: int = 5, entropy: bool = True) -> None:
        if trace_orders < 1:
            raise OptionError(f"trace_orders is {trace_orders}.", "Give 1 or more context lengths, 5 by default.")
        self._sampled_texts = sample.list_by_digest()
        self._orders, self._entropy = trace_orders, entropy
        self.provides = frozenset({"nll", "entropy"} if entropy else {"nll"})

    def __repr__(self) -> str:
        return f"NGram(of {len(self._sampled_texts):,} texts, {self._orders} context lengths)"

    @classmethod
    def fit(
        cls, traces: Iterable[Trace], *, trace_orders: int = 5, entropy: bool = True, max_chars: int = MAX_SAMPLE_CHARS
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
        sample = CorpusSample(max_chars)
        sample.add(traces)
        return cls(sample, trace_orders=trace_orders, entropy=entropy)

    @property
    def reads(self) -> frozenset[str]:
        """What the signals depend on besides the model."""
        return frozenset({"system", "question", "reasoning"})

    @cached_property
    def identity(self) -> Mapping[str, str]:
        """The settings, and a hash of the sampled corpus."""
        content = hashlib.blake2b(
            b"".join(number.to_bytes(8, "big") for number, _ in self._sampled_texts), digest_size=16
        )
        return {
            "source": "ngram",
            "version": NGRAM_VERSION,
            "trace_orders": str(self._orders),
            "signals": " ".join(sorted(self.provides)),
            "corpus": content.hexdigest(),
        }

    def score(self, traces: Sequence[Trace]) -> list[Signals]:
        """One `Signals` a trace with "nll" and, unless it was left out, "entropy", both in nats."""
        border, halves = self._halves
        choices = [int(compute_digest(trace) < border) for trace in traces]
        results = []
        for half, corpus in enumerate(halves):
            its = [trace for trace, choice in zip(traces, choices, strict=True) if choice == half]
            results.append(iter(score_traces(corpus, its, self._orders, self._entropy)))
        return [next(results[choice]) for choice in choices]

    @cached_property
    def _halves(self) -> tuple[int, tuple[BigramModel, BigramModel]]:
        """The digest at which the upper half begins; the lower and the upper half."""
        middle = len(self._sampled_texts) // 2
        border = self._sampled_texts[middle][0] if self._sampled_texts else 0
        lower, upper = (
            BigramModel.fit(reasoning for _, reasoning in half)
            for half in (self._sampled_texts[:middle], self._sampled_texts[middle:])
        )
        return border, (lower, upper)
