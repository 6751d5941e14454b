"""Choosing a signal source, and asking it only for what is not stored yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from cotpress.llmlingua import LLMLingua2
from cotpress.ngram import NGram
from cotpress.pipeline.job import Scoring
from cotpress.prune import Scorer, no_signals
from cotpress.signals import LM, Saliency, SignalStore, scored, sound_scores
from cotpress.types import Rejected, Signals, SignalSource, Trace

# Signals are stored a batch at a time, so a model's batches are small enough to lose little at a stop.
BATCH_MODEL = 64
BATCH_ARRAYS = 512


def make_source(kind: str, scoring: Scoring, rows: Iterable[Trace | Rejected]) -> SignalSource | None:
    """The source of that kind, None for "" and for "llmlingua", which scores for itself.

    The n-gram model is fitted on `rows` in one pass.

    Raises:
        MissingExtra: the source's library is not installed.
        ModelError: the model cannot be found.
    """
    if kind == "ngram":
        return NGram.fit(row for row in rows if isinstance(row, Trace))
    if kind in ("", "llmlingua"):
        return None
    model: type[LM | Saliency] = LM if kind == "lm" else Saliency
    return model(
        scoring.model,
        revision=scoring.revision or None,
        device=scoring.device or None,
        dtype=scoring.dtype or None,
        limits=scoring.limits,
        trust_remote_code=scoring.trust_remote_code,
    )


@lru_cache(maxsize=1)  # a worker does many shards with it
def package_model(scoring: Scoring) -> LLMLingua2:
    """The saliency model that is used as the `llmlingua` package uses it. Nothing is loaded yet."""
    return LLMLingua2(
        scoring.model,
        revision=scoring.revision or None,
        device=scoring.device or None,
        dtype=scoring.dtype or None,
    )


def batch_size(kind: str) -> int:
    """Traces scored and written together."""
    return BATCH_MODEL if kind in ("lm", "saliency", "llmlingua") else BATCH_ARRAYS


def make_scorer(source: SignalSource | None, store: Path | None) -> Scorer:
    """A function from traces to their signals, read from the store where they are there."""
    if source is None:
        return no_signals
    kept = SignalStore(store) if store is not None else None

    def score(traces: Sequence[Trace]) -> Sequence[Signals]:
        return scored(source, traces, kept) if kept is not None else sound_scores(source, traces)

    return score
