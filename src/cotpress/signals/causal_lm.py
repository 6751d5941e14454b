"""NLL and entropy of each token under a causal LM, from one teacher-forced forward pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Unpack

import numpy as np

from cotpress.models import ModelLoader, ModelSettings, ModelSpec, make_model_spec
from cotpress.signals.lm_head import LMHead, compute_nll_and_entropy, compute_nll_and_rank
from cotpress.signals.loaded_lm import LoadedLM, load_lm
from cotpress.signals.scoring_sequences import plan_sequences
from cotpress.signals.trace_encoding import encode_texts
from cotpress.types import Signals, Trace

if TYPE_CHECKING:
    from torch import Tensor

CAUSAL_LM_VERSION = "1"  # raised whenever the numbers change for the same model and trace


class LM:
    """Any Hugging Face causal LM: a hub id, a folder, or a `.gguf` file.

    The reasoning is conditioned on the question through the model's chat template (plainly, where it
    has none). A trace that does not fit the context is read in windows: the prompt, its question cut
    from the left to a quarter of the context where it is longer, then a quarter of the context
    repeated, then new tokens. Weights are loaded when something is scored, not before.

    Args:
        model: a ModelSpec, which then says everything; or a hub id, a folder or a file.
        settings: the other fields of ModelSpec: revision, device, dtype, limits, trust_remote_code.

    Raises:
        ModelError: on `identity` and `score`, for a model that cannot be found, loaded or used.
        MissingExtraError: likewise, where torch or transformers is not installed.
    """

    provides = frozenset({"nll", "entropy"})
    _kind: ClassVar[str] = "lm"
    _names: ClassVar[tuple[str, str]] = ("nll", "entropy")

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
            "source": self._kind,
            "policy": CAUSAL_LM_VERSION,
            **self._loader.identity,
            "prompt": "chat template" if self._loader.resolved.has_chat_template else "plain",
            "context": f"{self._loader.spec.limits}, overlap 1/4, question up to 1/4",
        }

    def score(self, traces: Sequence[Trace]) -> list[Signals]:
        """One `Signals` a trace with what the source provides, in the order given; "nll" and "entropy" in nats."""
        tokenizer = self._loaded.prompter.tokenizer
        encoded = encode_texts(tokenizer, [trace.reasoning for trace in traces])
        jobs = [
            list(plan_sequences(self._loaded.prompter, trace, ids, self._loaded.context))
            for trace, (ids, _) in zip(traces, encoded, strict=True)
        ]
        values = iter(self._loaded.runner.run([job for of_trace in jobs for job in of_trace], self._measure))
        signals = []
        for (_, offsets), of_trace in zip(encoded, jobs, strict=True):
            parts = [next(values) for _ in of_trace]
            rows = np.concatenate([np.empty((2, 0)), *parts], axis=1)
            signals.append(Signals(offsets, dict(zip(self._names, rows, strict=True))))
        return signals

    def _measure(self, hidden: Tensor, targets: Tensor, head: LMHead) -> tuple[Tensor, Tensor]:
        return compute_nll_and_entropy(hidden, targets, head)

    @cached_property
    def _loaded(self) -> LoadedLM:
        return load_lm(self._loader)


class RankLM(LM):
    """The same model, saying of each token its NLL in nats and its rank in the model's distribution, 1 to 100.

    Rank 1 is the token that the model thinks the likeliest; ranks beyond 100 are 100.
    """

    provides = frozenset({"nll", "rank"})
    _kind = "lm-rank"
    _names = ("nll", "rank")

    def _measure(self, hidden: Tensor, targets: Tensor, head: LMHead) -> tuple[Tensor, Tensor]:
        return compute_nll_and_rank(hidden, targets, head)
