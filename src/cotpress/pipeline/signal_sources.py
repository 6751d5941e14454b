"""Making the signal sources of a run, and asking them only for what is not stored yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from cotpress.llmlingua import LLMLingua2
from cotpress.pipeline.compression_spec import SignalSourceConfig
from cotpress.pipeline.source_kinds import SIGNAL_SOURCES
from cotpress.pruning import SignalScorer, skip_scoring
from cotpress.signals import SignalStore, load_or_score, score_and_validate
from cotpress.types import Rejected, Signals, SignalSource, Trace

# Signals are stored a batch at a time, so a model's batches are small enough to lose little at a stop.
MODEL_BATCH_SIZE = 64
ARRAY_BATCH_SIZE = 512


def make_source(config: SignalSourceConfig, rows: Iterable[Trace | Rejected] = ()) -> SignalSource:
    """The source that `config` names. The n-gram model is fitted on `rows` in one pass; a model is loaded later.

    Raises:
        OptionError: the source is "llmlingua", which scores for itself.
        MissingExtraError: the source's library is not installed.
        ModelError: the model cannot be found.

    >>> sorted(make_source(SignalSourceConfig("ngram"), [Trace("1", "2+3?", "2+3=5.")]).provides)
    ['entropy', 'nll']
    """
    kind = SIGNAL_SOURCES.get_entry(config.source)
    more = ((config.steps,) if kind.cuts_steps else ()) + ((config.server,) if kind.asks_server else ())
    return kind.make(config.model, rows, *more)


@lru_cache(maxsize=1)  # a worker does many shards with it
def make_package_model(config: SignalSourceConfig) -> LLMLingua2:
    """The saliency model that is used as the `llmlingua` package uses it. Nothing is loaded yet."""
    return LLMLingua2(config.model)


def choose_batch_size(kinds: Iterable[str]) -> int:
    """How many traces are scored and written together, by the names of the signal sources.

    >>> choose_batch_size(["ngram"]), choose_batch_size(["ngram", "lm"])
    (512, 64)
    """
    asks_model = any(SIGNAL_SOURCES.get_entry(kind).needs_model for kind in kinds)
    return MODEL_BATCH_SIZE if asks_model else ARRAY_BATCH_SIZE


def make_scorer(sources: Sequence[SignalSource], store: Path | None) -> SignalScorer:
    """A function from traces to what each source says of each trace.

    With a `store`, signals are read from that folder where they are there, and kept in it otherwise; so are the answers
    of a server. A trace that a source cannot score is the rejection that the source gives for it.

    >>> trace = Trace("1", "2+3?", "2+3=5.")
    >>> [[signals]] = make_scorer([make_source(SignalSourceConfig("ngram"), [trace])], None)([trace])
    >>> sorted(signals.values)
    ['entropy', 'nll']
    """
    if not sources:
        return skip_scoring
    from cotpress.served import ServedLM

    signal_store = SignalStore(store) if store is not None else None

    for source in sources:
        if store is not None and isinstance(source, ServedLM):
            source.keep_answers(store)

    def score(traces: Sequence[Trace]) -> list[Sequence[Signals] | Rejected]:
        by_source = [
            load_or_score(source, traces, signal_store) if signal_store else score_and_validate(source, traces)
            for source in sources
        ]
        return [_join_sources(said) for said in zip(*by_source, strict=True)]

    return score


def _join_sources(said: Sequence[Signals | Rejected]) -> Sequence[Signals] | Rejected:
    rejected = next((one for one in said if isinstance(one, Rejected)), None)
    return rejected or tuple(one for one in said if not isinstance(one, Rejected))
