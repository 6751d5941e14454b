"""NLL and entropy of each token under a causal LM, from one teacher-forced forward pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from cotpress.models import Limits, Wanted
from cotpress.signals.encoding import Prompter, encode_texts
from cotpress.signals.lm_load import PROBE, take_apart
from cotpress.signals.lm_run import Job, Runner
from cotpress.signals.windows import causal_windows
from cotpress.types import Signals, Trace

POLICY = "1"  # raised whenever the numbers change for the same model and trace


@dataclass(frozen=True, slots=True)
class _Ready:
    prompter: Prompter
    runner: Runner
    context: int


class LM:
    """Any Hugging Face causal LM: a hub id, a folder, or a `.gguf` file.

    The reasoning is conditioned on the question through the model's chat template (plainly, where it
    has none). A trace that does not fit the context is read in windows: the prompt, its question cut
    from the left to a quarter of the context where it is longer, then a quarter of the context
    repeated, then new tokens. Weights are loaded when something is scored, not before.

    Raises:
        ModelError: on `identity` and `score`, for a model that cannot be found, loaded or used.
        MissingExtra: likewise, where torch or transformers is not installed.
    """

    provides = frozenset({"nll", "entropy"})

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
            "source": "lm",
            "policy": POLICY,
            **self._wanted.identity,
            "prompt": "chat template" if self._wanted.origin.has_chat_template else "plain",
            "context": f"{self._wanted.limits}, overlap 1/4, question up to 1/4",
        }

    def score(self, traces: Sequence[Trace]) -> list[Signals]:
        """One `Signals` a trace with "nll" and "entropy" in nats, in the order given."""
        tokenizer = self._ready.prompter.tokenizer
        encoded = encode_texts(tokenizer, [trace.reasoning for trace in traces])
        jobs = [list(self._jobs(trace, ids)) for trace, (ids, _) in zip(traces, encoded, strict=True)]
        values = iter(self._ready.runner.run([job for of_trace in jobs for job in of_trace]))
        signals = []
        for (_, offsets), of_trace in zip(encoded, jobs, strict=True):
            parts = [next(values) for _ in of_trace]
            nll, entropy = np.concatenate([np.empty((2, 0)), *parts], axis=1)
            signals.append(Signals(offsets, {"nll": nll, "entropy": entropy}))
        return signals

    def _jobs(self, trace: Trace, ids: list[int]) -> Iterator[Job]:
        """The windows of one trace, in order; together they score each of its tokens once."""
        if not ids:
            return
        context, prompter = self._ready.context, self._ready.prompter
        prompt = prompter.ids(trace)
        if len(prompt) + len(ids) > context:
            prompt = prompter.ids(trace, context // 4)
        for window in causal_windows(len(ids), context - len(prompt), context // 4):
            yield Job(prompt + ids[window.begin : window.end], len(prompt) + window.first - window.begin)

    @cached_property
    def _ready(self) -> _Ready:
        wanted, origin = self._wanted, self._wanted.origin
        tokenizer, model = wanted.load_tokenizer(), wanted.load_model("AutoModelForCausalLM")
        positions = getattr(model.config.get_text_config(), "max_position_embeddings", None)
        context = wanted.limits.room(positions, origin.name)
        [(probe, _)] = encode_texts(tokenizer, [PROBE])
        runner = take_apart(model, origin.name, wanted.limits.batch_tokens, probe)
        return _Ready(Prompter(tokenizer, origin.has_chat_template), runner, context)
