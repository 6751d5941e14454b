"""What every source's numbers must be before anything is built on them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from cotpress.errors import ModelError
from cotpress.types import IntArray, Rejected, Signals, SignalSource, Trace


def score_and_validate(source: SignalSource, traces: Sequence[Trace]) -> list[Signals | Rejected]:
    """The source's signals of `traces`, looked at one by one. Values have float32 precision. Rejections go through.

    Raises:
        ModelError: one is missing, of a wrong shape, not finite, or its offsets lie outside the text.

    >>> from cotpress.signals.ngram import NGram
    >>> traces = [Trace("1", "2+3?", "Two and three make five.", "5")]
    >>> [signals] = score_and_validate(NGram.fit(traces), traces)
    >>> sorted(signals.values)
    ['entropy', 'nll']
    """
    results = list(source.score(traces))
    if len(results) != len(traces):
        raise ModelError(
            f"The signal source gave {len(results)} results for {len(traces)} traces.",
            "Its score(traces) gives one Signals a trace, in order.",
        )
    return [
        signals if isinstance(signals, Rejected) else validate_signals(trace, signals, source.provides)
        for trace, signals in zip(traces, results, strict=True)
    ]


def validate_signals(trace: Trace, signals: Signals, provides: Collection[str]) -> Signals:
    """The signals of one trace as they will be read back from a store.

    Raises:
        ModelError: see `score_and_validate`; the message names the trace.
    """
    offsets = _validate_offsets(trace, signals)
    values = {}
    for name in sorted(provides):
        given = np.asarray(signals.values.get(name, ()), dtype=np.float32).astype(np.float64)
        if given.shape != (len(offsets),):
            raise ModelError(
                f"The source gave {given.size} values of '{name}' for the {len(offsets)} tokens of trace '{trace.id}'.",
                "It provides one value a token for each name in `provides`.",
            )
        if not np.isfinite(given).all():
            raise ModelError(
                f"The model gave a value of '{name}' that is not finite in trace '{trace.id}'.",
                "Give another dtype, such as float32, or leave the trace out.",
            )
        values[name] = given
    return Signals(offsets, values)


def _validate_offsets(trace: Trace, signals: Signals) -> IntArray:
    if not isinstance(signals, Signals):
        raise ModelError(f"The source gave a {type(signals).__name__} for trace '{trace.id}'.", "It gives Signals.")
    offsets = np.asarray(signals.offsets)
    if offsets.ndim != 2 or offsets.shape[1] != 2 or not np.issubdtype(offsets.dtype, np.integer):
        raise ModelError(
            f"The offsets of trace '{trace.id}' have shape {offsets.shape} and type {offsets.dtype}.",
            "They are whole numbers of shape [tokens, 2]: the [start, end) characters of each token.",
        )
    if len(offsets) and (offsets.min() < 0 or offsets.max() > len(trace.reasoning)):
        raise ModelError(
            f"The tokens of trace '{trace.id}' lie outside its text.", "Use a model with a sound tokenizer."
        )
    return offsets.astype(np.int64)
