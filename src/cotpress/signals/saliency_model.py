"""P(keep) of each token from a token classifier in the style of LLMLingua-2 (Pan et al., arXiv 2403.12968, section 4).

The reasoning is classified alone, as there. Two things differ from the `llmlingua` package on purpose:
the special tokens are the model's own (the package feeds XLM-R `<unk>` where `<s>` and `</s>` belong),
and windows overlap, so that no token is judged without its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Unpack

import numpy as np

from cotpress.models import ModelLoader, ModelSettings, ModelSpec, make_model_spec
from cotpress.signals.token_classifier import TokenClassifier, build_classifier
from cotpress.signals.trace_encoding import encode_texts
from cotpress.types import Signals, Trace

SALIENCY_VERSION = "2"  # raised whenever the numbers change for the same model and trace


class Saliency:
    """A BERT or XLM-R token classifier with two labels: a hub id or a folder.

    The label that means keep is the one whose name says so (keep, preserve), else label 1, as in
    LLMLingua-2. A trace longer than the model's positions is read in windows of like length that overlap by a
    sixteenth; each token counts where it lies furthest from a window's edge. Weights are loaded when
    something is scored, not before.

    Args:
        model: a ModelSpec, which then says everything; or a hub id, a folder or a file.
        settings: the other fields of ModelSpec: revision, device, dtype, limits, trust_remote_code.

    Raises:
        ModelError: on `identity` and `score`, for a model that cannot be found, loaded or used.
        MissingExtraError: likewise, where torch or transformers is not installed.
    """

    provides = frozenset({"keep_probability"})

    def __init__(self, model: ModelSpec | str | Path, **settings: Unpack[ModelSettings]) -> None:
        self._loader = ModelLoader(make_model_spec(model, **settings))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._loader.spec.name!r})"

    @property
    def reads(self) -> frozenset[str]:
        """What the signals depend on besides the model."""
        return frozenset({"system", "question", "reasoning"})

    @cached_property
    def identity(self) -> Mapping[str, str]:
        """Known from the files alone: no weights, no tokenizer is loaded."""
        return {
            "source": "saliency",
            "policy": SALIENCY_VERSION,
            **self._loader.identity,
            "context": f"{self._loader.spec.limits}, overlap 1/16, reasoning alone",
        }

    def score(self, traces: Sequence[Trace]) -> list[Signals]:
        """One `Signals` a trace with "keep_probability" in 0..1, in the order given."""
        tokenizer, classifier = self._loaded
        encoded = encode_texts(tokenizer, [trace.reasoning for trace in traces])
        windows = [classifier.plan_windows(len(ids)) for ids, _ in encoded]
        spans = [ids[w.begin : w.end] for (ids, _), of_trace in zip(encoded, windows, strict=True) for w in of_trace]
        values = iter(classifier.classify(spans))
        signals = []
        for (_, offsets), of_trace in zip(encoded, windows, strict=True):
            parts = [next(values)[w.first - w.begin : w.last - w.begin] for w in of_trace]
            signals.append(Signals(offsets, {"keep_probability": np.concatenate([np.empty(0), *parts])}))
        return signals

    @cached_property
    def _loaded(self) -> tuple[object, TokenClassifier]:
        loader = self._loader
        tokenizer, model = loader.load_tokenizer(), loader.load_model("AutoModelForTokenClassification")
        return tokenizer, build_classifier(model, tokenizer, loader.resolved.name, loader.spec.limits)
