"""P(keep) of each token from a token classifier in the style of LLMLingua-2 (Pan et al., arXiv 2403.12968, section 4).

The reasoning is classified alone, as there. Two things differ from the `llmlingua` package on purpose:
the special tokens are the model's own (the package feeds XLM-R `<unk>` where `<s>` and `</s>` belong),
and windows overlap, so that no token is judged without its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from cotpress.models import Limits, Wanted
from cotpress.signals.classifier import Classifier, as_classifier
from cotpress.signals.encoding import encode_texts
from cotpress.types import Signals, Trace

POLICY = "2"  # raised whenever the numbers change for the same model and trace


class Saliency:
    """A BERT or XLM-R token classifier with two labels: a hub id or a folder.

    The label that means keep is the one whose name says so (keep, preserve), else label 1, as in
    LLMLingua-2. A trace longer than the model's positions is read in windows of like length that overlap by a
    sixteenth; each token counts where it lies furthest from a window's edge. Weights are loaded when
    something is scored, not before.

    Raises:
        ModelError: on `identity` and `score`, for a model that cannot be found, loaded or used.
        MissingExtra: likewise, where torch or transformers is not installed.
    """

    provides = frozenset({"keep_probability"})

    def __init__(
        self,
        model: str | Path,
        *,
        revision: str | None = None,
        device: str | None = None,
        dtype: str | None = None,
        limits: Limits | None = None,
        trust_remote_code: bool = False,
    ) -> None:
        self._wanted = Wanted(model, revision, device, dtype, limits or Limits(), trust_remote_code)

    @cached_property
    def identity(self) -> Mapping[str, str]:
        """Known from the files alone: no weights, no tokenizer is loaded."""
        return {
            "source": "saliency",
            "policy": POLICY,
            **self._wanted.identity,
            "context": f"{self._wanted.limits}, overlap 1/16, reasoning alone",
        }

    def score(self, traces: Sequence[Trace]) -> list[Signals]:
        """One `Signals` a trace with "keep_probability" in 0..1, in the order given."""
        tokenizer, classifier = self._ready
        encoded = encode_texts(tokenizer, [trace.reasoning for trace in traces])
        windows = [classifier.windows(len(ids)) for ids, _ in encoded]
        spans = [ids[w.begin : w.end] for (ids, _), of_trace in zip(encoded, windows, strict=True) for w in of_trace]
        values = iter(classifier.run(spans))
        signals = []
        for (_, offsets), of_trace in zip(encoded, windows, strict=True):
            parts = [next(values)[w.first - w.begin : w.last - w.begin] for w in of_trace]
            signals.append(Signals(offsets, {"keep_probability": np.concatenate([np.empty(0), *parts])}))
        return signals

    @cached_property
    def _ready(self) -> tuple[object, Classifier]:
        wanted = self._wanted
        tokenizer, model = wanted.load_tokenizer(), wanted.load_model("AutoModelForTokenClassification")
        return tokenizer, as_classifier(model, tokenizer, wanted.origin.name, wanted.limits)
